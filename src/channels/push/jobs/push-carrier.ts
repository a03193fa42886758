import type { EntityManager } from '@mikro-orm/postgresql';
import { publicNow } from '../../../board/public-reads.ts';
import { parisTime } from '../../../clock.ts';
import { encodeCursor } from '../../../journal/cursor.rules.ts';
import type { Entry } from '../../../journal/entry.ts';
import { pageAfter } from '../../../journal/journal.ts';
import type { Carrier } from '../../../outgoing/courier.ts';
import type { PublicDocument } from '../../../publications/document.ts';
import type { PushAddress } from '../envelope/push-seal.ts';
import type { PushSettings } from '../push-setting.ts';
import { isPublicService, serviceLabel } from '../services.rules.ts';
import { enqueuePushes, hasSubscriptions, type PushSource } from './enqueue-push.commands.ts';
import type { PushAnswer } from './push-answer.rules.ts';
import { type Greeted, type Greetings, leaseGreetings, recordGreetings } from './push-greeting.commands.ts';
import { topicOf, ttlOf, urgencyOf } from './push-headers.rules.ts';
import { type LeasedJob, leaseJobs, readShard, recordShard, returnJob, type ShardReader } from './push-job.commands.ts';
import { gravityOf, isOverByClock, isPushedTo, type RingingEntry } from './push-match.rules.ts';
import { PushPace } from './push-pace.ts';
import type { PlainPush, PushSender } from './push-sender.ts';
import { greetingWords, pushWords } from './push-text.rules.ts';
import { LAST_ID, type ShardEnd, shardEnd, type Tried } from './shard.rules.ts';
import { isSilent } from './storm.rules.ts';
import { type WalkOptions, walkShard } from './walk-shard.ts';

export interface PushCarrierOptions {
  /** A fresh entity manager: one unit of work. */
  em(): EntityManager;
  /** `inTurn`: reads on the public's share of the connections. */
  source: PushSource & Parameters<typeof publicNow>[0];
  settings: PushSettings;
  sender: PushSender;
  /** Told of each attempt: the service by its public name, and how it ended. */
  onPush(service: string, kind: PushAnswer['kind']): void;
  /** Told of a service that takes no token or key of this hub. */
  onRefused(service: string): void;
}

type PushMessage = LeasedJob | Greetings;
type Done = { kind: 'shard'; end: ShardEnd } | { kind: 'greetings'; tried: Tried[] } | { kind: 'over' };

/**
 * Messages at a time. Servers of single readers, and codes for addresses that nobody knows yet, take no room of public
 * services: a stranger may have many of them answer slowly.
 */
const ROOM = { public: 4, other: 6, greetings: 1 } as const;
type Room = keyof typeof ROOM;
const AT_ONCE = ROOM.public + ROOM.other + ROOM.greetings;
const GREETING_TTL_S = 600;

/** Carries pushes to push services. A message is one shard of a job, or some subscriptions that wait for their code. */
export function pushCarrier(options: PushCarrierOptions): Carrier<PushMessage, Done> {
  const { em, source, onRefused } = options;
  const { clock } = source;
  const pace = new PushPace();
  const inHand: Record<Room, number> = { public: 0, other: 0, greetings: 0 };
  const leaseOf = async (room: Exclude<Room, 'greetings'>) => {
    const most = ROOM[room] - inHand[room];
    const head = source.journal.tail.head.position;
    return most > 0 ? leaseJobs(em(), { now: clock.now(), head, most, isPublic: room === 'public' }) : [];
  };
  return {
    atOnce: AT_ONCE,
    isWanted: () => hasSubscriptions(em()),
    enqueueNext: () => enqueuePushes(em(), source),
    // The rooms bound it: together they are what the courier lets be under way.
    lease: async () => {
      const greetings = inHand.greetings < ROOM.greetings ? await leaseGreetings(em(), clock.now()) : undefined;
      const jobs = [...(await leaseOf('public')), ...(await leaseOf('other'))];
      const messages = greetings ? [greetings, ...jobs] : jobs;
      for (const message of messages) inHand[roomOf(message)] += 1;
      return messages;
    },
    send: async (message, signal) => {
      try {
        return await (message.kind === 'greetings'
          ? greet(options, message, { pace, signal })
          : pushShard(options, message, { pace, signal }));
      } finally {
        inHand[roomOf(message)] -= 1;
      }
    },
    record: async (message, done) => {
      if (message.kind === 'greetings') {
        if (done.kind === 'greetings') await recordGreetings(em(), done.tried);
        return 'delivered';
      }
      const end = done.kind === 'shard' ? done.end : OVER;
      await recordShard(em(), message, end, clock.now());
      if (end.isRefused) onRefused(serviceLabel(message.service));
      if (done.kind === 'over') return 'failed';
      return end.rest ? 'retry' : 'delivered';
    },
    returnLease: async (message) => {
      if (message.kind === 'shard') await returnJob(em(), message);
    },
    traced: (_message, attempt) => attempt(() => undefined),
  };
}

const roomOf = (message: PushMessage): Room =>
  message.kind === 'greetings' ? 'greetings' : isPublicService(message.service) ? 'public' : 'other';

/** Of a job that has nothing to tell any more. */
const OVER: ShardEnd = {
  ...{ sent: [], gone: [], bad: [], healed: [], isDone: true, afterId: LAST_ID, again: [], attempts: 0, waitMs: 0 },
  ...{ rest: undefined, isAnswered: false, isRefused: false },
};

type Walking = Omit<WalkOptions, 'isProbing'>;

async function greet(options: PushCarrierOptions, { readers }: Greetings, walking: Walking): Promise<Done> {
  const { settings, source } = options;
  const push = async (reader: Greeted) => {
    const { id, language } = reader;
    const words = greetingWords({ id, code: settings.seal.codeOf(id), language }, source);
    return attempt(options, reader, reader.service, () => ({ words, ttl: GREETING_TTL_S, urgency: 'normal' }));
  };
  return { kind: 'greetings', tried: await walkShard(readers, push, { ...walking, isProbing: false }) };
}

async function pushShard(options: PushCarrierOptions, job: LeasedJob, walking: Walking): Promise<Done> {
  const { em, source, sender } = options;
  const rung = await rungOf(source, job);
  if (!rung) return { kind: 'over' };
  const { readers, isLast } = await readShard(em(), job, rung.document, source.clock.now());
  const told = readers.filter((reader) => sender.hasKey(reader.keyId) && isPushedTo(reader, rung));
  const pushOf = openPushes(source, job, rung.document);
  const push = (reader: ShardReader) => attempt(options, reader, job.service, (address) => pushOf(reader, address));
  const { failures } = job;
  const tried = await walkShard(told, push, { ...walking, isProbing: failures > 0 });
  const { afterId, again, attempts } = job;
  const walked = { afterId, again, attempts, failures, reached: readers.at(-1)?.id ?? null, isLast };
  return { kind: 'shard', end: shardEnd(tried, walked) };
}

/** Encrypts for one reader and sends; counts how it ended. */
async function attempt(
  { settings, sender, onPush }: PushCarrierOptions,
  { id, sealed, keyId }: Pick<Greeted, 'id' | 'sealed' | 'keyId'>,
  service: string,
  pushTo: (address: PushAddress) => PlainPush,
): Promise<PushAnswer> {
  const address = opened(settings, id, sealed);
  const answer: PushAnswer = address ? await sender.push(address, keyId, pushTo(address)) : { kind: 'sealed' };
  onPush(serviceLabel(service), answer.kind);
  return answer;
}

/** The address of a subscription; undefined where another secret sealed it. */
function opened({ seal }: PushSettings, id: string, sealed: string): PushAddress | undefined {
  try {
    return seal.open(id, sealed);
  } catch {
    return undefined;
  }
}

/** The subject of a job as it stands now; undefined where there is nothing to tell any more. */
async function rungOf(source: PushCarrierOptions['source'], job: LeasedJob): Promise<RingingEntry | undefined> {
  const { journal, clock } = source;
  const entryAt = async (position: number): Promise<Entry<PublicDocument> | undefined> => {
    const [entry] = await pageAfter(journal, position - 1, 1);
    // Another one may stand there where the journal was restored.
    return entry?.position === position && entry.subject === job.thread ? entry : undefined;
  };
  const [entry, document] = [await entryAt(job.position), await publicNow(source, job.thread)];
  if (!entry || !document || isOverByClock(document, clock.now().getTime())) return undefined;
  const later = await Promise.all(job.later.map(entryAt));
  return { entry, document, later: later.filter((one) => one !== undefined) };
}

/** Makes the push of a document for each reader: its words once for each language, with a sound and without. */
function openPushes(
  source: PushCarrierOptions['source'],
  { thread, expiresAt }: LeasedJob,
  document: PublicDocument,
): (reader: ShardReader, address: PushAddress) => PlainPush {
  const { journal, clock } = source;
  const facts = { cursor: encodeCursor(journal.tail.head), expires: parisTime(expiresAt) };
  const ttl = ttlOf(expiresAt, clock.now());
  const danger = gravityOf(document);
  const urgency = urgencyOf(danger);
  const words = new Map<string, Buffer>();
  return ({ language, told }, { auth }) => {
    const silent = isSilent(told, danger);
    const key = `${language} ${silent}`;
    const known = words.get(key) ?? pushWords(document, { language, silent }, facts, source);
    words.set(key, known);
    return { words: known, ttl, urgency, topic: topicOf(auth, thread) };
  };
}
