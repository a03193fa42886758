import type { Clock } from '../../../clock.ts';
import { AddressRefused } from '../../../outgoing/checked-connection.ts';
import { encryptFor } from '../envelope/encrypt.rules.ts';
import type { PushAddress } from '../envelope/push-seal.ts';
import type { SenderKey } from '../envelope/sender-keys.ts';
import type { PushSettings, PushTargets } from '../push-setting.ts';
import { type PushAnswer, pushAnswerOf, Unsent } from './push-answer.rules.ts';
import type { PushLine, PushRequest } from './push-line.ts';

/** A message, before it is encrypted for one reader. */
export interface PlainPush {
  words: Buffer;
  ttl: number;
  urgency: 'high' | 'normal';
  topic?: string;
}

/** Loaded with the first push: what speaks HTTP for it is much code, and many hubs push nothing. */
const lines = () => import('./push-line.ts');
/** Lines open at a time: readers of UnifiedPush may have a server each. */
const MOST_LINES = 200;
/** How often a push is sent anew at once where a service closed its line in between. */
const MOST_TURNS = 3;

/** Encrypts pushes and sends them, over one line to each service. */
export class PushSender {
  readonly #targets: PushTargets;
  readonly #subject: string;
  readonly #keys: ReadonlyMap<string, SenderKey>;
  readonly #clock: Clock;
  /** The line of each origin, the one that was opened last behind all others. */
  readonly #lines = new Map<string, Promise<PushLine>>();
  #isClosed = false;

  constructor({ keys, subject }: PushSettings, targets: PushTargets, clock: Clock) {
    this.#targets = targets;
    this.#subject = subject;
    this.#keys = new Map(keys.map((key) => [key.id, key]));
    this.#clock = clock;
  }

  /** Whether the hub still has the key that a subscription was made with. */
  hasKey(keyId: string): boolean {
    return this.#keys.has(keyId);
  }

  /** Makes one attempt. It never throws, and repeats nothing of what the service says. */
  async push(address: PushAddress, keyId: string, { words, ttl, urgency, topic }: PlainPush): Promise<PushAnswer> {
    const { origin, pathname, search } = new URL(address.endpoint);
    const key = this.#keys.get(keyId);
    if (!key) return { kind: 'sealed' };
    const body = encryptFor(address, words);
    const headers = {
      authorization: key.authorization(origin, this.#subject, this.#clock.now().getTime()),
      'content-encoding': 'aes128gcm',
      'content-type': 'application/octet-stream',
      'content-length': String(body.length),
      ttl: String(ttl),
      urgency,
      ...(topic === undefined ? {} : { topic }),
      'user-agent': 'Tocsin (push)',
    };
    const answer = await this.#post(origin, { path: `${pathname}${search}`, headers, body });
    // Where the service's clock is another, or it forgot the key: the next token is a new one.
    if (answer.kind === 'ours') key.forget(origin);
    return answer;
  }

  async #post(origin: string, request: PushRequest): Promise<PushAnswer> {
    for (let turn = 1; ; turn += 1) {
      if (this.#isClosed) return { kind: 'cut' };
      try {
        const line = await this.#lineTo(origin);
        const { status, retryAfter } = await line.post(request);
        return pushAnswerOf(status, retryAfter, this.#clock.now());
      } catch (error) {
        if (this.#isClosed) return { kind: 'cut' };
        if (error instanceof AddressRefused) return { kind: 'bad' };
        if (!(error instanceof Unsent)) return { kind: 'down' };
        if (turn === MOST_TURNS) return { kind: 'unsent' };
      }
    }
  }

  /** The line to a service; a new one where there is none, or the last one was closed. */
  async #lineTo(origin: string): Promise<PushLine> {
    const known = this.#lines.get(origin);
    if (known) {
      const line = await known;
      if (line.isOpen) return line;
      // Another push may have opened the next one meanwhile.
      if (this.#lines.get(origin) === known) this.#lines.delete(origin);
      return this.#lineTo(origin);
    }
    const opened = lines().then(({ openLine }) => openLine(origin, this.#targets));
    this.#lines.set(origin, opened);
    opened.catch(() => this.#lines.get(origin) === opened && this.#lines.delete(origin));
    this.#closeOldest();
    return opened;
  }

  #closeOldest(): void {
    const [oldest] = this.#lines;
    if (this.#lines.size <= MOST_LINES || !oldest) return;
    const [origin, line] = oldest;
    this.#lines.delete(origin);
    line.then((one) => one.close()).catch(() => undefined);
  }

  /** Closes every line, and breaks off what is under way: that is sent once more by another hub, or the next one. */
  close(): void {
    this.#isClosed = true;
    for (const line of this.#lines.values()) line.then((one) => one.close()).catch(() => undefined);
    this.#lines.clear();
  }
}
