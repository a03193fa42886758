import { type Answer, atRest, type Errand, failedLike, followOne, type Journey } from './follow-one.ts';
import type { Followed } from './kept-messages.commands.ts';
import { MOST_FETCHES, type Plan } from './plan.rules.ts';

const AT_ONCE = 4;
/** After so long a reading begins to fetch nothing more. */
const MOST_MS = 60_000;
/** Mere addresses of one host that a reading asks, one after another, while nothing stands at any. */
const MOST_TRIES = 3;

interface Outcome {
  followed: Followed[];
  /** Whether the room was used up, so that leads were left. */
  isFull: boolean;
}

/** Follows the leads of a plan, four at once, while there is time, and room for so many bytes. */
export async function followPlan(plan: Plan, room: number, journey: Journey): Promise<Outcome> {
  const latest = performance.now() + MOST_MS;
  const followed: Followed[] = [];
  const announced: Errand[] = [];
  let left = room;
  const keep = ({ kept }: Errand, found: Followed) => {
    left -= found.bytes - (kept?.bytes ?? 0);
    followed.push(found);
  };
  const follow = (errand: Errand) => async () => keep(errand, (await followOne(errand, journey)).followed);
  const probe = (errands: readonly Errand[]) => async () => {
    const { asked, answer, others } = await probeHost(errands, journey);
    for (const { errand, found } of asked) keep(errand, found);
    const last = asked.at(-1)?.found;
    if (answer === 'MESSAGE') announced.push(...others);
    // Where a page stood, pages stand: nobody looks at each of them.
    if (answer === 'PAGE') followed.push(...others.map(({ lead }) => atRest(lead)));
    if (answer === 'FAULT' && last) followed.push(...others.map((errand) => failedLike(errand, last)));
  };
  const mayGoOn = () => left > 0 && performance.now() < latest;
  await inTurn([...plan.probes.map(probe), ...plan.sure.map(follow)], mayGoOn);
  const more = announced.slice(0, Math.max(0, MOST_FETCHES - plan.sure.length));
  await inTurn(
    more.map((errand) => follow({ ...errand, isSure: true })),
    mayGoOn,
  );
  return { followed, isFull: left <= 0 };
}

/** Asks one mere address of a host after another what stands there, until an answer tells of the others too. */
async function probeHost(errands: readonly Errand[], journey: Journey) {
  const asked: { errand: Errand; found: Followed }[] = [];
  let answer: Answer = 'NOTHING';
  for (const errand of errands.slice(0, MOST_TRIES)) {
    const result = await followOne(errand, journey);
    asked.push({ errand, found: result.followed });
    answer = result.answer;
    if (answer !== 'NOTHING') break;
  }
  return { asked, answer, others: errands.slice(asked.length) };
}

async function inTurn(tasks: readonly (() => Promise<void>)[], mayGoOn: () => boolean): Promise<void> {
  const queue = [...tasks];
  const work = async () => {
    for (let task = queue.shift(); task && mayGoOn(); task = queue.shift()) await task();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
