import type { EntityManager } from '@mikro-orm/postgresql';
import { personInJson } from '../../access/account.queries.ts';
import type { NamedOrganisation } from '../../access/organisations/organisation.rules.ts';
import { listInJson } from '../../database/sql.ts';
import { sqlIn } from '../../database/sql-in.ts';
import { present } from '../../office/present.rules.ts';
import type { Content } from '../../publications/content/content.ts';
import type { ConfirmedOrder } from '../../publications/decision/confirmation.ts';
import type { PublicDocument, PublicView } from '../../publications/document.ts';
import type { Frozen } from '../../publications/frozen.ts';
import { viewOfNow } from '../../publications/view.ts';
import type { PublicationKind } from '../../publications/vocabulary.ts';
import { isUuid } from '../../uuid.ts';
import { type AskedSignature, missingAmong, type SignatureNeed } from '../signatures/needs.rules.ts';
import type { Stage } from './stage.rules.ts';

interface Person {
  id: string;
  name: string;
}

/** Everything the desk sees of one dossier, read by one statement: its parts cannot disagree. */
export interface DossierFile {
  id: string;
  kind: PublicationKind;
  stage: Stage;
  version: number;
  author: Person;
  publishAt: Date | null;
  cosignDueAt: Date | null;
  /** The revision in hand, else the live one, else the last that was given up. */
  revision: { number: number; content: Content; contentHash: string; minor: boolean; isPublished: boolean };
  /** The incident that the revision names. */
  incident: Frozen['incident'];
  live: PublicView | null;
  /** The oral order of what is public that was confirmed without a revision; null where none is. */
  confirmed: ConfirmedOrder | null;
  editors: Person[];
  approvals: { by: Person; organisation: NamedOrganisation; at: Date; contentHash: string }[];
  comments: { by: Person; at: Date; text: string }[];
  /** Signatures that the rules in force ask for: of what is in hand, and of an urgent publication that waits for its second one. */
  signaturesMissing: SignatureNeed[];
  /** Those of the urgent publication alone. */
  cosignaturesMissing: SignatureNeed[];
}

type InJson<T> = { [K in keyof T]: T[K] extends Date ? string : T[K] };

/** A dossier as PostgreSQL answers it. Moments are text that `Date` reads. */
type Row = Omit<
  DossierFile,
  | 'revision'
  | 'live'
  | 'publishAt'
  | 'cosignDueAt'
  | 'approvals'
  | 'comments'
  | 'signaturesMissing'
  | 'cosignaturesMissing'
> &
  DossierFile['revision'] & {
    live: PublicDocument | null;
    position: string | null;
    publishAt: string | null;
    cosignDueAt: string | null;
    approvals: InJson<DossierFile['approvals'][number]>[];
    comments: InJson<DossierFile['comments'][number]>[];
    asked: AskedSignature[];
    askedOfUrgent: AskedSignature[];
  };

const PERSON = personInJson('a');

// The three ways to a revision are tried in their order, each by an index; the last one for dossiers that were given up.
const FILES = `
  select d.id, d.kind, d.stage, d.version, d.publish_at as "publishAt", d.cosign_due_at as "cosignDueAt",
    ${PERSON} as author,
    r.number, r.content, r.content_hash as "contentHash", r.minor, r.published_at is not null as "isPublished",
    case when i.id is not null then json_build_object('id', i.id, 'slug', i.slug, 'title', i.title) end as incident,
    e.document as live, e.position, confirmed_order(d.id) as confirmed,
    case when d.stage <> 'ABANDONED' and r.published_at is null and r.abandoned_at is null then signatures_asked(r.id)
      else '[]' end as asked,
    signatures_asked(awaited_cosignature(d.id)) as "askedOfUrgent",
    ${listInJson(PERSON, 'a.id', 'revision_editor x join account a on a.id = x.account_id where x.revision_id = r.id')} as editors,
    ${listInJson(
      `json_build_object('at', x.at, 'contentHash', x.content_hash, 'organisation', x.organisation, 'by', ${PERSON})`,
      'x.at, x.id',
      `approval x join account a on a.id = x.by_id
       where x.revision_id = r.id and x.voided_at is null and x.content_hash = r.content_hash`,
    )} as approvals,
    ${listInJson(
      `json_build_object('at', x.at, 'text', x.text, 'by', ${PERSON})`,
      'x.at, x.id',
      'dossier_comment x join account a on a.id = x.by_id where x.dossier_id = d.id',
    )} as comments
  from dossier d join account a on a.id = d.author_id
  left join publication p on p.id = d.id
  left join journal_entry e on e.id = p.latest_entry_id
  join revision r on r.id = coalesce(
    (select id from revision where dossier_id = d.id and published_at is null and abandoned_at is null),
    p.live_revision_id,
    (select id from revision where dossier_id = d.id order by number desc, created_at desc limit 1))
  left join incident i on i.id = (r.content->>'incidentId')::uuid
  where d.id in (?)`;

/** Dossiers by their ids, as they stand now; ids of nothing are left out. The caller has checked the actor's permission. */
export async function dossierFiles(em: EntityManager, ids: readonly string[]): Promise<Map<string, DossierFile>> {
  const known = ids.filter(isUuid);
  if (known.length === 0) return new Map();
  const rows = await sqlIn(em)<Row>(FILES, [known]);
  return new Map(rows.map((row) => [row.id, fileOf(row)]));
}

/** A dossier as a command of the same request left it. */
export const writtenDossier = async (em: EntityManager, id: string): Promise<DossierFile> =>
  present((await dossierFiles(em, [id])).get(id), 'dossier', id);

const moment = (text: string | null): Date | null => (text === null ? null : new Date(text));

function fileOf({ number, content, contentHash, minor, isPublished, live, position, ...file }: Row): DossierFile {
  const { asked, askedOfUrgent, ...row } = file;
  return {
    ...row,
    live: live && viewOfNow(live, Number(position)),
    publishAt: moment(row.publishAt),
    cosignDueAt: moment(row.cosignDueAt),
    revision: { number, content, contentHash, minor, isPublished },
    approvals: row.approvals.map((approval) => ({ ...approval, at: new Date(approval.at) })),
    comments: row.comments.map((comment) => ({ ...comment, at: new Date(comment.at) })),
    signaturesMissing: missingAmong([...asked, ...askedOfUrgent]),
    cosignaturesMissing: missingAmong(askedOfUrgent),
  };
}
