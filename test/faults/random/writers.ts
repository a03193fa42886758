import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { parisTime } from '../../../src/clock.ts';
import { alertInput, closureInput, WRITTEN, type Written } from '../../support/desk/desk.ts';
import type { Acknowledged, Appointment } from './checker.ts';
import { markOfNote, markOfPublishing } from './database.ts';

const OBSERVE = `mutation ($id: ID!, $at: DateTime!, $note: String) {
  done: observeClosure(id: $id, state: IN_PLACE, observedAt: $at, note: $note) { publication { observed { note } } } }`;
const step = (name: string) =>
  `mutation ($id: ID!, $version: Int!) { done: ${name}(id: $id, version: $version) ${WRITTEN} }`;
const PUBLISH_AT = `mutation ($id: ID!, $version: Int!, $at: DateTime) {
  done: publishDossier(id: $id, version: $version, at: $at) ${WRITTEN} }`;

/** How long a writer waits for an answer before they send the same again, to another hub. */
const ANSWER_MS = 6_000;
const AGAIN_MS = 150;
/** Between two alerts of one announcer. */
const BETWEEN_ALERTS_MS = 3_000;

interface Asked {
  /** The audit log's word for it. */
  action: string;
  persona: 'editor' | 'validator';
  query: string;
  variables: Record<string, unknown>;
  /** By what the journal shows it, if it does. */
  mark?: string;
  /** The one hub that it is sent to; else each in turn. */
  door?: string;
  /** Codes by which it may be refused for good. */
  mayBe?: readonly string[];
}
type Payload = { dossier?: Written; publication?: { observed: { note: string } } };
interface Answer {
  data?: { done: Payload } | null;
  errors?: { message: string; extensions?: { code?: string } }[];
}

/**
 * People of the desk who write all the time, each mutation under an Idempotency-Key: what is refused as UNAVAILABLE or not
 * answered is sent again, to the next hub, until the answer is clear. All that was answered as done is remembered.
 */
export class RandomWriters {
  readonly acknowledged: Acknowledged[] = [];
  readonly refused: string[] = [];
  readonly appointments: Appointment[] = [];
  /** How often each action was done to each subject. */
  readonly deeds = new Map<string, number>();
  /** Answers that nobody promised. */
  readonly faults: string[] = [];
  mutations = 0;
  /** How often something had to be sent again. */
  retries = 0;
  readonly #doors: readonly string[];
  readonly #tokens: ReadonlyMap<string, Record<string, string>>;
  readonly #closures: string[] = [];
  #isOver = false;
  #all: Promise<unknown> = Promise.resolve();
  #turn = 0;

  /** `tokens`: of each door, by persona. */
  constructor(tokens: ReadonlyMap<string, Record<string, string>>) {
    this.#tokens = tokens;
    this.#doors = [...tokens.keys()];
  }

  /** Publishes a closure for each writer, and one more for whoever looks whether a hub works again. */
  async prepare(writers: number): Promise<void> {
    for (let number = 0; number <= writers; number++) {
      const id = await this.#publish('Closure', closureInput(), {});
      if (id) this.#closures.push(id);
    }
  }

  /** Everybody writes from now on, `rate` notes in a second all together, and alerts that soon begin, end and are due. */
  begin(rate: number): void {
    const [, ...closures] = this.#closures;
    const all = closures.map((closure, index) => this.#note(closure, index, (1_000 * closures.length) / rate));
    this.#all = Promise.all([...all, this.#announce(), this.#schedule()]);
  }

  /** Everybody stops once the last answer is clear. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.#all;
  }

  /** Writes a note at one hub until that is done. */
  async probe(door: string): Promise<void> {
    await this.#writeNote(this.#closures[0] ?? '', door);
  }

  async #note(closure: string, index: number, everyMs: number): Promise<void> {
    await pause(index * (everyMs / Math.max(1, this.#closures.length)));
    for (let due = performance.now(); !this.#isOver; ) {
      await this.#writeNote(closure);
      // What an outage held up is not made up for.
      due = Math.max(due + everyMs, performance.now() - everyMs);
      await pause(Math.max(0, due - performance.now()));
    }
  }

  async #writeNote(closure: string, door?: string): Promise<void> {
    const note = randomUUID();
    const variables = { id: closure, at: parisTime(new Date()), note };
    const mark = markOfNote(closure, note);
    const asked: Asked = { action: 'observeClosure', persona: 'editor', query: OBSERVE, variables, mark };
    const answer = await this.#do(door ? { ...asked, door } : asked, closure);
    if (answer && answer.publication?.observed.note !== note)
      this.faults.push(`${mark} was answered ${JSON.stringify(answer)}`);
  }

  /** Alerts that begin in some seconds, and end some seconds later. */
  async #announce(): Promise<void> {
    for (let number = 0; !this.#isOver; number++) {
      const startsAt = number % 2 === 0 ? secondsFromNow(6) : undefined;
      const endsAt = secondsFromNow(16);
      const input = alertInput({ endsAt: endsAt.text, ...(startsAt ? { startsAt: startsAt.text } : {}) });
      await this.#publish('Alert', input, { endsAt: endsAt.at, ...(startsAt ? { startsAt: startsAt.at } : {}) });
      await pause(BETWEEN_ALERTS_MS);
    }
  }

  /** Alerts that are published by the clock. */
  async #schedule(): Promise<void> {
    while (!this.#isOver) {
      await this.#publish('Alert', alertInput(), {}, 8);
      await pause(BETWEEN_ALERTS_MS * 2);
    }
  }

  /** Drafts, submits, approves and publishes, by two people; answers the id, undefined where its time had run out. */
  async #publish(
    kind: 'Alert' | 'Closure',
    input: object,
    times: Omit<Appointment, 'subject'>,
    inSeconds?: number,
  ): Promise<string | undefined> {
    const query = `mutation ($input: ${kind}Input!) { done: draft${kind}(input: $input) ${WRITTEN} }`;
    const mayBe = ['NOT_LINTED', 'INVALID_INPUT'];
    const drafted = (await this.#do({ action: 'draft', persona: 'editor', query, variables: { input }, mayBe }))
      ?.dossier;
    const submitted = drafted && (await this.#step('submitDossier', 'editor', drafted, mayBe));
    const approved = submitted && (await this.#step('approveDossier', 'validator', submitted, mayBe));
    if (!approved) return undefined;
    const { id, version } = approved;
    const at = inSeconds === undefined ? undefined : secondsFromNow(inSeconds);
    const mark = at ? {} : { mark: markOfPublishing(id) };
    const variables = { id, version, at: at?.text ?? null };
    const asked: Asked = {
      action: 'publishDossier',
      persona: 'validator',
      query: PUBLISH_AT,
      variables,
      mayBe,
      ...mark,
    };
    if (!(await this.#do(asked, id))) return undefined;
    this.appointments.push({ subject: id, ...times, ...(at ? { publishesAt: at.at } : {}) });
    return id;
  }

  async #step(
    action: string,
    persona: Asked['persona'],
    { id, version }: Written,
    mayBe: readonly string[],
  ): Promise<Written | undefined> {
    return (await this.#do({ action, persona, query: step(action), variables: { id, version }, mayBe }, id))?.dossier;
  }

  /** Sends until the answer is clear; undefined where it is a refusal. `subject`: what it is done to, where it is not new. */
  async #do(asked: Asked, subject?: string): Promise<Payload | undefined> {
    const key = randomUUID();
    const begun = performance.now();
    for (;;) {
      const answer = await this.#send(asked, key);
      if (answer?.data) {
        this.mutations += 1;
        const deed = `${asked.action} ${subject ?? answer.data.done.dossier?.id}`;
        this.deeds.set(deed, (this.deeds.get(deed) ?? 0) + 1);
        if (asked.mark) this.acknowledged.push({ mark: asked.mark, begun, ended: performance.now() });
        return answer.data.done;
      }
      const code = answer?.errors?.[0]?.extensions?.code;
      if (answer && code !== 'UNAVAILABLE') {
        if (asked.mark) this.refused.push(asked.mark);
        if (!asked.mayBe?.includes(code ?? ''))
          this.faults.push(`${asked.action} was answered ${JSON.stringify(answer)}`);
        return undefined;
      }
      this.retries += 1;
      await pause(AGAIN_MS);
    }
  }

  /** Undefined where no answer came, or none that can be read. */
  async #send({ persona, query, variables, door: only }: Asked, key: string): Promise<Answer | undefined> {
    const door = only ?? this.#doors[this.#turn++ % this.#doors.length] ?? '';
    const token = this.#tokens.get(door)?.[persona];
    return fetch(`${door}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, 'idempotency-key': key },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(ANSWER_MS),
    })
      .then((answer) => answer.json() as Promise<Answer>)
      .catch(() => undefined);
  }
}

/** A whole second, since clocks of the API show no more. */
function secondsFromNow(seconds: number): { at: number; text: string } {
  const at = Math.ceil(Date.now() / 1000 + seconds) * 1000;
  return { at, text: parisTime(new Date(at)) };
}
