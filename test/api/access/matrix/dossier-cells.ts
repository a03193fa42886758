import { parisTime } from '../../../../src/clock.ts';
import {
  alertInput,
  decisionInput,
  draft,
  hoursFromNow,
  INPUTS,
  step,
  WRITTEN,
  type Written,
} from '../../../support/desk/desk.ts';
import { type Call, type Cells, call, cell, type MatrixDesk } from './desk.ts';
import {
  CALLERS,
  DOSSIER_DEEDS,
  DOSSIER_FIELDS,
  DOSSIER_STAGES,
  type DossierStage,
  dossierDeedEnds,
  fieldEnds,
  type Kind,
} from './right.ts';

type Hub = MatrixDesk['hub'];
type May = Parameters<typeof dossierDeedEnds>[3];
interface Done {
  done: Record<string, Written>;
}

export const NOTHING = '01890000-0000-7000-8000-000000000000';
/** A duty officer may publish it alone, and others confirm the order behind it. */
const URGENT = {
  urgency: 'IMMEDIATE',
  decision: decisionInput({
    form: 'ORAL_ORDER',
    act: null,
    call: { heardAt: hoursFromNow(-2), calledBackAt: hoursFromNow(-1) },
  }),
};
const OTHER_WORDS = {
  texts: [{ language: 'fr-FR', headline: 'L’Yvette déborde à Longjumeau', description: 'Autre description.' }],
};
const inputOf = (kind: Kind, more: object = {}): object =>
  INPUTS[kind](kind === 'Alert' ? { ...URGENT, ...more } : more);

/** Takes one step with a dossier, in the desk's own name. */
async function take(hub: Hub, field: string, who: 'editor' | 'validator' | 'duty', on: Written, more = '') {
  const subject =
    field === 'cancelPublication' || field === 'giveAllClear' ? 'publication { id }' : WRITTEN.slice(2, -2);
  const { done } = await hub
    .as(who)
    .request<Done>(
      `mutation ($id: ID!, $version: Int!) { done: ${field}(id: $id, version: $version${more}) { ${subject} } }`,
      { id: on.id, version: on.version },
    );
  return done.dossier ?? { ...on, version: on.version + 1 };
}

const ALL_CLEAR = [{ language: 'fr-FR', headline: 'Fin de l’alerte', description: 'Le danger est passé.' }];
const clear = ', texts: [{ language: "fr-FR", headline: "Fin de l’alerte", description: "Le danger est passé." }]';

/** Brings a new dossier as far as a stage; `words` stand in its input, `later` in the revision of REVISED. */
export async function dossierAt(
  hub: Hub,
  stage: DossierStage,
  kind: Kind = 'Alert',
  [words, later]: [words: object, later: object] = [{}, OTHER_WORDS],
): Promise<Written> {
  if (stage === 'ABSENT') return { id: NOTHING, version: 1, stage };
  const drafted = await draft(hub, kind, inputOf(kind, words));
  if (stage === 'DRAFT') return drafted;
  if (stage === 'ABANDONED') return take(hub, 'abandonDossier', 'editor', drafted, ', reason: "Sans objet"');
  if (stage === 'URGENT') return take(hub, 'publishDossierUrgently', 'duty', drafted, ', reason: "Vies en danger"');
  const submitted = await step(hub, 'submitDossier', 'editor', drafted);
  if (stage === 'IN_REVIEW') return submitted;
  if (stage === 'CHANGES_REQUESTED')
    return take(hub, 'requestDossierChanges', 'validator', submitted, ', comment: "À revoir"');
  const approved = await step(hub, 'approveDossier', 'validator', submitted);
  if (stage === 'APPROVED') return approved;
  if (stage === 'SCHEDULED') return take(hub, 'publishDossier', 'validator', approved, `, at: "${hoursFromNow(5)}"`);
  const published = await step(hub, 'publishDossier', 'validator', approved);
  if (stage === 'CANCELLED') return take(hub, 'cancelPublication', 'validator', published, ', reason: "Erreur"');
  if (stage === 'CLEARED') return take(hub, 'giveAllClear', 'validator', published, clear);
  if (stage === 'REVISED') return revised(hub, kind, published, inputOf(kind, { ...words, ...later }));
  return published;
}

async function revised(hub: Hub, kind: Kind, { id, version }: Written, input: object): Promise<Written> {
  const { done } = await hub.as('editor').request<Done>(
    `mutation ($id: ID!, $version: Int!, $input: ${kind}Input!) {
         done: revise${kind}(id: $id, version: $version, input: $input) ${WRITTEN} }`,
    { id, version, input },
  );
  return done.dossier as Written;
}

const now = () => parisTime(new Date());
/** Further arguments of each deed. */
const ARGUMENTS: Record<string, () => Call['given']> = {
  delayEvent: () => ({ minutes: ['Int!', 15] }),
  requestDossierChanges: () => ({ comment: ['String!', 'À revoir'] }),
  publishDossierUrgently: () => ({ reason: ['String!', 'Vies en danger'] }),
  abandonDossier: () => ({ reason: ['String!', 'Sans objet'] }),
  cancelPublication: () => ({ reason: ['String!', 'Erreur de lieu'] }),
  giveAllClear: () => ({ texts: ['[PublicationTextInput!]!', ALL_CLEAR] }),
  confirmDecision: () => ({ revision: ['Int!', 1], act: ['String!', '2026-42'], decidedAt: ['DateTime!', now()] }),
  observeClosure: () => ({ state: ['ObservedState!', 'IN_PLACE'], observedAt: ['DateTime!', now()] }),
  observeAidPoint: () => ({ status: ['AidStatus!', 'OPEN'], observedAt: ['DateTime!', now()] }),
};
const NO_VERSION = ['verifyPublication', 'confirmDecision', 'observeClosure', 'observeAidPoint'];

function deedOn(field: string, kind: Kind, { id, version }: Written): Call {
  const more = field.startsWith('revise')
    ? { input: [`${kind}Input!`, inputOf(kind, OTHER_WORDS)] as [string, unknown] }
    : (ARGUMENTS[field]?.() ?? {});
  const given: Call['given'] = { id: ['ID!', id], ...more };
  if (!NO_VERSION.includes(field)) given.version = ['Int!', version];
  return { field, given };
}

const stagesOf = (kind: Kind) => DOSSIER_STAGES.filter((stage) => kind === 'Alert' || stage !== 'URGENT');
const deeds = Object.entries(DOSSIER_DEEDS).flatMap(([field, { kinds = ['Alert'] as const }]) =>
  kinds.flatMap((kind) => stagesOf(kind).map((stage) => ({ field, kind, stage }))),
);

export const rightDossierDeeds = (may?: May): Cells =>
  new Map(
    deeds.flatMap(({ field, stage }) =>
      CALLERS.map((caller) => [cell(field, stage, caller), dossierDeedEnds(field, stage, caller, may)] as const),
    ),
  );

/** Tries each deed at each stage as everybody. What a deed was done to is replaced by another at the same stage. */
export async function findDossierDeeds(desk: MatrixDesk): Promise<Cells> {
  const found: Cells = new Map();
  const kept = new Map<string, Written>();
  for (const { field, kind, stage } of deeds)
    for (const caller of CALLERS) {
      const key = `${kind} ${stage}`;
      const dossier = kept.get(key) ?? (await dossierAt(desk.hub, stage, kind));
      kept.set(key, dossier);
      const end = await call(desk, caller, deedOn(field, kind, dossier));
      if (end === 'done') kept.delete(key);
      found.set(cell(field, stage, caller), end);
    }
  return found;
}

const NESTED = [
  ...['approvals', 'author', 'comments', 'editors', 'lint', 'orderCall', 'posts', 'preview', 'publication', 'reports'],
  'signaturesMissing',
];
const DOSSIER_QUERY = `query ($id: ID!) { ${DOSSIER_FIELDS.map(
  (field) => `${field}: dossier(id: $id) { ${field}${NESTED.includes(field) ? ' { __typename }' : ''} }`,
).join(' ')} }`;

export const rightDossierFields = (may?: May): Cells =>
  new Map(
    DOSSIER_STAGES.flatMap((stage) =>
      CALLERS.flatMap((caller) =>
        DOSSIER_FIELDS.map(
          (field) => [cell(`Dossier.${field}`, stage, caller), fieldEnds('dossier', stage, caller, may)] as const,
        ),
      ),
    ),
  );

/** Asks for each field of a dossier at each stage as everybody. */
export async function findDossierFields(desk: MatrixDesk): Promise<Cells> {
  const found: Cells = new Map();
  for (const stage of DOSSIER_STAGES) {
    const { id } = await dossierAt(desk.hub, stage, 'Alert', [alertInput(URGENT), {}]);
    for (const caller of CALLERS)
      for (const [field, end] of await fieldsOf(desk, caller, DOSSIER_QUERY, id))
        found.set(cell(`Dossier.${field}`, stage, caller), end);
  }
  return found;
}

/** How each alias of a query by id is answered. */
export async function fieldsOf(
  desk: MatrixDesk,
  caller: (typeof CALLERS)[number],
  query: string,
  id: string,
): Promise<[field: string, end: string][]> {
  const { data, errors } = await desk.answer(caller, query, { id });
  const coded = new Map(errors?.map(({ path, extensions }) => [String(path?.[0]), extensions.code]));
  const aliases = [...query.matchAll(/(\w+): \w+\(id/g)].map(([, alias]) => alias ?? '');
  return aliases.map((alias) => [
    alias,
    coded.get(alias) ?? coded.get('undefined') ?? (data?.[alias] === null ? 'absent' : 'answered'),
  ]);
}
