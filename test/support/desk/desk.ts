import { ClientError } from 'graphql-request';
import { parisTime } from '../../../src/clock.ts';
import type { Hub } from '../hub/hub.ts';

const HOUR = 3600_000;
export const hoursFromNow = (hours: number): string => parisTime(new Date(Date.now() + hours * HOUR));

/** A decision that the linter finds nothing in, for roads of the Département. */
export const decisionInput = (more: object = {}) => ({
  authority: 'DEPARTEMENT_PRESIDENT',
  by: 'Le président du Département',
  form: 'WRITTEN_ACT',
  act: '2026-41',
  // Before any clock that a test sets.
  decidedAt: '2015-06-01T10:00:00+02:00',
  ...more,
});

/** The decision that an alert must name: none where it is not of the gravest. */
const decisionOfAlert = (more: object) =>
  'severity' in more && more.severity === 'EXTREME'
    ? { decision: decisionInput({ authority: 'PREFECT', by: 'La préfète de l’Essonne' }) }
    : {};

/** A valid alert for Longjumeau; what a test is about goes into `more`. */
export const alertInput = (more: object = {}) => ({
  hazard: 'OET-081',
  categories: ['MET'],
  responseTypes: ['AVOID'],
  urgency: 'EXPECTED',
  severity: 'SEVERE',
  certainty: 'LIKELY',
  endsAt: hoursFromNow(20),
  texts: [
    {
      language: 'fr-FR',
      headline: 'L’Yvette déborde à Longjumeau',
      description: 'Le bas de la ville est inondé.',
      instruction: 'Éloignez-vous des berges.',
    },
  ],
  areas: [{ description: 'Longjumeau', communes: ['91345'] }],
  ...decisionOfAlert(more),
  ...more,
});

export const eventInput = (more: object = {}) => ({
  texts: [
    { language: 'fr-FR', headline: 'Départ du Tour à Montgeron', description: 'La dernière étape part de Montgeron.' },
  ],
  areas: [{ description: 'Montgeron', communes: ['91421'] }],
  startsAt: hoursFromNow(20),
  endsAt: hoursFromNow(27),
  ...more,
});

export const closureInput = (more: object = {}) => ({
  roads: [{ name: 'Route de Corbeil', number: 'D31', commune: '91086' }],
  path: {
    type: 'LineString',
    coordinates: [
      [2.364, 48.612],
      [2.396, 48.621],
    ],
  },
  direction: 'BOTH_DIRECTIONS',
  restriction: 'CLOSED',
  startsAt: hoursFromNow(-1),
  endsAt: hoursFromNow(20),
  texts: [{ language: 'fr-FR', headline: 'D31 fermée à Bondoufle', description: 'Chaussée inondée.' }],
  decision: decisionInput(),
  ...more,
});

export const adviceInput = (more: object = {}) => ({
  hazard: 'OET-081',
  phase: 'DURING',
  texts: [
    {
      language: 'fr-FR',
      headline: 'Inondation : les bons gestes',
      description: 'Ce qu’il faut faire quand l’eau monte.',
    },
  ],
  items: [{ language: 'fr-FR', dos: ['Montez à l’étage.'], donts: ['Ne descendez pas au sous-sol.'] }],
  ...more,
});

export const correctionInput = (more: object = {}) => ({
  claim: 'L’odeur de gaz est dangereuse',
  verdict: 'INACCURATE',
  explanation: 'L’odeur vient de la raffinerie de Grandpuits ; elle est sans danger.',
  evidence: [{ label: 'Préfecture', url: 'https://prefecture.example/gaz', official: true }],
  texts: [
    {
      language: 'fr-FR',
      headline: 'Odeur de gaz : aucun danger',
      description: 'L’odeur est sans risque pour la santé.',
    },
  ],
  ...more,
});

export const aidPointInput = (more: object = {}) => ({
  purposes: ['SHELTER', 'MEALS'],
  place: 'Gymnase des Prés',
  address: '1 rue des Prés',
  commune: '91589',
  point: { type: 'Point', coordinates: [2.3493, 48.683] },
  capacity: 100,
  texts: [
    {
      language: 'fr-FR',
      headline: 'Un gymnase accueille les sinistrés à Savigny-sur-Orge',
      description: 'Lits et repas pour les personnes qui ont quitté leur logement.',
      instruction: 'Venez avec vos papiers et vos médicaments.',
    },
  ],
  details: [{ language: 'fr-FR', openingHours: 'Jour et nuit.' }],
  ...more,
});

/** An input of each kind, by its noun. `statements.test.ts` fails where one is missing. */
export const INPUTS = {
  Alert: alertInput,
  Event: eventInput,
  Closure: closureInput,
  Advice: adviceInput,
  Correction: correctionInput,
  AidPoint: aidPointInput,
};
type Kind = keyof typeof INPUTS;

export interface Written {
  id: string;
  version: number;
  stage: string;
}

/** A hub as staff use it. */
export type Desk = Pick<Hub, 'as'>;

/** What is selected of the payload of a mutation on a dossier, and what it answers then under the alias `done`. */
export const WRITTEN = '{ dossier { id version stage } }';
export interface Done {
  done: { dossier: Written };
}

export async function draft(hub: Desk, kind: Kind, input: object = INPUTS[kind]()): Promise<Written> {
  const { done } = await hub
    .as('editor')
    .request<Done>(`mutation ($input: ${kind}Input!) { done: draft${kind}(input: $input) ${WRITTEN} }`, { input });
  return done.dossier;
}

export async function revise(
  hub: Hub,
  kind: Kind,
  { id, version }: Written,
  input: object,
  minor = false,
): Promise<Written> {
  const { done } = await hub.as('editor').request<Done>(
    `mutation ($id: ID!, $version: Int!, $input: ${kind}Input!, $minor: Boolean!) {
       done: revise${kind}(id: $id, version: $version, input: $input, minor: $minor) ${WRITTEN} }`,
    { id, version, input, minor },
  );
  return done.dossier;
}

type Step = 'submitDossier' | 'approveDossier' | 'publishDossier' | 'cosignDossier';

/** One step of the workflow, by a persona. */
export async function step(
  hub: Desk,
  name: Step,
  persona: Parameters<Hub['as']>[0],
  { id, version }: Written,
): Promise<Written> {
  const { done } = await hub
    .as(persona)
    .request<Done>(`mutation ($id: ID!, $version: Int!) { done: ${name}(id: $id, version: $version) ${WRITTEN} }`, {
      id,
      version,
    });
  return done.dossier;
}

/** Submits, approves and publishes what is in hand, by two people. */
export async function release(hub: Desk, written: Written): Promise<Written> {
  const submitted = await step(hub, 'submitDossier', 'editor', written);
  const approved = await step(hub, 'approveDossier', 'validator', submitted);
  return step(hub, 'publishDossier', 'validator', approved);
}

/** Writes and publishes one, through the API alone. */
export const publishNew = async (hub: Desk, kind: Kind = 'Alert', input?: object): Promise<Written> =>
  release(hub, await draft(hub, kind, input));

/** Opens an incident; answers its id. */
export async function openIncident(hub: Desk, slug: string, mode = 'ACTUAL'): Promise<string> {
  const { opened } = await hub.as('editor').request<{ opened: { incident: { id: string } } }>(
    `mutation ($slug: String!, $mode: PublicationMode!) {
       opened: openIncident(slug: $slug, title: "Crue", mode: $mode) { incident { id } } }`,
    { slug, mode },
  );
  return opened.incident.id;
}

/** The first error of a refused operation: its code and what else it tells. */
export async function refusal(attempt: Promise<unknown>): Promise<Record<string, unknown> & { code: string }> {
  try {
    await attempt;
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    const extensions = error.response.errors?.[0]?.extensions;
    if (!extensions) throw error;
    return extensions as Record<string, unknown> & { code: string };
  }
  throw new Error('this was to be refused, and was not');
}
