import type { EntityManager } from '@mikro-orm/postgresql';
import { type ChangeMatch, type MatchedChange, matchedChange } from '../../board/filter/change-filter.rules.ts';
import { departedBy } from '../../board/filter/departed.rules.ts';
import type { PublicReads } from '../../board/public-reads.ts';
import { type Clock, instant } from '../../clock.ts';
import { sqlIn } from '../../database/sql-in.ts';
import type { Entry } from '../../journal/entry.ts';
import { pageAfter } from '../../journal/journal.ts';
import { type PublicDocument, publicStateAt } from '../../publications/document.ts';
import type { Departed } from '../../publications/ending/departed.rules.ts';
import { isMinor } from '../../publications/news.rules.ts';
import { gravity, KINDS, type Mode, type PublicationKind, type Severity } from '../../publications/vocabulary.ts';
import { askNotices, asksToBeRead } from '../notices/ask-notices.commands.ts';

/** Where letters are made from. */
export interface LetterSource extends Pick<PublicReads, 'journal' | 'territory' | 'publicUrl'> {
  clock: Clock;
}

const PAGE = 100;
const HOUR_MS = 3600_000;
/** How long the end of a publication is news; and how long a publication of which no end is known. */
const [END_MS, ENDLESS_MS] = [24 * HOUR_MS, 72 * HOUR_MS];

/** The changes that institutions are told of. The clock does nothing that was not announced; the page shows the ground. */
const NEWS = new Set(['PUBLISHED', 'UPDATED', 'CANCELLED', 'ALL_CLEAR']);

/** Whether there is any institution: without one there is nothing to enqueue and nothing to send. */
export const hasInstitutions = async (em: EntityManager): Promise<boolean> =>
  (await sqlIn(em)('select 1 from institution limit 1')).length > 0;

interface Reader {
  id: string;
  kinds: PublicationKind[] | null;
  communes: string[] | null;
  severityAtLeast: Severity | null;
  exercises: boolean;
  organisation: string | null;
  since: string;
}

/**
 * Makes the letters of the next entries, and moves the position past them, in one transaction. One hub does at a time: another one
 * passes over it. Answers whether there was an entry to work on.
 */
export async function enqueueLetters(em: EntityManager, source: LetterSource): Promise<boolean> {
  const head = source.journal.tail.head.position;
  return em.transactional(async (opened) => {
    const inside = opened as EntityManager;
    const sql = sqlIn(inside);
    const [at] = await sql<{ position: string }>(
      `select greatest(p.position, (select min(i.since) from institution i)) as position
       from letter_progress p where p.id = 1 and p.position < ? for update of p skip locked`,
      [head],
    );
    if (!at) return false;
    const from = Number(at.position);
    const page = from < head ? await pageAfter(source.journal, from, PAGE) : [];
    // Entries that this process cannot read yet wait; nothing is passed over.
    if (from < head && page.length === 0) return false;
    const readers = page.length > 0 ? await readersOf(inside) : [];
    for (const entry of page) await enqueue(inside, entry, readers, source.clock.now());
    const reached = page.at(-1)?.position ?? head;
    await sql('update letter_progress set position = ? where id = 1', [reached]);
    return true;
  });
}

const readersOf = (em: EntityManager): Promise<Reader[]> =>
  sqlIn(em)<Reader>(
    `select i.id, i.kinds, i.communes, i.severity_at_least as "severityAtLeast", i.exercises, i.organisation_id as organisation, i.since
     from institution i where exists (select from mailbox m where m.institution_id = i.id and m.state in ('CONFIRMED', 'MANDATED'))`,
  );

async function enqueue(em: EntityManager, entry: Entry<PublicDocument>, readers: readonly Reader[], now: Date) {
  if (!NEWS.has(entry.type) || isMinor(entry.type, entry.document)) return;
  const expires = expiryOf(entry, now);
  if (expires === null) return;
  const told = readers
    .filter(({ since }) => Number(since) < entry.position)
    .flatMap((reader) => {
      const filter = filterOf(reader);
      const change = matchedChange(filter, entry);
      return change ? [{ reader, departed: departedBy(filter, change) ?? null, change }] : [];
    });
  const among = await withoutThoseApart(em, entry, told);
  if (among.length === 0) return;
  const asked = among
    .filter(({ departed }) => asksToBeRead(entry.document, departed))
    .map(({ reader, change }) => ({ institution: reader.id, ring: change.ring }));
  await askNotices(em, entry.document, asked, now);
  const letters = among.map(({ reader, departed }) => ({ institution: reader.id, departed }));
  await write(em, entry, letters, { now, expires });
}

/** When a letter of this entry has nothing to tell any more; null where that has come already. */
function expiryOf({ document, atMs }: Entry<PublicDocument>, now: Date): Date | null {
  const isOver = document.cancelled !== null || document.allClear !== null;
  if (!isOver && publicStateAt(document, now.getTime()) === 'ENDED') return null;
  const end = isOver ? atMs + END_MS : document.endsAt ? instant(document.endsAt) : now.getTime() + ENDLESS_MS;
  return end > now.getTime() ? new Date(end) : null;
}

/** A test is told to nobody by e-mail, and an exercise to those who asked for exercises (I-49). */
const filterOf = ({ kinds, communes, severityAtLeast, exercises }: Reader): ChangeMatch => ({
  modes: new Set<Mode>(exercises ? ['ACTUAL', 'EXERCISE'] : ['ACTUAL']),
  kinds: new Set(kinds ?? KINDS),
  least: severityAtLeast ? gravity(severityAtLeast) : 0,
  ...(communes ? { communes: new Set(communes) } : {}),
});

interface Told {
  reader: Reader;
  departed: Departed | null;
  change: MatchedChange;
}

/** Of an exercise, where its incident names organisations that take part, those institutions alone. */
async function withoutThoseApart(
  em: EntityManager,
  { document }: Entry<PublicDocument>,
  told: Told[],
): Promise<Told[]> {
  const incident = document.incident?.id;
  if (document.mode === 'ACTUAL' || !incident || told.length === 0) return told;
  const rows = await sqlIn(em)<{ organisation: string }>(
    'select organisation_id as organisation from incident_participant where incident_id = ?',
    [incident],
  );
  const takePart = new Set(rows.map(({ organisation }) => organisation));
  return takePart.size === 0 ? told : told.filter(({ reader }) => takePart.has(reader.organisation ?? ''));
}

/** Letters for every mailbox of some institutions; those of the same publication that wait are overtaken. */
async function write(
  em: EntityManager,
  { subject, position }: Entry,
  letters: readonly { institution: string; departed: Departed | null }[],
  { now, expires }: { now: Date; expires: Date },
): Promise<void> {
  const at = now.toISOString();
  const sql = sqlIn(em);
  // Locked before their letters, as the commands of staff do: two transactions that want both never wait for each other.
  const mailboxes = await sql<{ id: string; institution: string }>(
    `select m.id, m.institution_id as institution from mailbox m
     where m.institution_id in (?) and m.state in ('CONFIRMED', 'MANDATED') order by m.id for share`,
    [letters.map(({ institution }) => institution)],
  );
  const departures = new Map(letters.map(({ institution, departed }) => [institution, departed]));
  const rows = mailboxes.map(({ id, institution }) => ({ id, departed: departures.get(institution) ?? null }));
  if (rows.length === 0) return;
  await sql(
    `with chosen as (select id, departed from jsonb_to_recordset(?::jsonb) as w(id uuid, departed jsonb)),
     overtaken as (
       update letter l set state = 'OVERTAKEN', ended_at = ? from chosen c
       where l.mailbox_id = c.id and l.publication = ? and l.state = 'WAITING' and l.position < ?)
     insert into letter (id, mailbox_id, purpose, publication, position, departed, state, attempts, created_at, due_at, expires_at)
     select gen_random_uuid(), c.id, 'NEWS', ?, ?, nullif(c.departed, 'null'::jsonb), 'WAITING', 0, ?, ?, ? from chosen c
     on conflict (mailbox_id, position) do nothing`,
    [JSON.stringify(rows), at, subject, position, subject, position, at, at, expires.toISOString()],
  );
}
