import { setTimeout as pause } from 'node:timers/promises';
import { Tally } from './account.mjs';
import { Phone } from './phone.mjs';

/**
 * Some of the phones, in a process of their own: so many that no process is busy with what it measures. Told by messages of
 * its parent what to do; answers `standing`, `settled` and `verdict`.
 */
const { url, from, count, communes, rampMs, client } = JSON.parse(process.argv[2]);
const { resuming, PATIENT } = await import(client);

const LOOK_MS = 200;
const LATEST_MS = 90_000;
const FOLLOWS_ALL = 0.4;
const BY_EVENT_STREAM = 0.4;

const tally = new Tally();
const waits = [];
const shared = { url, resuming, PATIENT, tally, waits };
const phones = [];

/** Every hundredth phone says what its hundred are: the same mixture in each process. */
const phoneOf = (number) =>
  new Phone(shared, {
    commune: communes[number % communes.length],
    followsAll: (number * 7) % 100 < FOLLOWS_ALL * 100,
    byEventStream: (number * 31) % 100 < BY_EVENT_STREAM * 100,
  });

/** Whether all phones come to be so, before it is too late. */
async function all(isSo) {
  for (const until = performance.now() + LATEST_MS; performance.now() < until; await pause(LOOK_MS))
    if (phones.every(isSo)) return true;
  return false;
}

async function settle() {
  for (const phone of phones) phone.settle();
  if (!(await all(({ isThere }) => isThere))) tally.add('did not come back', phones.filter((it) => !it.isThere).length);
  process.send({ settled: true });
}

/** What all phones heard, beside what the journal has for their filters. */
async function judge(expected) {
  await all(({ heard, filter }) => heard.hasAll(expected[filter]));
  const heard = new Tally();
  for (const phone of phones) heard.addAll(phone.heard.against(expected[phone.filter]));
  process.send({ verdict: { heard: heard.counts, tally: tally.counts, waits: waits.map((ms) => +ms.toFixed(1)) } });
}

process.on('message', ({ cut, settle: mustSettle, expected, end }) => {
  if (cut) for (const phone of phones) if (Math.random() < cut.share) phone.cut(Math.random() * cut.withinMs);
  if (mustSettle) void settle();
  if (expected) void judge(expected);
  if (end) process.exit(0);
});

for (let at = 0; at < count; at += 1) {
  phones.push(phoneOf(from + at));
  await pause(rampMs / count);
}
if (!(await all(({ heard }) => heard.begun !== undefined)))
  tally.add('never stood', phones.filter(({ heard }) => heard.begun === undefined).length);
process.send({ standing: true });
