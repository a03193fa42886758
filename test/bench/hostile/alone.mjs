import { setTimeout as pause } from 'node:timers/promises';
import { say } from '../harness.mjs';
import { change } from '../hub.mjs';
import { openJournal } from '../journal.mjs';
import { addressesOf, cardsOf } from './alone/addresses.mjs';
import { BODIES } from './alone/bodies.mjs';
import { documentsOf } from './alone/documents.mjs';
import { Meter } from './alone/measure.mjs';
import { refusalIn, send } from './alone/requests.mjs';
import { streamsOf } from './alone/streams.mjs';
import { print, rowOf } from './alone/table.mjs';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const ENTRIES = Number(process.env.BENCH_ENTRIES ?? 1_000);
const WARM_ROUNDS = 2;
const SETTLE_MS = 150;
const ENCODINGS = ['identity', 'br', 'br'];

/** What is public, for documents and addresses that name it. */
async function factsOf(hub, database, { communes, storms }) {
  const start = (await hub.ask(undefined, '{ changes(first: 1) { endCursor } }')).changes.endCursor;
  const journal = await openJournal(database);
  await journal.confirm(storms[0].id, ENTRIES);
  await journal.end();
  await pause(1_000);
  const { publications, incidents, alerts } = await hub.ask(
    undefined,
    `{ publications(first: 100) { nodes { id kind: __typename } } incidents(first: 1) { nodes { id } }
       alerts(first: 100) { nodes { capUrl } } }`,
  );
  const event = publications.nodes.find(({ kind }) => kind.startsWith('Event'));
  return {
    communes,
    commune: communes[0],
    publication: storms[0].id,
    alert: storms[0].id,
    event: event.id,
    incident: incidents.nodes[0]?.id ?? storms[0].id,
    messages: alerts.nodes.map(({ capUrl }) => new URL(capUrl).pathname),
    start,
  };
}

/** Each kind of anonymous request: `prepare` has it made anew, `deeds` are sent one by one, and the dearest of them counts. */
async function kindsOf(hub, database, { communes, storms }) {
  const facts = await factsOf(hub, database, { communes, storms });
  const [{ FEEDS }, { LIMITS }] = await Promise.all([
    database.built('channels/feeds/feeds.js'),
    database.built('graphql/limits.js'),
  ]);
  const documents = documentsOf(facts, LIMITS);
  const json = { 'content-type': 'application/json' };
  const inEncodings = (request) => ENCODINGS.map((encoding) => () => send(hub, request, encoding));
  const kinds = [];
  for (const [name, given] of Object.entries(documents)) {
    const { query, variables } = typeof given === 'string' ? { query: given } : given;
    // A comment of its own: nothing that was kept of the document before helps.
    const body = (n) => JSON.stringify({ query: `${query} # ${n}`, variables });
    kinds.push([name, {}, (n) => inEncodings({ method: 'POST', path: '/graphql', headers: json, body: body(n) })]);
  }
  for (const [name, make] of Object.entries(BODIES)) kinds.push([name, {}, (n) => [() => send(hub, make(n))]]);
  const again = { isRemade: true };
  for (const [name, request] of Object.entries(addressesOf({ ...facts, feeds: FEEDS })))
    kinds.push([name, again, () => inEncodings(request)]);
  const cards = cardsOf(storms.map(({ id }) => id));
  let drawn = 0;
  const nextCard = () => cards[drawn++ % cards.length];
  kinds.push(['a card, drawn', { isDrawn: true }, () => [() => send(hub, nextCard())]]);
  kinds.push(['a card that was drawn', {}, () => inEncodings(cardsOf([storms[0].id])[0])]);
  const streams = streamsOf({ ...facts, worst: documents['every word of a page, 3 times'] });
  for (const [name, make] of Object.entries(streams))
    kinds.push([name, { isStream: true }, (n) => [() => make(n)(hub.url)]]);
  return kinds;
}

/** The dearest of the requests of one round: the first is worked out, the others are answered from what was kept, or compressed. */
async function dearestOf(meter, deeds) {
  const seen = [];
  for (const deed of deeds) seen.push(await meter.measure(deed));
  for (const { answer } of seen) answer.refusal = refusalIn(answer.text ?? '');
  const dearest = seen.reduce((most, one) => (one.cpu > most.cpu ? one : most));
  const bytes = Math.max(...seen.map(({ answer }) => answer.bytes));
  return { ...dearest, answer: { ...seen[0].answer, bytes } };
}

/**
 * What each kind of anonymous request costs a warm hub that is asked nothing else: CPU and bytes. Answers whether any is over
 * 50 ms or 8 MB.
 */
export async function measureAlone(hub, database, { communes, storms, only }) {
  const kinds = (await kindsOf(hub, database, { communes, storms })).filter(([name]) => !only || name.includes(only));
  const meter = new Meter(hub.pid);
  const samples = new Map(kinds.map(([name]) => [name, []]));
  for (let round = -WARM_ROUNDS; round < ROUNDS; round += 1) {
    await meter.lookAtIdle();
    say(round < 0 ? 'warming' : `round ${round + 1} of ${ROUNDS}`);
    for (const [name, { isRemade, isStream }, make] of kinds) {
      if (round < 0 && isStream) continue;
      if (isRemade) await change(hub, storms[0]);
      if (isRemade) await pause(SETTLE_MS);
      const sample = await dearestOf(meter, make(`${round}${Math.random()}`.replace(/\D/g, '')));
      if (round >= 0) samples.get(name).push(sample);
    }
  }
  const rows = kinds.map(([name, marks]) => rowOf(name, marks, samples.get(name)));
  print(rows);
  const over = rows.filter(({ isOver }) => isOver);
  console.log(over.length === 0 ? '\nnothing is over' : `\n${over.length} of ${rows.length} kinds are over`);
  return over.length > 0;
}
