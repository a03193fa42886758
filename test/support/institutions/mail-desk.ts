import type { Persona } from '../../../src/development/development-tokens.ts';
import { until } from '../../../src/development/embedded/processes.ts';
import { readMailRelay } from '../../../src/mail/mail-relay.rules.ts';
import type { MailerOptions } from '../../../src/mail/mailer.ts';
import type { Hub } from '../hub/hub.ts';
import { PATIENCE_MS } from '../patience.ts';
import { type ReadLetter, readByMailparser } from '../receivers/mail-readers.ts';
import type { MailServer } from '../receivers/mail-server.ts';

/** The settings of a hub whose letters go to a server. */
export function mailBy({ url, ca }: Pick<MailServer, 'url' | 'ca'>, more: Partial<MailerOptions> = {}): MailerOptions {
  const relay = readMailRelay(url);
  if (!relay) throw new Error(`${url} is no relay`);
  return { relay, from: { name: 'Alerte Essonne', address: 'alerte@essonne.example' }, ca, timeoutMs: 10_000, ...more };
}

/** Settings for hubs of which no letter is looked at: nobody listens there. */
export const DEAD_RELAY: MailerOptions = mailBy({ url: 'smtp://127.0.0.1:9', ca: '' }, { ca: undefined });

export interface SeenMailbox {
  id: string;
  address: string;
  label: string;
  state: string;
  agreement: string | null;
  confirmedAt: string | null;
  leftAt: string | null;
  bouncingSince: string | null;
  fault: string | null;
}

export interface SeenInstitution {
  id: string;
  version: number;
  name: string;
  kind: string;
  kinds: string[] | null;
  communes: { code: string }[] | null;
  severityAtLeast: string | null;
  language: string;
  exercises: boolean;
  organisation: { id: string } | null;
  mailboxes: SeenMailbox[];
}

const MAILBOX = 'id address label state agreement confirmedAt leftAt bouncingSince fault';
const INSTITUTION = `id version name kind kinds communes { code } severityAtLeast language exercises organisation { id } mailboxes { ${MAILBOX} }`;

export const institutionInput = (more: object = {}) => ({ kind: 'TOWN_HALL', name: 'Mairie de Longjumeau', ...more });

export async function saveInstitution(hub: Hub, more: object = {}, as: Persona = 'editor'): Promise<SeenInstitution> {
  const { done } = await hub
    .as(as)
    .request<{ done: { institution: SeenInstitution } }>(
      `mutation ($input: InstitutionInput!) { done: saveInstitution(input: $input) { institution { ${INSTITUTION} } } }`,
      { input: institutionInput(more) },
    );
  return done.institution;
}

/** Invites a mailbox of an institution. */
export async function invite(
  hub: Hub,
  institution: string,
  address: string,
  as: Persona = 'editor',
): Promise<SeenMailbox> {
  const { done } = await hub.as(as).request<{ done: { mailbox: SeenMailbox } }>(
    `mutation ($institution: ID!, $address: String!) {
       done: inviteMailbox(institution: $institution, address: $address, label: "Accueil") { mailbox { ${MAILBOX} } } }`,
    { institution, address },
  );
  return done.mailbox;
}

export async function mandate(hub: Hub, id: string, as: Persona = 'admin'): Promise<SeenMailbox> {
  const { done } = await hub
    .as(as)
    .request<{ done: { mailbox: SeenMailbox } }>(
      `mutation ($id: ID!) { done: mandateMailbox(id: $id, agreement: "Convention du 3 mars 2026") { mailbox { ${MAILBOX} } } }`,
      { id },
    );
  return done.mailbox;
}

/** An institution with a mailbox that is written to without a click; its invitation is not waited for. */
export async function mandated(hub: Hub, address: string, more: object = {}): Promise<SeenInstitution> {
  const institution = await saveInstitution(hub, { name: `Mairie (${address})`, ...more });
  await mandate(hub, (await invite(hub, institution.id, address)).id);
  return institution;
}

export async function institutions(
  hub: Hub,
  search: string | null = null,
  as: Persona = 'editor',
): Promise<SeenInstitution[]> {
  const { institutions: page } = await hub
    .as(as)
    .request<{ institutions: { nodes: SeenInstitution[] } }>(
      `query ($search: String) { institutions(search: $search, first: 100) { nodes { ${INSTITUTION} } } }`,
      { search },
    );
  return page.nodes;
}

/** Waits until letters to an address that are about something have come: the words stand in their subjects. */
export async function lettersTo(server: MailServer, address: string, count: number, about = ''): Promise<ReadLetter[]> {
  let found: ReadLetter[] = [];
  await until(async () => {
    const taken = server.taken.filter(({ to }) => to[0]?.toLowerCase() === address.toLowerCase());
    const read = await Promise.all(taken.map(({ raw }) => readByMailparser(raw)));
    found = read.filter(({ subject }) => subject.includes(about));
    return found.length >= count;
  }, PATIENCE_MS);
  return found;
}

/** The path of a link in a letter: `/mail/confirm/…`. */
export function linkIn({ text }: Pick<ReadLetter, 'text'>, act: string): string {
  const found = new RegExp(`/mail/${act}/[\\w/-]+`).exec(text);
  if (!found) throw new Error(`there is no link to ${act} in ${text}`);
  return found[0];
}

/** Posts what a form of a page says. */
export const post = (
  hub: Hub,
  path: string,
  body = '',
  type = 'application/x-www-form-urlencoded',
): Promise<Response> =>
  fetch(`${hub.url}${path}`, { method: 'POST', body, headers: body === '' ? {} : { 'content-type': type } });
