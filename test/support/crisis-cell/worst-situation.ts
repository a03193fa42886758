import { DUTY_FUNCTIONS } from '../../../src/duty/duty.rules.ts';
import { KINDS, PUBLIC_STATES, SEVERITIES } from '../../../src/publications/vocabulary.ts';
import { REPORT_STATES } from '../../../src/reports/report.rules.ts';
import type { ShownReport } from '../../../src/situation-reports/page/situation-page.ts';
import type { SituationFigures } from '../../../src/situation-reports/situation-figures.ts';
import { NO_WORDS } from '../../../src/situation-reports/situation-report.rules.ts';
import type { Territory } from '../../../src/territory/territory.ts';

const MANY = 99_999;
const LATE = '2026-09-30T23:59:00+02:00';

/** Every figure that there can be, and more of each than the Département will ever have. */
const worstFigures = (territory: Territory): SituationFigures => ({
  level: 'REINFORCED',
  since: LATE,
  inForce: KINDS.flatMap((kind) =>
    (kind === 'ALERT' || kind === 'ADVICE' ? SEVERITIES : [null]).map((severity) => ({ kind, severity, count: MANY })),
  ),
  upcoming: MANY,
  published: MANY,
  changed: MANY,
  ended: MANY,
  gravest: Array.from({ length: 8 }, (_, index) => ({
    thread: `${index}`,
    kind: 'AID_POINT',
    severity: 'MODERATE',
    headline: 'Un gymnase de plus accueille les sinistrés du quartier '.repeat(6),
  })),
  communeNames: territory.communes.map(({ name }) => name),
  inhabitants: 1_330_000,
  closures: { planned: MANY, inPlace: MANY, notStarted: MANY, reopened: MANY, unseen: MANY },
  reports: REPORT_STATES.map((state) => ({ state, count: MANY })),
  reportsToCheck: MANY,
  questions: { unanswered: MANY, answered: MANY, outdated: MANY, redirected: MANY, toGroup: MANY },
  corrections: PUBLIC_STATES.map((state) => ({ state, count: MANY })),
  sourcesAtFault: Array.from({ length: 30 }, (_, index) => `Préfecture de la zone de défense, fil n° ${index}`),
  onDuty: DUTY_FUNCTIONS.map((dutyFunction) => ({ dutyFunction, count: MANY })),
});

/** A page with the longest of everything, and these words. */
export function worstReport(territory: Territory, words: object): ShownReport {
  const toll = { figure: 'm'.repeat(41), source: 'x', countedAt: LATE };
  const parts = { ...NO_WORDS, ...words, toll, nextAt: LATE };
  return {
    report: {
      id: 'x',
      version: 1,
      incident: { id: 'x', slug: 'x', title: 'Inondations et Mouvements de terrain '.repeat(6) },
      mode: 'EXERCISE',
      number: 9_999,
      edition: 99,
      state: 'REPLACED',
      parts,
      tollSource: null,
      content: null,
      contentHash: 'd'.repeat(64),
      frozenBy: null,
      organisation: { kind: 'DEPARTEMENT', name: 'M'.repeat(200), shortName: 'M' },
      replaces: 'y',
    },
    snapshot: { asOf: LATE, epoch: 'x', position: 1, logNumber: MANY, figures: worstFigures(territory) },
    parts,
    tollSource: 'M'.repeat(200),
  };
}
