import { DUTY_FUNCTION_WORDS } from '../../duty/duty.words.ts';
import { formatDateTime } from '../../publications/content/date-time.ts';
import type { PublicationKind, PublicState, Severity } from '../../publications/vocabulary.ts';
import type { ReportState } from '../../reports/report.rules.ts';
import type { CountInForce, SituationFigures } from '../situation-figures.ts';
import { BESIDE_EM, HEADLINES, LIST_LINES } from './page-room.rules.ts';
import { cutToLines, listWithin } from './printed-lines.rules.ts';

/** One line of figures: its name, and what is said beside it. */
export interface FigureRow {
  name: string;
  text: string;
}

const KINDS: Readonly<Record<PublicationKind, [one: string, several: string]>> = {
  ALERT: ['Alerte', 'alertes'],
  ADVICE: ['Conseil', 'conseils'],
  EVENT: ['Événement', 'événements'],
  CLOSURE: ['Route', 'fermetures de route'],
  CORRECTION: ['Démenti', 'démentis'],
  AID_POINT: ['Point d’accueil', 'points d’accueil'],
};
const GRAVITIES: Readonly<Record<Severity, string>> = {
  EXTREME: 'extrême',
  SEVERE: 'grave',
  MODERATE: 'modérée',
  MINOR: 'mineure',
  UNKNOWN: 'inconnue',
};
const REPORTS: Readonly<Record<ReportState, string>> = {
  NEW: 'nouveaux',
  CLAIMED: 'en vérification',
  CONFIRMED: 'confirmés',
  PARTLY_CONFIRMED: 'confirmés en partie',
  UNVERIFIABLE: 'invérifiables',
  REFUTED: 'réfutés',
  OUTDATED: 'dépassés',
  ANSWERED: 'répondus',
  DUPLICATE: 'doublons',
  NOT_USEFUL: 'sans utilité',
};
const CORRECTIONS: Readonly<Record<PublicState, string>> = {
  UPCOMING: 'à venir',
  IN_FORCE: 'en vigueur',
  ENDED: 'terminés',
  CANCELLED: 'annulés',
};

const FRENCH_NUMBER = new Intl.NumberFormat('fr-FR');
const say = (count: number): string => FRENCH_NUMBER.format(count);
const counted = (parts: readonly [name: string, count: number][]): string =>
  parts
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name} ${say(count)}`)
    .join(', ');
const total = (counts: readonly { count: number }[]): number => counts.reduce((sum, { count }) => sum + count, 0);

/** The figures of a situation report in the words of its page, in their order. */
export const figureRows = (figures: SituationFigures): FigureRow[] => [
  { name: 'En vigueur', text: inForce(figures) },
  { name: 'Évolution', text: evolution(figures) },
  { name: 'Les plus graves', text: gravest(figures) },
  { name: 'Communes', text: communes(figures) },
  { name: 'Routes', text: closures(figures) },
  { name: 'Signalements', text: reports(figures) },
  ...questions(figures),
  {
    name: 'Démentis',
    text: counted(figures.corrections.map(({ state, count }) => [CORRECTIONS[state], count])) || 'aucun',
  },
  { name: 'Sources en défaut', text: sources(figures) },
  {
    name: 'De garde',
    text: counted(figures.onDuty.map(({ dutyFunction: of, count }) => [DUTY_FUNCTION_WORDS[of], count])) || 'personne',
  },
];

function inForce({ inForce: counts, upcoming }: SituationFigures): string {
  const ahead = upcoming > 0 ? ` ; à venir ${say(upcoming)}` : '';
  if (counts.length === 0) return `rien${ahead}`;
  const kinds = [...Map.groupBy(counts, ({ kind }) => kind)].map(([kind, some]) => ofKind(kind, some));
  return `${say(total(counts))} : ${kinds.join(', ')}${ahead}`;
}

function ofKind(kind: PublicationKind, some: readonly CountInForce[]): string {
  const gravities = counted(
    some.flatMap(({ severity, count }): [string, number][] =>
      severity === null ? [] : [[GRAVITIES[severity], count]],
    ),
  );
  return `${KINDS[kind][1]} ${say(total(some))}${gravities && ` (${gravities})`}`;
}

function evolution({ since, published, changed, ended }: SituationFigures): string {
  const from = since === null ? 'depuis l’ouverture' : `depuis le ${formatDateTime('short', 'fr', since)}`;
  return `${from} : nouvelles ${say(published)}, modifiées ${say(changed)}, terminées ${say(ended)}`;
}

function gravest({ gravest: items, inForce: counts }: SituationFigures): string {
  const shown = items.slice(0, HEADLINES).map(({ kind, severity, headline }) => {
    const gravity = severity === null ? '' : `, ${GRAVITIES[severity]}`;
    return cutToLines(`${KINDS[kind][0]}${gravity} : ${headline.replaceAll('\n', ' ')}`, 1, BESIDE_EM);
  });
  const left = total(counts) - shown.length;
  if (left > 0) shown.push(`et ${say(left)} ${left === 1 ? 'autre' : 'autres'}`);
  return shown.join('\n') || 'rien';
}

function communes({ communeNames, inhabitants }: SituationFigures): string {
  if (communeNames.length === 0) return 'aucune';
  const people = inhabitants === null ? '' : ` (${say(inhabitants)} habitants)`;
  return listWithin(`${say(communeNames.length)}${people} : `, communeNames, LIST_LINES.communes, BESIDE_EM);
}

function closures({ closures: { planned, inPlace, notStarted, reopened, unseen } }: SituationFigures): string {
  if (planned === 0) return 'aucune fermeture en ce moment';
  const seen = counted([
    ['constatées en place', inPlace],
    ['pas commencées', notStarted],
    ['rouvertes', reopened],
    ['pas encore vues', unseen],
  ]);
  return `fermées ou restreintes ${say(planned)}, dont ${seen}`;
}

function reports({ reports: counts, reportsToCheck }: SituationFigures): string {
  const states = counted(counts.map(({ state, count }) => [REPORTS[state], count]));
  const resting = counts.length === 0 ? 'aucun rattaché' : `rattachés ${say(total(counts))} : ${states}`;
  return `${resting} ; à vérifier, tous incidents confondus : ${say(reportsToCheck)}`;
}

/** None in what was frozen before the hub counted them. */
function questions({ questions: counts }: SituationFigures): FigureRow[] {
  if (!counts) return [];
  const { unanswered, answered, outdated, redirected, toGroup } = counts;
  const groups = counted([
    ['sans réponse', unanswered],
    ['répondues', answered],
    ['à revoir', outdated],
    ['renvoyées', redirected],
  ]);
  return [
    { name: 'Questions', text: `${groups || 'aucune'} ; à regrouper, tous incidents confondus : ${say(toGroup)}` },
  ];
}

const sources = ({ sourcesAtFault }: SituationFigures): string =>
  sourcesAtFault.length === 0
    ? 'aucune'
    : listWithin(`${say(sourcesAtFault.length)} : `, sourcesAtFault, LIST_LINES.sources, BESIDE_EM);
