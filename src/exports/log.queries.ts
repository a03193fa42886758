import { momentColumns, numberColumn, type SheetColumn, truthColumn, wordColumn } from '../formats/sheet/sheet.ts';
import type { LogAudience, LogKind } from '../incident-log/log-line.rules.ts';
import { type LogLineView, type LogSearch, logConditions, logLines } from '../incident-log/log-lines.queries.ts';
import { masking } from '../reports/personal/personal.rules.ts';
import type { Territory } from '../territory/territory.ts';
import { type ExportedList, headingsOf } from './exported-list.ts';
import { inSnapshot, openPages } from './snapshot.ts';

type Communes = Pick<Territory, 'byCode' | 'communesOf'>;

/** The words of staff for the closed lists of logs: a correction of a line is no correction of a rumour. */
const LOG_WORD_OF: Readonly<Record<LogKind | LogAudience, string>> = {
  DEED: 'Acte',
  MESSAGE_IN: 'Message reçu',
  MESSAGE_OUT: 'Message émis',
  FACT: 'Fait',
  DECISION: 'Décision',
  REQUEST: 'Demande',
  ANSWER: 'Réponse',
  CORRECTION: 'Rectification',
  CELL: 'Cellule',
  PARTICIPANTS: 'Participants',
};

/** Lines of up to 4,000 signs, each looked through for what identifies people. */
const PAGE = 50;

/** Words without what identifies people, as far as it can be recognised: a file outlives the crisis. */
const withoutNumbers = (text: string | null): string | null => text && masking([]).mask(text);

const columnsIn = (territory: Communes): SheetColumn<LogLineView>[] => [
  numberColumn('N°', ({ number }) => number),
  wordColumn('Genre', ({ kind }) => LOG_WORD_OF[kind]),
  ...momentColumns<LogLineView>('Heure du fait', ({ happenedAt }) => happenedAt),
  ...momentColumns<LogLineView>('Écrite le', ({ writtenAt }) => writtenAt),
  wordColumn('Par (compte)', ({ by }) => by?.id ?? null),
  wordColumn('Organisme', ({ organisation }) => organisation?.name ?? null),
  wordColumn('De', ({ sender }) => withoutNumbers(sender)),
  wordColumn('À', ({ recipient }) => withoutNumbers(recipient)),
  wordColumn('Moyen', ({ means }) => withoutNumbers(means)),
  wordColumn('Texte', ({ text }) => withoutNumbers(text)),
  truthColumn('Importante', ({ important }) => important),
  wordColumn('Diffusion', ({ audience }) => LOG_WORD_OF[audience]),
  numberColumn('Rectifie la ligne', ({ correctsNumber }) => correctsNumber),
  numberColumn('Rectifiée par la ligne', ({ correctedByNumber }) => correctedByNumber),
  wordColumn('Dossier', ({ dossier }) => dossier),
  wordColumn('Signalement', ({ report }) => report),
  wordColumn('Communes (INSEE)', ({ communes }) =>
    territory
      .communesOf(communes)
      .map(({ name, code }) => `${name} (${code})`)
      .join(', '),
  ),
];

/** The log of an incident, as the query `log` lists it. */
export function exportedLog(territory: Communes): ExportedList {
  const columns = columnsIn(territory);
  return {
    field: 'log',
    noun: 'main-courante',
    action: 'exportLog',
    narrowedBy: 'where',
    headings: headingsOf(columns),
    words: LOG_WORD_OF,
    async open({ incident, where }, { em }) {
      const conditions = logConditions(where as LogSearch | null, territory);
      const read = (after: string | null) => logLines(em, incident as string, conditions, { first: PAGE, after });
      return inSnapshot(em, () => openPages(read, columns));
    },
  };
}
