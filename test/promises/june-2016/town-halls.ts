import { expect } from 'vitest';
import type { Hub } from '../../support/hub/hub.ts';
import { invite, linkIn, mandate, post, saveInstitution } from '../../support/institutions/mail-desk.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { type ReadLetter, readByMailparser } from '../../support/receivers/mail-readers.ts';
import type { MailServer, TakenLetter } from '../../support/receivers/mail-server.ts';
import { MAILBOXES } from './words.ts';

/** A town hall that is told of the gravest alerts of the whole Département, by an agreement. */
export interface TownHall {
  name: string;
  address: string;
}

type Hubs = readonly [Hub, Hub];

/** Does something for each of many, a few at a time, by one hub and the other in turn. */
async function byTurns<T>(hubs: Hubs, all: readonly T[], act: (hub: Hub, one: T) => Promise<void>): Promise<void> {
  const left = [...all.entries()];
  const worker = async () => {
    for (let next = left.shift(); next; next = left.shift()) await act(hubs[next[0] % 2 ? 1 : 0], next[1]);
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
}

export async function registerTownHalls(
  hubs: Hubs,
  communes: readonly { code: string; name: string }[],
): Promise<TownHall[]> {
  const made: TownHall[] = [];
  await byTurns(hubs, communes, async (hub, { code, name: of }) => {
    const town = { name: `Mairie de ${of}`, address: `mairie.${code}@${MAILBOXES}` };
    const { id } = await saveInstitution(hub, { name: town.name, kinds: ['ALERT'], severityAtLeast: 'EXTREME' });
    await mandate(hub, (await invite(hub, id, town.address)).id);
    made.push(town);
  });
  return made;
}

/** Every letter that came, each once, although a hub may have sent it again. */
export class Letters {
  readonly #relay: MailServer;
  readonly #read = new Map<TakenLetter, ReadLetter>();

  constructor(relay: MailServer) {
    this.#relay = relay;
  }

  async all(): Promise<ReadLetter[]> {
    for (const taken of this.#relay.taken)
      if (!this.#read.has(taken)) this.#read.set(taken, await readByMailparser(taken.raw));
    const seen = new Set<string>();
    return [...this.#read.values()].filter(({ messageId }) => !seen.has(messageId) && seen.add(messageId));
  }

  /** The letters with these subjects, by address, in the order in which they came. */
  async byAddress(subjects: readonly string[]): Promise<Map<string, ReadLetter[]>> {
    const found = new Map<string, ReadLetter[]>();
    for (const letter of await this.all()) {
      const [to = ''] = letter.to;
      if (subjects.includes(letter.subject)) found.set(to, [...(found.get(to) ?? []), letter]);
    }
    return found;
  }

  /** Waits until every town hall has the last of these letters. */
  async until(towns: readonly TownHall[], subjects: readonly string[]): Promise<Map<string, ReadLetter[]>> {
    const last = subjects.slice(-1);
    await expect.poll(async () => (await this.byAddress(last)).size, { timeout: 2 * PATIENCE_MS }).toBe(towns.length);
    return this.byAddress(subjects);
  }
}

/** A person at each of these town halls follows the link of the letter, and says who takes charge. */
export async function takeCharge(
  hubs: Hubs,
  towns: readonly TownHall[],
  letters: ReadonlyMap<string, ReadLetter[]>,
): Promise<void> {
  await byTurns(hubs, towns, async (hub, { address }) => {
    const link = linkIn(letters.get(address)?.at(-1) ?? { text: '' }, 'read');
    const shown = await fetch(`${hub.url}${link}`);
    const answer = await post(hub, link, 'as=on-call');
    expect([shown.status, answer.status]).toEqual([200, 200]);
  });
}

/** A program that checks mail looks at every link of these letters, and sends each form as it stands. */
export async function scan(hub: Hub, letters: readonly ReadLetter[]): Promise<void> {
  for (const letter of letters) {
    const link = linkIn(letter, 'read');
    await (await fetch(`${hub.url}${link}`)).text();
    expect((await post(hub, link, 'as=')).status).toBe(400);
  }
}

interface SeenNotice {
  state: string;
  revision: number;
  acknowledgedAs: string | null;
  institution: { name: string };
}

/** All who were asked to read of a publication; those alone who have not for so many minutes, where that is given. */
export async function noticesOf(
  hub: Pick<Hub, 'as'>,
  publication: string,
  unreadForMinutes: number | null = null,
): Promise<SeenNotice[]> {
  const found: SeenNotice[] = [];
  for (let after: string | null = null, more = true; more; ) {
    const { notices } = (await hub.as('duty').request(
      `query ($publication: ID!, $unreadForMinutes: Int, $after: PageCursor) {
         notices(publication: $publication, unreadForMinutes: $unreadForMinutes, first: 100, after: $after) {
           nodes { state revision acknowledgedAs institution { name } } pageInfo { hasNextPage endCursor } } }`,
      { publication, unreadForMinutes, after },
    )) as { notices: { nodes: SeenNotice[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } } };
    found.push(...notices.nodes);
    after = notices.pageInfo.endCursor;
    more = notices.pageInfo.hasNextPage;
  }
  return found;
}
