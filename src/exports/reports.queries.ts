import { type EntityManager, IsolationLevel } from '@mikro-orm/postgresql';
import { momentColumns, numberColumn, type SheetColumn, truthColumn, wordColumn } from '../formats/sheet/sheet.ts';
import { LARGEST_DESK_PAGE, type Page } from '../paging/page.rules.ts';
import { type ReportSearch, reportsAsOf } from '../reports/report.queries.ts';
import type { ConclusionView, ReportView } from '../reports/report-view.ts';
import type { Territory } from '../territory/territory.ts';
import { cellsOf, type ExportedList, headingsOf, type OpenedExport } from './exported-list.ts';
import { WORD_OF } from './words.ts';

type Communes = Pick<Territory, 'byCode'>;

/** Its words are those that the whole desk reads: what identifies people was taken out of them. People of the desk have ids. */
const columnsIn = (territory: Communes): SheetColumn<ReportView>[] => [
  wordColumn('Identifiant', ({ id }) => id),
  wordColumn('État', ({ state }) => WORD_OF[state]),
  ...momentColumns<ReportView>('Transmis le', ({ submittedAt }) => submittedAt),
  ...momentColumns<ReportView>('Vu le', ({ seenAt }) => seenAt),
  wordColumn('Commune', ({ commune }) => (commune && territory.byCode(commune)?.name) || null),
  wordColumn('Code INSEE', ({ commune }) => commune),
  numberColumn('Latitude', ({ point }) => point?.coordinates[1] ?? null),
  numberColumn('Longitude', ({ point }) => point?.coordinates[0] ?? null),
  wordColumn('Catégorie', ({ category }) => category),
  wordColumn('Canal', ({ channel }) => channel),
  wordColumn('Texte', ({ text }) => text),
  wordColumn('Adresse', ({ url }) => url),
  truthColumn('Signalé à l’encadrement', ({ escalated }) => escalated),
  truthColumn('Sur la carte publique', ({ markedPublic }) => markedPublic),
  wordColumn('Transmis par (compte)', ({ submittedBy }) => submittedBy.id),
  wordColumn('En vérification par (compte)', ({ claimedBy }) => claimedBy?.id ?? null),
  wordColumn('Doublon de', ({ duplicateOf }) => duplicateOf),
  ...momentColumns<ReportView>('Conclu le', ({ conclusion }) => conclusion?.at ?? null),
  wordColumn('Motif', ({ conclusion }) => conclusion?.explanation ?? null),
  wordColumn('Preuves', ({ conclusion }) => conclusion && evidenceOf(conclusion)),
  wordColumn('Conclu par (compte)', ({ conclusion }) => conclusion?.by.id ?? null),
];

const evidenceOf = ({ evidence }: ConclusionView): string =>
  evidence.map(({ label, url, official }) => `${label}${official ? ' (officiel)' : ''} : ${url}`).join('\n');

/** The reports of the desk, as the query `reports` lists them. */
export function exportedReports(territory: Communes): ExportedList {
  const columns = columnsIn(territory);
  return {
    field: 'reports',
    noun: 'signalements',
    action: 'exportReports',
    narrowedBy: 'search',
    headings: headingsOf(columns),
    async open(given, { em, at }) {
      const read = (after: string | null) =>
        reportsAsOf(em, { ...(given as Partial<ReportSearch>), first: LARGEST_DESK_PAGE, after }, at);
      return inSnapshot(em, async () => {
        const first = await read(null);
        return { total: await first.totalCount(), pages: () => pagesFrom(first, read, columns) };
      });
    },
  };
}

/** A report changes while others are sent: one transaction reads them all as they stood when it began. */
async function inSnapshot(em: EntityManager, open: () => Promise<Omit<OpenedExport, 'close'>>): Promise<OpenedExport> {
  await em.begin({ isolationLevel: IsolationLevel.REPEATABLE_READ, readOnly: true });
  // PostgreSQL may have ended the session: then nothing is held any more.
  const close = () => em.rollback().catch(() => undefined);
  try {
    return { ...(await open()), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function* pagesFrom(
  first: Page<ReportView>,
  read: (after: string | null) => Promise<Page<ReportView>>,
  columns: readonly SheetColumn<ReportView>[],
): ReturnType<OpenedExport['pages']> {
  for (let page = first; ; page = await read(page.pageInfo.endCursor())) {
    yield cellsOf(columns, page.nodes);
    if (!page.pageInfo.hasNextPage) return;
  }
}
