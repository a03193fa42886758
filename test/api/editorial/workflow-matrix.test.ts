import { ClientError } from 'graphql-request';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Action, PERMISSIONS } from '../../../src/access/permissions.rules.ts';
import { PERSONAS, type Persona } from '../../../src/development/development-tokens.ts';
import { leadsFrom, type Stage, type Transition } from '../../../src/editorial/dossier/stage.rules.ts';
import { testDatabase } from '../../support/database/database.ts';
import {
  alertInput,
  type Done,
  draft,
  hoursFromNow,
  publishNew,
  step,
  WRITTEN,
  type Written,
} from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

/** Every mutation, at every stage, by everybody: what the tables forbid is refused, with the right code. */
const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

type Situation = Stage | 'CANCELLED' | 'CLEARED';
const dossiers = new Map<Situation, Written>();
const everybody: (Persona | undefined)[] = [undefined, ...(Object.keys(PERSONAS) as Persona[])];

const ask = <T>(persona: Persona | undefined, mutation: string, variables: object) =>
  hub.as(persona).request<T>(mutation, variables);
const target = 'id: $id, version: $version';

/** How each mutation is called; `transition` where the stage decides, `open` where the thread must be public. */
const MUTATIONS: {
  action: Action;
  call: string;
  more?: string;
  values?: object;
  transition?: Transition;
  open?: true;
}[] = [
  {
    action: 'revise',
    call: `reviseAlert(${target}, input: $input) { dossier { id } }`,
    more: '$input: AlertInput!',
    values: { input: alertInput({ contact: 'x' }) },
    transition: 'revise',
  },
  { action: 'submitDossier', call: `submitDossier(${target}) { dossier { id } }`, transition: 'submitDossier' },
  {
    action: 'requestDossierChanges',
    call: `requestDossierChanges(${target}, comment: "À revoir") { dossier { id } }`,
    transition: 'requestDossierChanges',
  },
  { action: 'approveDossier', call: `approveDossier(${target}) { dossier { id } }`, transition: 'approveDossier' },
  { action: 'publishDossier', call: `publishDossier(${target}) { dossier { id } }`, transition: 'publishDossier' },
  {
    action: 'publishDossierUrgently',
    call: `publishDossierUrgently(${target}, reason: "Vies en danger") { dossier { id } }`,
    transition: 'publishDossierUrgently',
  },
  {
    action: 'abandonDossier',
    call: `abandonDossier(${target}, reason: "Sans objet") { dossier { id } }`,
    transition: 'abandonDossier',
  },
  {
    action: 'cancelPublication',
    call: `cancelPublication(${target}, reason: "Erreur") { publication { id } }`,
    open: true,
  },
  {
    action: 'giveAllClear',
    call: `giveAllClear(${target}, texts: $texts) { publication { id } }`,
    more: '$texts: [PublicationTextInput!]!',
    values: { texts: [{ language: 'fr-FR', headline: 'Fin', description: 'Fin de l’alerte.' }] },
    open: true,
  },
];

const mutate = (
  persona: Persona | undefined,
  { call, more, values }: (typeof MUTATIONS)[number],
  { id, version }: Written,
) =>
  ask(persona, `mutation ($id: ID!, $version: Int!${more ? `, ${more}` : ''}) { ${call} }`, { id, version, ...values });

async function codeOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
    return 'done';
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    return String(error.response.errors?.[0]?.extensions?.code);
  }
}

beforeAll(async () => {
  const bare = await draft(hub, 'Alert');
  const submitted = await step(hub, 'submitDossier', 'editor', await draft(hub, 'Alert'));
  const returned = await step(hub, 'submitDossier', 'editor', await draft(hub, 'Alert'));
  const { done: back } = await ask<Done>(
    'validator',
    `mutation ($id: ID!, $version: Int!) { done: requestDossierChanges(${target}, comment: "Non") ${WRITTEN} }`,
    { ...returned },
  );
  const approved = await step(
    hub,
    'approveDossier',
    'validator',
    await step(hub, 'submitDossier', 'editor', await draft(hub, 'Alert')),
  );
  const later = await step(
    hub,
    'approveDossier',
    'validator',
    await step(hub, 'submitDossier', 'editor', await draft(hub, 'Alert')),
  );
  const { done: scheduled } = await ask<Done>(
    'validator',
    `mutation ($id: ID!, $version: Int!, $at: DateTime) { done: publishDossier(${target}, at: $at) ${WRITTEN} }`,
    { ...later, at: hoursFromNow(5) },
  );
  const published = await publishNew(hub);
  const given = await draft(hub, 'Alert');
  const { done: abandoned } = await ask<Done>(
    'editor',
    `mutation ($id: ID!, $version: Int!) { done: abandonDossier(${target}, reason: "Non") ${WRITTEN} }`,
    { ...given },
  );
  const cancelled = await publishNew(hub);
  await ask(
    'validator',
    `mutation ($id: ID!, $version: Int!) { cancelPublication(${target}, reason: "Erreur") { publication { id } } }`,
    {
      ...cancelled,
    },
  );
  const cleared = await publishNew(hub);
  const clear = MUTATIONS.find(({ action }) => action === 'giveAllClear');
  if (clear) await mutate('validator', clear, cleared);
  const reached = [bare, submitted, back.dossier, approved, scheduled.dossier, published, abandoned.dossier];
  for (const written of reached) dossiers.set(written.stage as Stage, written);
  dossiers.set('CANCELLED', { ...cancelled, version: cancelled.version + 1 });
  dossiers.set('CLEARED', { ...cleared, version: cleared.version + 1 });
});

/** What is forbidden here, by the tables of the house; undefined where it is allowed. */
function expected(
  persona: Persona | undefined,
  mutation: (typeof MUTATIONS)[number],
  situation: Situation,
): string | undefined {
  if (!persona) return 'UNAUTHENTICATED';
  const roles: readonly string[] = PERMISSIONS[mutation.action];
  if (!PERSONAS[persona].roles.some((role) => roles.includes(role))) return 'FORBIDDEN';
  // No rule asks their organisation for a signature.
  if (persona === 'signatory') return 'NOT_FOUND';
  const closed = situation === 'CANCELLED' || situation === 'CLEARED';
  if (mutation.open) return situation === 'PUBLISHED' ? undefined : 'WRONG_STAGE';
  if (closed) return 'WRONG_STAGE';
  return mutation.transition && leadsFrom(mutation.transition, situation) ? undefined : 'WRONG_STAGE';
}

const situations: Situation[] = [
  'DRAFT',
  'IN_REVIEW',
  'CHANGES_REQUESTED',
  'APPROVED',
  'SCHEDULED',
  'PUBLISHED',
  'ABANDONED',
  'CANCELLED',
  'CLEARED',
];

describe.each(situations)('at %s', (situation) => {
  it.each(MUTATIONS)('$action is refused to everybody whom the tables do not allow it', async (mutation) => {
    const dossier = dossiers.get(situation);
    if (!dossier) throw new Error(`no dossier at ${situation}`);
    const wrong: string[] = [];
    for (const persona of everybody) {
      const code = expected(persona, mutation, situation);
      if (!code) continue;
      const got = await codeOf(mutate(persona, mutation, dossier));
      if (got !== code) wrong.push(`${persona ?? 'nobody'}: ${got}, not ${code}`);
    }
    expect(wrong).toEqual([]);
  });
});
