import { activation2016 } from '../../../src/development/demo/cell-2016.ts';
import { flood2016 } from '../../../src/development/demo/flood-2016.ts';
import type { IdOf, Running, Writing } from '../../../src/development/demo/scenario.ts';
import type { Persona } from '../../../src/development/development-tokens.ts';
import { CANARIES, CANARY } from '../../support/crisis-cell/played-incident.ts';
import { closureInput, correctionInput, hoursFromNow, type INPUTS } from '../../support/desk/desk.ts';

/** The domain of every mailbox of the story. */
export const MAILBOXES = 'boites-canari.example';
/** The telephone of the contact of the Sdis. */
export const MOBILE = '+33699887766';
/**
 * Marks of which nothing may leave the desk. The outlines of communes, which are public, have points near those of the canary, and
 * signatures in base64 may have any four letters.
 */
export const MARKS: readonly string[] = [
  ...CANARIES.filter((mark) => mark.length > 5 && !/^[\d.]+$/.test(mark)),
  MAILBOXES.slice(0, MAILBOXES.indexOf('.')),
  MOBILE.slice(3),
];
export const marksIn = (text: string, marks: readonly string[] = MARKS): string[] => {
  const lower = text.toLowerCase();
  return marks.filter((mark) => lower.includes(mark));
};

/** Where a person on duty is reached at home. */
export const addressOf = (persona: Persona): string => `astreinte.${persona}@${MAILBOXES}`;

const idOf =
  (incident: string): IdOf =>
  (name) => {
    if (name !== 'incident') throw new Error(`the story makes no ${name}`);
    return incident;
  };

/** Everything that the demo's cell gives a mutation before its first publication. */
export const activation = (incident: string): { input?: object }[] =>
  activation2016.flatMap(({ act }) =>
    act.do === 'run' ? [(act as Running).given(hoursFromNow, idOf(incident)) as { input?: object }] : [],
  );

/** The demo's input of the first revision of a thread. */
function written(thread: string, incident: string): object {
  const step = flood2016.steps.find(({ act }) => act.do === 'write' && act.thread === thread);
  if (!step) throw new Error(`the demo has no ${thread}`);
  return (step.act as Writing).input(hoursFromNow, idOf(incident));
}

const decided = {
  authority: 'MAYOR',
  by: 'Le maire de Longjumeau',
  decidedAt: hoursFromNow(-1),
  url: null,
};
/** As the desk heard it by telephone. */
const BY_VOICE = {
  ...decided,
  form: 'ORAL_ORDER',
  act: null,
  call: { heardAt: hoursFromNow(-1), calledBackAt: null, whyNotCalledBack: CANARY },
};
const BY_ACT = { ...decided, form: 'WRITTEN_ACT', act: 'arrêté n° 153', call: null };

interface Told {
  texts: { language: string; headline: string; description: string }[];
}

/** The evacuation of Longjumeau, as the mayor ordered it by telephone. */
export const evacuation = (incident: string, reportIds: readonly string[]) => ({
  ...(written('evacuation', incident) as Told),
  decision: BY_VOICE,
  reportIds,
});

export const HEADLINE = (written('evacuation', '') as Told).texts[0]?.headline ?? '';
export const REVISED = 'Longjumeau : l’évacuation des quartiers bas est en cours';
/** The same with the mayor's act, in words that are news. */
export function evacuationByAct(incident: string, reportIds: readonly string[]) {
  const { texts, ...rest } = evacuation(incident, reportIds);
  const headlineIn = (language: string) => (language === 'fr-FR' ? REVISED : 'Longjumeau : il faut partir maintenant.');
  const revised = texts.map((text) => ({ ...text, headline: headlineIn(text.language) }));
  return { ...rest, texts: revised, decision: BY_ACT };
}

export const OVER = 'Longjumeau : retour possible dans les quartiers bas';
export const ALL_CLEAR = [
  {
    language: 'fr-FR',
    headline: OVER,
    description: 'L’eau s’est retirée.',
    instruction: 'Faites vérifier gaz et électricité.',
  },
];

const closure = (incidentId: string, headline: string) =>
  closureInput({ incidentId, texts: [{ language: 'fr-FR', headline, description: 'Chaussée inondée.' }] });

/** What else the desk writes that night. */
export const others = (incidentId: string): [kind: keyof typeof INPUTS, input: object][] => [
  ['Alert', written('crue', incidentId)],
  ['Closure', closure(incidentId, 'D31 fermée à Bondoufle')],
  ['Closure', closure(incidentId, 'D31 fermée à Courcouronnes')],
  ['AidPoint', written('gymnase', incidentId)],
  [
    'Correction',
    correctionInput({
      incidentId,
      claim: 'Le barrage va céder',
      explanation: 'Il n’y a pas de barrage sur l’Yvette en amont de Longjumeau.',
      evidence: [{ label: 'Préfecture', url: 'https://prefecture.example/barrages', official: true }],
      texts: [
        { language: 'fr-FR', headline: 'Aucun barrage ne va céder', description: 'Cette rumeur est sans fondement.' },
      ],
    }),
  ],
];

/** The people on duty: the lead comes after the second validator. */
export const ROSTER: readonly [dutyFunction: string, persona: Persona, rank: number][] = [
  ['LEAD', 'duty', 1],
  ['VALIDATOR', 'validator', 1],
  ['VALIDATOR', 'validator2', 2],
  ['SDIS_CONTACT', 'signatory', 1],
  ['LOG_KEEPER', 'editor2', 1],
  ['CHECKER', 'checker', 1],
  ['EDITOR', 'editor', 1],
];
