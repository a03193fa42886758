import { LEVEL_WORDS } from '../../editorial/incidents/incident.words.ts';
import { formatDateTime } from '../../publications/content/date-time.ts';
import { marked } from '../../publications/ending/ending.words.ts';
import { type Html, html } from '../../web/html.ts';
import { pageText } from '../../web/page.ts';
import type { SituationParts, SituationSnapshot } from '../situation-report.rules.ts';
import type { SituationReportView } from '../situation-reports.queries.ts';
import { type FigureRow, figureRows } from './figure-rows.rules.ts';
import { BESIDE_EM, HEADING_EM, WORDS_EM } from './page-room.rules.ts';
import { cutToLines } from './printed-lines.rules.ts';
import { SITUATION_SHEET } from './situation-sheet.ts';

/** All that a page shows: what was frozen, or a draft with the figures of now. */
export interface ShownReport {
  report: SituationReportView;
  snapshot: SituationSnapshot;
  parts: SituationParts;
  tollSource: string | null;
}

const HEADINGS = {
  situation: 'Situation',
  measures: 'Mesures prises',
  outlook: 'Perspectives',
  wanted: 'Demandes',
} as const satisfies Partial<Record<keyof SituationParts, string>>;

/** The page of a situation report, in French: one A4 sheet once it is printed. It names organisations and no person. */
export function situationPage(shown: ShownReport): string {
  const { report, parts } = shown;
  const title = titleOf(report);
  return pageText({
    title: marked(report.mode, 'EXERCICE', title),
    head: html`<meta name="robots" content="noindex">`,
    sheet: SITUATION_SHEET,
    body: html`${band(report)}<main>
<h1>${cutToLines(title, 2, HEADING_EM)}</h1>
${facts(shown).map((line) => html`<p class="facts">${line}</p>\n`)}<section>
<h2>Chiffres</h2>
<dl>
${[...figureRows(shown.snapshot.figures), ...toll(shown)].map(({ name, text }) => html`<dt>${name}</dt><dd>${text}</dd>\n`)}</dl>
</section>
${Object.entries(HEADINGS).map(([name, heading]) => section(heading, parts[name as keyof typeof HEADINGS]))}</main>
${report.contentHash === null ? null : html`<footer><p>Empreinte (SHA-256) : ${report.contentHash}</p></footer>`}`,
  });
}

function titleOf({ number, edition, incident }: SituationReportView): string {
  return `Point de situation n° ${number}${edition > 1 ? `, édition ${edition}` : ''} – ${incident.title}`;
}

/** Said before anything else: that it is an exercise, and that it is not in force. */
function band({ mode, state, edition }: SituationReportView): Html | null {
  const words = [
    ...(mode === 'ACTUAL' ? [] : [mode === 'TEST' ? 'TEST' : 'EXERCICE']),
    ...(state === 'DRAFT' ? ['BROUILLON, chiffres provisoires'] : []),
    ...(state === 'REPLACED' ? [`REMPLACÉ PAR L’ÉDITION ${edition + 1}`] : []),
  ];
  return words.length === 0 ? null : html`<p class="band">${words.join(' – ')}</p>\n`;
}

function facts({ report, snapshot, parts }: ShownReport): string[] {
  const at = formatDateTime('full', 'fr', snapshot.asOf);
  const by = report.organisation ? ` par : ${report.organisation.name}` : '';
  const log = snapshot.logNumber > 0 ? `jusqu’à la ligne ${snapshot.logNumber}` : 'vide';
  const before = report.edition > 1 ? ` Remplace l’édition ${report.edition - 1}.` : '';
  const next = parts.nextAt === null ? '' : ` Prochain point : ${formatDateTime('long', 'fr', parts.nextAt)}.`;
  return [
    cutToLines(`${report.state === 'DRAFT' ? 'Chiffres du' : 'Arrêté le'} ${at}${by}`, 1, WORDS_EM),
    `Niveau : ${LEVEL_WORDS[snapshot.figures.level]}. Main courante : ${log}.${next}${before}`,
  ];
}

function toll({ parts: { toll: given }, tollSource }: ShownReport): FigureRow[] {
  if (!given) return [];
  // The hour before the name, which may be cut.
  const source = `Le ${formatDateTime('long', 'fr', given.countedAt)}, source : ${tollSource ?? 'inconnue'}`;
  return [{ name: 'Bilan', text: `${given.figure}\n${cutToLines(source, 1, BESIDE_EM)}` }];
}

const section = (heading: string, words: string | null): Html => html`<section>
<h2>${heading}</h2>
<p class="words">${words ?? 'Néant.'}</p>
</section>
`;
