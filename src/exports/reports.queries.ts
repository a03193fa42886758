import { momentColumns, numberColumn, type SheetColumn, truthColumn, wordColumn } from '../formats/sheet/sheet.ts';
import { LARGEST_DESK_PAGE } from '../paging/page.rules.ts';
import { type ReportSearch, reportsAsOf } from '../reports/report.queries.ts';
import type { ConclusionView, ReportView } from '../reports/report-view.ts';
import type { Territory } from '../territory/territory.ts';
import { type ExportedList, headingsOf } from './exported-list.ts';
import { inSnapshot, openPages } from './snapshot.ts';
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
      return inSnapshot(em, () => openPages(read, columns));
    },
  };
}
