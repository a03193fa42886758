import { randomUUID } from 'node:crypto';
import { codeHash } from '../../../src/contacts/contact.rules.ts';
import type { Persona } from '../../../src/development/development-tokens.ts';
import { until } from '../../../src/development/embedded/processes.ts';
import { withSession } from '../database/cluster.ts';
import type { Desk } from '../desk/desk.ts';
import { PATIENCE_MS } from '../patience.ts';
import { type ReadLetter, readByMailparser } from '../receivers/mail-readers.ts';
import type { MailServer } from '../receivers/mail-server.ts';

export interface SeenPoint {
  id: string;
  version: number;
  way: string;
  label: string;
  address: string;
  confirmedAt: string | null;
  quietHours: { from: string; to: string } | null;
}
const POINT = 'id version way label address confirmedAt quietHours { from to }';

export const pointInput = (address: string, more: object = {}) => ({
  way: 'EMAIL',
  label: 'Astreinte',
  address,
  ...more,
});

/** Adds a contact point, or saves one anew. */
export async function savePoint(hub: Desk, as: Persona, input: object): Promise<SeenPoint> {
  const { done } = await hub
    .as(as)
    .request<{ done: { contactPoint: SeenPoint } }>(
      `mutation ($input: ContactPointInput!) { done: saveContactPoint(input: $input) { contactPoint { ${POINT} } } }`,
      { input },
    );
  return done.contactPoint;
}

export async function confirmPoint(hub: Desk, as: Persona, id: string, code: string): Promise<SeenPoint> {
  const { done } = await hub
    .as(as)
    .request<{ done: { contactPoint: SeenPoint } }>(
      `mutation ($id: ID!, $code: String!) { done: confirmContactPoint(id: $id, code: $code) { contactPoint { ${POINT} } } }`,
      { id, code },
    );
  return done.contactPoint;
}

export const removePoint = (hub: Desk, as: Persona, { id, version }: Pick<SeenPoint, 'id' | 'version'>) =>
  hub
    .as(as)
    .request('mutation ($id: ID!, $version: Int!) { removeContactPoint(id: $id, version: $version) { removedId } }', {
      id,
      version,
    });

export const pointsOf = async (hub: Desk, as: Persona): Promise<SeenPoint[]> =>
  (await hub.as(as).request<{ contactPoints: SeenPoint[] }>(`{ contactPoints { ${POINT} } }`)).contactPoints;

/** Gives a contact point a code that the test knows. */
export const knowCode = (url: string, point: string, code: string): Promise<unknown> =>
  withSession(url, (session) =>
    session.query(
      `update contact_point set code_hash = $2, code_expires_at = now() + interval '15 minutes', code_tries = 0 where id = $1`,
      [point, codeHash(point, code)],
    ),
  );

/** A contact point that its person confirmed. */
export async function confirmedPoint(url: string, account: string, address: string, way = 'EMAIL'): Promise<string> {
  const id = randomUUID();
  await withSession(url, (session) =>
    session.query(
      `insert into contact_point (id, version, account_id, way, label, address, created_at, confirmed_at, code_tries)
       values ($1, 1, $2, $4, 'Astreinte', $3, now(), now(), 0)`,
      [id, account, address, way],
    ),
  );
  return id;
}

/** Waits until so many letters have come to an address; answers all that did. */
export async function mailTo(server: MailServer, address: string, count: number): Promise<ReadLetter[]> {
  const taken = () => server.taken.filter(({ to }) => to[0] === address);
  await until(async () => taken().length >= count, PATIENCE_MS);
  return Promise.all(taken().map(({ raw }) => readByMailparser(raw)));
}

/** The code that a letter gives. */
export const codeIn = ({ text }: ReadLetter): string => /(\d{4} \d{4})/.exec(text)?.[1] ?? '';

/** The path of the link in the message of a call. */
export const linkOf = ({ text }: ReadLetter): string => /\/desk\/a\/[\w-]+/.exec(text)?.[0] ?? '';
