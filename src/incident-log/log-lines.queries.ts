import type { EntityManager } from '@mikro-orm/postgresql';
import { z } from 'zod';
import { personIfInJson } from '../access/account.queries.ts';
import type { NamedOrganisation } from '../access/organisations/organisation.rules.ts';
import { demand } from '../access/permissions.rules.ts';
import { instant, parisTime, parisTimeIf } from '../clock.ts';
import { sqlIn } from '../database/sql-in.ts';
import { type FieldFault, invalidInput } from '../errors.ts';
import { notFound } from '../office/lock.queries.ts';
import { Keyset } from '../paging/keyset.rules.ts';
import { demandFirst, LARGEST_DESK_PAGE, type Page, type PageRequest } from '../paging/page.rules.ts';
import { oneOf, type RowCondition, type SqlList, sqlPage } from '../paging/sql-list.queries.ts';
import type { Person } from '../reports/report-view.ts';
import { codesOfToday, type Territory } from '../territory/territory.ts';
import { isUuid } from '../uuid.ts';
import type { LineWords, LogAudience, LogKind } from './log-line.rules.ts';
import type { LogWork } from './log-work.ts';

/** A line as the cell reads it. */
export interface LogLineView extends LineWords {
  id: string;
  incident: string;
  number: number;
  kind: LogKind;
  happenedAt: string;
  writtenAt: string;
  by: Person | null;
  organisation: NamedOrganisation | null;
  important: boolean;
  audience: LogAudience;
  corrects: string | null;
  correctsNumber: number | null;
  correctedBy: string | null;
  correctedByNumber: number | null;
  /** The id of a dossier, which is that of its publication. */
  dossier: string | null;
  report: string | null;
  /** INSEE codes. */
  communes: readonly string[];
  /** When people were last taken out of its words; null where nobody was. */
  maskedAt: string | null;
}

export interface LogSearch {
  kinds?: readonly LogKind[] | null;
  audience?: LogAudience | null;
  from?: string | null;
  to?: string | null;
  organisations?: readonly string[] | null;
  communes?: readonly string[] | null;
  important?: boolean | null;
  publication?: string | null;
  /** French words; accents and case do not matter. */
  search?: string | null;
}

// One statement, so one moment: a line, its words and its correction cannot disagree.
const VIEWS = `
  select l.id, l.incident_id as incident, l.number, l.kind, l.happened_at as "happenedAt", l.written_at as "writtenAt",
    ${personIfInJson('a')} as by, l.organisation,
    l.important, l.audience, l.corrects_id as corrects, o.number as "correctsNumber", c.id as "correctedBy",
    c.number as "correctedByNumber", l.dossier, l.report, l.communes, w.means, w.sender, w.recipient, w.text,
    w.masked_at as "maskedAt"
  from log_line l join log_words w on w.line_id = l.id left join account a on a.id = l.by_id
  left join log_line o on o.id = l.corrects_id left join log_line c on c.corrects_id = l.id
  where l.id in (?)`;

/** Lines by their ids; ids of nothing are left out. The caller has checked the actor's permission. */
export async function logLineViews(em: EntityManager, ids: readonly string[]): Promise<LogLineView[]> {
  if (ids.length === 0) return [];
  const rows = await sqlIn(em)<LogLineView>(VIEWS, [ids]);
  return rows.map((row) => ({
    ...row,
    happenedAt: parisTime(new Date(row.happenedAt)),
    writtenAt: parisTime(new Date(row.writtenAt)),
    maskedAt: parisTimeIf(row.maskedAt === null ? null : new Date(row.maskedAt)),
  }));
}

const NEWEST: SqlList<{ id: string; number: number }, [number: number]> = {
  keys: new Keyset(z.tuple([z.int32().min(0)])),
  select: 'l.id, l.number',
  from: 'log_line l join log_words w on w.line_id = l.id',
  key: [{ sql: 'l.number', type: 'int' }],
  order: 'desc',
  keyOf: ({ number }) => [number],
};

/**
 * One page of the log of an incident, the newest line first. NOT_FOUND without the incident; INVALID_INPUT for a page size, a
 * cursor or a filter that cannot be.
 */
export async function logPage(
  { em, actor, territory }: Pick<LogWork, 'em' | 'actor' | 'territory'>,
  incident: string,
  where: LogSearch | null,
  request: PageRequest,
): Promise<Page<LogLineView>> {
  demand(actor, 'readLog');
  demandFirst(request.first, LARGEST_DESK_PAGE);
  return logLines(em, incident, logConditions(where, territory), request);
}

/** The same for conditions that were read. The caller has checked the page size and the actor's permission. */
export async function logLines(
  em: EntityManager,
  incident: string,
  conditions: readonly RowCondition[],
  request: PageRequest,
): Promise<Page<LogLineView>> {
  await demandIncident(em, incident);
  const ofIncident: RowCondition = { sql: 'l.incident_id = ?::uuid', values: [incident] };
  return sqlPage(em, NEWEST, [ofIncident, ...conditions], request, (ids) => logLineViews(em, ids));
}

/** Throws NOT_FOUND unless there is such an incident. */
async function demandIncident(em: EntityManager, id: string): Promise<void> {
  const found = isUuid(id) ? await sqlIn(em)('select from incident where id = ?::uuid', [id]) : [];
  if (found.length === 0) throw notFound('incident', id);
}

const LONGEST_SEARCH = 200;
// As the index of the words has it.
const WORDS = `search_vector(coalesce(w.sender, '') || ' ' || coalesce(w.recipient, '') || ' ' || w.text)`;

/** The conditions of a filter. INVALID_INPUT names what is wrong, paths below `where`. */
export function logConditions(where: LogSearch | null, territory: Pick<Territory, 'byCode'>): RowCondition[] {
  const { kinds, audience, from, to, organisations, communes, important, publication, search } = where ?? {};
  const faults: FieldFault[] = [];
  const conditions: RowCondition[] = [];
  const hold = (sql: string, ...values: unknown[]) => void conditions.push({ sql, values });
  if (kinds) conditions.push(oneOf('l.kind', kinds));
  if (audience) hold('l.audience = ?', audience);
  if (from) hold('l.happened_at >= ?::timestamptz', isoOf(from));
  if (to) hold('l.happened_at < ?::timestamptz', isoOf(to));
  if (organisations) conditions.push(oneOf(`l.organisation->>'id'`, idsOf(organisations, 'organisations', faults)));
  if (communes)
    hold('l.communes && ?::text[]', `{${codesOfToday(communes, 'where.communes', territory, faults).join(',')}}`);
  if (typeof important === 'boolean') hold('l.important = ?', important);
  if (publication) hold('l.dossier = ?::uuid', ...idsOf([publication], 'publication', faults));
  if (search && search.length > LONGEST_SEARCH)
    faults.push({
      path: 'where.search',
      message: `must have at most ${LONGEST_SEARCH} characters, has ${search.length}`,
    });
  // PostgreSQL's protocol refuses U+0000, which is part of no word.
  if (search) hold(`${WORDS} @@ search_query(?)`, search.replaceAll('\0', ' '));
  if (faults.length > 0) throw invalidInput(faults);
  return conditions;
}

const isoOf = (at: string): string => new Date(instant(at)).toISOString();

function idsOf(ids: readonly string[], field: 'organisations' | 'publication', faults: FieldFault[]): string[] {
  ids.forEach((id, index) => {
    if (isUuid(id)) return;
    const path = field === 'publication' ? 'where.publication' : `where.organisations.${index}`;
    faults.push({
      path,
      message: field === 'publication' ? 'must be the id of a publication' : 'must be the id of an organisation',
    });
  });
  return ids.map((id) => id.toLowerCase());
}
