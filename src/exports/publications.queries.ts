import { everyView } from '../board/every-view.queries.ts';
import { readFilter } from '../board/filter/filter.read.ts';
import type { PublicReads } from '../board/public-reads.ts';
import type { Sql } from '../database/sql.ts';
import { momentColumns, numberColumn, type SheetColumn, wordColumn } from '../formats/sheet/sheet.ts';
import { frenchText } from '../publications/content/content.ts';
import { hazardLabel } from '../publications/content/hazards.ts';
import { FRENCH } from '../publications/content/language.rules.ts';
import { type PublicView, publicStateAt } from '../publications/document.ts';
import { endingAt, endsAtOf } from '../publications/ending/ending.rules.ts';
import { kindOf } from '../publications/kinds.ts';
import { cellsOf, type ExportedList, headingsOf, MOST_ROWS } from './exported-list.ts';
import { WORD_OF } from './words.ts';

type Reads = Pick<PublicReads, 'board' | 'publicUrl' | 'territory'>;

/** A document of any size: some hold the words of forty languages and the outline of a river. */
const PAGE = 100;

const dangerOf = (view: PublicView) => kindOf(view.kind).danger(view);

const columnsAt = ({ publicUrl, territory }: Reads, now: number): SheetColumn<PublicView>[] => [
  wordColumn('Identifiant', ({ id }) => id),
  wordColumn('Genre', ({ kind }) => WORD_OF[kind]),
  wordColumn('Mode', ({ mode }) => WORD_OF[mode]),
  wordColumn('État', (view) => WORD_OF[publicStateAt(view, now)]),
  numberColumn('Révision', ({ revision }) => revision),
  wordColumn('Titre', (view) => frenchText(view).headline),
  wordColumn('Description', (view) => frenchText(view).description),
  wordColumn('Consignes', (view) => frenchText(view).instruction),
  wordColumn('Gravité', (view) => {
    const danger = dangerOf(view);
    return danger && WORD_OF[danger.severity];
  }),
  wordColumn('Aléa', (view) => {
    const danger = dangerOf(view);
    return danger && hazardLabel(danger.hazard, FRENCH);
  }),
  ...momentColumns<PublicView>('Début', ({ startsAt }) => startsAt),
  ...momentColumns<PublicView>('Fin', (view) => endsAtOf(view)),
  wordColumn('Terminée par', (view) => {
    const ending = endingAt(view, now);
    return ending && WORD_OF[ending.kind];
  }),
  wordColumn('Motif de l’annulation', ({ cancelled }) => cancelled?.reason ?? null),
  ...momentColumns<PublicView>('Publiée le', ({ publishedAt }) => publishedAt),
  ...momentColumns<PublicView>('Révisée le', ({ revisedAt }) => revisedAt),
  ...momentColumns<PublicView>('Confirmée le', ({ verifiedAt }) => verifiedAt),
  wordColumn('Lieux', ({ areas }) => areas.map(({ description }) => description).join('\n')),
  wordColumn('Communes (INSEE)', ({ communes }) =>
    territory
      .communesOf(communes)
      .map(({ name, code }) => `${name} (${code})`)
      .join(', '),
  ),
  wordColumn('Incident', ({ incident }) => incident?.title ?? null),
  wordColumn('Source', ({ source }) => source.name),
  wordColumn('Lien', ({ id }) => `${publicUrl}/publications/${id}`),
];

/** Publications, as the query `publications` lists them. `sql` reads those of the past. */
export const exportedPublications = (reads: Reads, sql: Sql): ExportedList => ({
  field: 'publications',
  noun: 'publications',
  action: 'exportPublications',
  narrowedBy: 'where',
  headings: headingsOf(columnsAt(reads, 0)),
  async open({ where }, { at }) {
    const filter = readFilter(where as Parameters<typeof readFilter>[0], reads.territory);
    const columns = columnsAt(reads, at.getTime());
    const { total, pages } = await everyView(reads, sql, filter, MOST_ROWS);
    return {
      total,
      async *pages() {
        for await (const views of pages(PAGE)) yield cellsOf(columns, views);
      },
      close: async () => undefined,
    };
  },
});
