import type { EntityManager } from '@mikro-orm/postgresql';
import { z } from 'zod';
import type { Actor } from '../../access/actor.ts';
import { demand } from '../../access/permissions.rules.ts';
import { parisTime, parisTimeIf } from '../../clock.ts';
import { sqlIn } from '../../database/sql-in.ts';
import { invalidInput } from '../../errors.ts';
import { present } from '../../office/present.rules.ts';
import { ID_PART, Keyset } from '../../paging/keyset.rules.ts';
import { demandFirst, type Page, type PageRequest } from '../../paging/page.rules.ts';
import { type SqlList, sqlPage } from '../../paging/sql-list.queries.ts';
import { isUuid } from '../../uuid.ts';
import type { NoticeState } from '../vocabulary.ts';

export interface NoticeView {
  id: string;
  institutionId: string;
  publicationId: string;
  revision: number;
  state: NoticeState;
  askedAt: string;
  sentAt: string | null;
  acknowledgedAt: string | null;
  acknowledgedAs: string | null;
}

export interface NoticeSearch extends PageRequest {
  publication: string;
  /** Those that nobody has read for so many minutes; null: all. */
  unreadForMinutes?: number | null;
}

const LATEST: SqlList<{ id: string; at: string }, [at: string, id: string]> = {
  keys: new Keyset(z.tuple([z.iso.datetime(), ID_PART])),
  select: 'id, asked_at as at',
  from: 'institution_notice',
  key: [
    { sql: 'asked_at', type: 'timestamptz' },
    { sql: 'id', type: 'uuid' },
  ],
  order: 'asc',
  keyOf: ({ at, id }) => [new Date(at).toISOString(), id],
};

/** A page of those who were written to about a publication; those who wait longest come first. */
export async function noticesPage(
  em: EntityManager,
  actor: Actor | null,
  { publication, unreadForMinutes: minutes, ...request }: NoticeSearch,
  now: Date,
): Promise<Page<NoticeView>> {
  demand(actor, 'readInstitutions');
  demandFirst(request.first);
  const unreadForMinutes = minutes ?? null;
  if (unreadForMinutes !== null && (unreadForMinutes < 0 || unreadForMinutes > 10_080))
    throw invalidInput([{ path: 'unreadForMinutes', message: 'must lie between 0 and 10080' }]);
  if (!isUuid(publication)) throw invalidInput([{ path: 'publication', message: 'must be the id of a publication' }]);
  const unread =
    unreadForMinutes === null
      ? []
      : [
          {
            sql: 'acknowledged_at is null and asked_at <= ?',
            values: [new Date(now.getTime() - unreadForMinutes * 60_000).toISOString()],
          },
        ];
  const of = { sql: 'publication = ?::uuid', values: [publication] };
  return sqlPage(em, LATEST, [of, ...unread], request, (ids) => noticeViews(em, ids));
}

/** One notice, which exists. The caller has checked the actor's permission. */
export async function noticeView(em: EntityManager, id: string): Promise<NoticeView> {
  const [view] = await noticeViews(em, [id]);
  return present(view, 'notice', id);
}

/** A notice as the link of a letter leads to it. */
export interface LinkedNotice {
  id: string;
  institutionId: string;
  institution: string;
  publication: string;
  takenBy: string | null;
}

/** The notice of a publication to the institution whose mailbox has this key; undefined where there is none. */
export async function noticeBehind(
  em: EntityManager,
  key: string,
  publication: string,
): Promise<LinkedNotice | undefined> {
  if (!isUuid(publication)) return undefined;
  const [found] = await sqlIn(em)<LinkedNotice>(
    `select n.id, n.institution_id as "institutionId", i.name as institution, n.publication, n.acknowledged_as as "takenBy"
     from mailbox m join institution i on i.id = m.institution_id
     join institution_notice n on n.institution_id = i.id and n.publication = ?::uuid
     where m.key = ? and m.state in ('CONFIRMED', 'MANDATED')`,
    [publication, key],
  );
  return found;
}

interface Row extends Omit<NoticeView, 'askedAt' | 'sentAt' | 'acknowledgedAt' | 'state'> {
  askedAt: Date | string;
  sentAt: Date | string | null;
  acknowledgedAt: Date | string | null;
  waits: boolean;
  isRefused: boolean;
}

/** The state follows from the letters since it asks: sent where one mailbox has it. */
async function noticeViews(em: EntityManager, ids: readonly string[]): Promise<NoticeView[]> {
  if (ids.length === 0) return [];
  const rows = await sqlIn(em)<Row>(
    `select n.id, n.institution_id as "institutionId", n.publication as "publicationId", n.revision, n.asked_at as "askedAt",
       n.acknowledged_at as "acknowledgedAt", n.acknowledged_as as "acknowledgedAs", l.sent as "sentAt",
       coalesce(l.waits, false) as waits, coalesce(l.refused, false) as "isRefused"
     from institution_notice n left join lateral (
       select min(l.ended_at) filter (where l.state = 'SENT') as sent, bool_or(l.state = 'WAITING') as waits,
         bool_or(l.state = 'REFUSED') as refused
       from letter l join mailbox m on m.id = l.mailbox_id
       where m.institution_id = n.institution_id and l.publication = n.publication and l.created_at >= n.asked_at) l on true
     where n.id in (?)`,
    [ids],
  );
  return rows.map(({ waits, isRefused, askedAt, sentAt, acknowledgedAt, ...row }) => ({
    ...row,
    state: acknowledgedAt ? 'ACKNOWLEDGED' : sentAt ? 'SENT' : waits ? 'WAITING' : isRefused ? 'REFUSED' : 'GIVEN_UP',
    askedAt: parisTime(new Date(askedAt)),
    sentAt: parisTimeIf(sentAt === null ? null : new Date(sentAt)),
    acknowledgedAt: parisTimeIf(acknowledgedAt === null ? null : new Date(acknowledgedAt)),
  }));
}
