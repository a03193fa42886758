import { momentOf, rowsOf, type Section, uuids } from './archive-source.ts';

interface DossierRow {
  id: string;
  kind: string;
  stage: string;
  at: string;
  author: string;
  publishAt: string | null;
  scheduledBy: string | null;
}

export const dossiersSection: Section = async function* ({ sql, threads, people }) {
  const rows = rowsOf<DossierRow>(
    sql,
    `select id, kind, stage, created_at as at, author_id as author, publish_at as "publishAt", scheduled_by_id as "scheduledBy"
     from dossier where id = any(?::uuid[]) order by created_at, id`,
    [uuids(threads)],
  );
  for await (const { at, author, publishAt, scheduledBy, ...row } of rows)
    yield {
      type: 'dossier',
      ...row,
      at: momentOf(at),
      by: people.of(author),
      publishAt: momentOf(publishAt),
      scheduledBy: people.of(scheduledBy),
    };
};

interface RevisionRow {
  dossier: string;
  number: number;
  minor: boolean;
  mode: string;
  severity: string | null;
  contentHash: string;
  createdAt: string;
  publishedAt: string | null;
  abandonedAt: string | null;
  changedFields: string[] | null;
  editors: string[];
  urgentBy: string | null;
  urgentReason: string | null;
  decision: {
    authority: string;
    form: string;
    act: string | null;
    decidedAt: string;
    call?: { heardAt: string; calledBackAt: string | null; whyNotCalledBack: string | null } | null;
  } | null;
}

const REVISIONS = `
  select r.dossier_id as dossier, r.number, r.minor, r.mode, r.severity, r.content_hash as "contentHash", r.created_at as "createdAt",
    r.published_at as "publishedAt", r.abandoned_at as "abandonedAt", r.changed_fields as "changedFields",
    array(select e.account_id from revision_editor e where e.revision_id = r.id order by e.account_id) as editors,
    r.urgent_by_id as "urgentBy", r.urgent_reason as "urgentReason", r.content->'decision' as decision
  from revision r where r.dossier_id = any(?::uuid[]) order by r.created_at, r.id`;

/** Each version that was written: when, by how many, how it was released. Its words are those of its entry, once it is public. */
export const revisionsSection: Section = async function* ({ sql, threads, people }) {
  for await (const row of rowsOf<RevisionRow>(sql, REVISIONS, [uuids(threads)])) {
    const { createdAt, publishedAt, abandonedAt, editors, urgentBy, urgentReason, decision, ...rest } = row;
    const call = decision?.call;
    yield {
      type: 'revision',
      ...rest,
      at: momentOf(createdAt),
      publishedAt: momentOf(publishedAt),
      abandonedAt: momentOf(abandonedAt),
      editors: editors.map((account) => people.of(account)),
      urgent: urgentBy && { by: people.of(urgentBy), reason: people.clean(urgentReason) },
      decision: decision && {
        authority: decision.authority,
        form: decision.form,
        act: people.clean(decision.act),
        decidedAt: decision.decidedAt,
        call: call && {
          heardAt: call.heardAt,
          calledBackAt: call.calledBackAt,
          whyNotCalledBack: people.clean(call.whyNotCalledBack),
        },
      },
    };
  }
};

interface ApprovalRow {
  dossier: string;
  revision: number;
  at: string;
  by: string;
  organisation: { kind: string; name: string };
  contentHash: string;
  voidedAt: string | null;
}

export const approvalsSection: Section = async function* ({ sql, threads, people }) {
  const rows = rowsOf<ApprovalRow>(
    sql,
    `select r.dossier_id as dossier, r.number as revision, a.at, a.by_id as by, a.organisation, a.content_hash as "contentHash",
       a.voided_at as "voidedAt"
     from approval a join revision r on r.id = a.revision_id where r.dossier_id = any(?::uuid[]) order by a.at, a.id`,
    [uuids(threads)],
  );
  for await (const { at, by, organisation, voidedAt, ...row } of rows)
    yield {
      type: 'approval',
      ...row,
      at: momentOf(at),
      by: people.of(by),
      organisation: { kind: organisation.kind, name: organisation.name },
      voidedAt: momentOf(voidedAt),
    };
};

export const commentsSection: Section = async function* ({ sql, threads, people }) {
  const rows = rowsOf<{ dossier: string; at: string; by: string; text: string }>(
    sql,
    'select dossier_id as dossier, at, by_id as by, text from dossier_comment where dossier_id = any(?::uuid[]) order by at, id',
    [uuids(threads)],
  );
  for await (const { dossier, at, by, text } of rows)
    yield { type: 'comment', dossier, at: momentOf(at), by: people.of(by), text: people.clean(text) };
};
