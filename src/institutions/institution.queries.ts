import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor } from '../access/actor.ts';
import { demand } from '../access/permissions.rules.ts';
import { type OrganisationView, readOrganisation } from '../accounts/organisations/organisation.queries.ts';
import { parisTime, parisTimeIf } from '../clock.ts';
import { isWritableText } from '../database/writable-text.rules.ts';
import { invalidInput } from '../errors.ts';
import { present } from '../office/present.rules.ts';
import { demandFirst, type Page, type PageRequest } from '../paging/page.rules.ts';
import { byName, sqlPage } from '../paging/sql-list.queries.ts';
import type { PublicationKind, Severity } from '../publications/vocabulary.ts';
import { Institution, Mailbox, type MailboxRow } from './institution.entity.ts';
import type { InstitutionKind, MailboxState } from './vocabulary.ts';

export interface MailboxView {
  id: string;
  address: string;
  label: string;
  personal: boolean;
  state: MailboxState;
  agreement: string | null;
  invitedAt: string;
  confirmedAt: string | null;
  leftAt: string | null;
  bouncingSince: string | null;
  fault: string | null;
}

export interface InstitutionView {
  id: string;
  version: number;
  kind: InstitutionKind;
  name: string;
  organisation: OrganisationView | null;
  kinds: PublicationKind[] | null;
  /** INSEE codes. */
  communes: string[] | null;
  severityAtLeast: Severity | null;
  language: string;
  exercises: boolean;
  mailboxes: MailboxView[];
}

const BY_NAME = byName('institution');

/** A page of the institutions, by name. INVALID_INPUT for a search, a page size or a cursor that cannot be. */
export async function institutionsPage(
  em: EntityManager,
  actor: Actor | null,
  { search, ...request }: PageRequest & { search?: string | null },
): Promise<Page<InstitutionView>> {
  demand(actor, 'readInstitutions');
  demandFirst(request.first);
  const words = search?.trim() ?? '';
  if (!isWritableText(words) || words.length > 200)
    throw invalidInput([{ path: 'search', message: 'must be plain text of at most 200 characters' }]);
  const named = words === '' ? [] : [{ sql: 'strpos(lower(name), lower(?)) > 0', values: [words] }];
  return sqlPage(em, BY_NAME, named, request, (ids) => viewsOf(em, ids));
}

/** One institution, which exists. The caller has checked the actor's permission. */
export async function institutionView(em: EntityManager, id: string): Promise<InstitutionView> {
  const [view] = await viewsOf(em, [id]);
  return present(view, 'institution', id);
}

/** Institutions by their ids. The caller has checked the actor's permission. */
export const institutionViews = async (
  em: EntityManager,
  ids: readonly string[],
): Promise<ReadonlyMap<string, InstitutionView>> => new Map((await viewsOf(em, ids)).map((view) => [view.id, view]));

/** One mailbox, which exists and has its address. The caller has checked the actor's permission. */
export async function mailboxView(em: EntityManager, id: string): Promise<MailboxView> {
  return readMailbox(present(await em.findOne(Mailbox, { id }, { refresh: true }), 'mailbox', id));
}

async function viewsOf(em: EntityManager, ids: readonly string[]): Promise<InstitutionView[]> {
  const rows = await em.find(Institution, { id: { $in: [...ids] } }, { populate: ['organisation'], refresh: true });
  const mailboxes = await em.find(
    Mailbox,
    { institution: { $in: [...ids] }, address: { $ne: null } },
    { exclude: ['key'], orderBy: { invitedAt: 'asc', id: 'asc' }, refresh: true },
  );
  return rows.map(({ organisation, ...row }) => ({
    id: row.id,
    version: row.version,
    kind: row.kind,
    name: row.name,
    organisation: organisation ? readOrganisation(organisation) : null,
    kinds: row.kinds ?? null,
    communes: row.communes ?? null,
    severityAtLeast: row.severityAtLeast ?? null,
    language: row.language,
    exercises: row.exercises,
    mailboxes: mailboxes.filter(({ institution }) => institution.id === row.id).map(readMailbox),
  }));
}

type ShownMailbox = Pick<
  MailboxRow,
  | 'id'
  | 'address'
  | 'label'
  | 'personal'
  | 'state'
  | 'agreement'
  | 'invitedAt'
  | 'confirmedAt'
  | 'leftAt'
  | 'bouncingSince'
  | 'fault'
>;

/** The key of its links is nobody's to read. */
const readMailbox = (row: ShownMailbox): MailboxView => ({
  id: row.id,
  address: row.address ?? '',
  label: row.label,
  personal: row.personal,
  state: row.state,
  agreement: row.agreement ?? null,
  invitedAt: parisTime(row.invitedAt),
  confirmedAt: parisTimeIf(row.confirmedAt),
  leftAt: parisTimeIf(row.leftAt),
  bouncingSince: parisTimeIf(row.bouncingSince),
  fault: row.fault ?? null,
});
