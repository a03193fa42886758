import { afterAll, describe, expect, it } from 'vitest';
import { parisTime, SetClock } from '../../../src/clock.ts';
import type { Persona } from '../../../src/development/development-tokens.ts';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, type Done, draft, step, WRITTEN, type Written } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

/** Every row of the dossier's state machine, walked: from a stage, by a mutation, by whom, to a stage. */
const { url } = await testDatabase();
const begin = Date.now();
const clock = new SetClock(new Date(begin));
const at = (hours: number) => parisTime(new Date(begin + hours * 3600_000));
const hub = await startHub({ url, clock });
afterAll(() => hub.close());

const urgent = () => alertInput({ urgency: 'IMMEDIATE', severity: 'SEVERE' });

async function mutate(
  persona: Persona,
  call: string,
  written: Written,
  more = '',
  values: object = {},
): Promise<Written> {
  const { done } = await hub
    .as(persona)
    .request<Done>(`mutation ($id: ID!, $version: Int!${more}) { done: ${call} ${WRITTEN} }`, {
      id: written.id,
      version: written.version,
      ...values,
    });
  return done.dossier;
}

const TARGET = 'id: $id, version: $version';
const moves = {
  submitDossier: (w: Written) => step(hub, 'submitDossier', 'editor', w),
  approveDossier: (w: Written) => step(hub, 'approveDossier', 'validator', w),
  publishDossier: (w: Written) => step(hub, 'publishDossier', 'validator', w),
  requestDossierChanges: (w: Written) =>
    mutate('validator', `requestDossierChanges(${TARGET}, comment: "À préciser")`, w),
  schedule: (w: Written) =>
    mutate('validator', `publishDossier(${TARGET}, at: $at)`, w, ', $at: DateTime', { at: at(5) }),
  revise: (w: Written) =>
    mutate('editor', `reviseAlert(${TARGET}, input: $input)`, w, ', $input: AlertInput!', {
      input: { ...urgent(), contact: 'mairie' },
    }),
  publishDossierUrgently: (w: Written) =>
    mutate('duty', `publishDossierUrgently(${TARGET}, reason: "Vies en danger")`, w),
  abandonDossier: (w: Written) => mutate('editor', `abandonDossier(${TARGET}, reason: "Sans objet")`, w),
};
type Move = keyof typeof moves;

/** How each stage is reached from a fresh draft. */
const WAYS: Record<string, Move[]> = {
  DRAFT: [],
  IN_REVIEW: ['submitDossier'],
  CHANGES_REQUESTED: ['submitDossier', 'requestDossierChanges'],
  APPROVED: ['submitDossier', 'approveDossier'],
  SCHEDULED: ['submitDossier', 'approveDossier', 'schedule'],
  PUBLISHED: ['submitDossier', 'approveDossier', 'publishDossier'],
};

const ROWS: [from: string, move: Move, to: string][] = [
  ['DRAFT', 'submitDossier', 'IN_REVIEW'],
  ['CHANGES_REQUESTED', 'submitDossier', 'IN_REVIEW'],
  ['IN_REVIEW', 'requestDossierChanges', 'CHANGES_REQUESTED'],
  ['IN_REVIEW', 'approveDossier', 'APPROVED'],
  ['DRAFT', 'revise', 'DRAFT'],
  ['IN_REVIEW', 'revise', 'DRAFT'],
  ['CHANGES_REQUESTED', 'revise', 'DRAFT'],
  ['APPROVED', 'revise', 'DRAFT'],
  ['SCHEDULED', 'revise', 'DRAFT'],
  ['PUBLISHED', 'revise', 'DRAFT'],
  ['APPROVED', 'schedule', 'SCHEDULED'],
  ['SCHEDULED', 'schedule', 'SCHEDULED'],
  ['APPROVED', 'publishDossier', 'PUBLISHED'],
  ['SCHEDULED', 'publishDossier', 'PUBLISHED'],
  ['DRAFT', 'publishDossierUrgently', 'PUBLISHED'],
  ['IN_REVIEW', 'publishDossierUrgently', 'PUBLISHED'],
  ['DRAFT', 'abandonDossier', 'ABANDONED'],
  ['IN_REVIEW', 'abandonDossier', 'ABANDONED'],
  ['CHANGES_REQUESTED', 'abandonDossier', 'ABANDONED'],
  ['APPROVED', 'abandonDossier', 'ABANDONED'],
  ['SCHEDULED', 'abandonDossier', 'ABANDONED'],
];

async function reach(stage: string): Promise<Written> {
  let written = await draft(hub, 'Alert', urgent());
  for (const move of WAYS[stage] ?? []) written = await moves[move](written);
  expect(written.stage).toBe(stage);
  return written;
}

const approvals = async ({ id }: Written) =>
  (
    await hub
      .as('validator')
      .request<{ dossier: { approvals: object[] } }>(
        'query ($id: ID!) { dossier(id: $id) { approvals { approvedAt } } }',
        {
          id,
        },
      )
  ).dossier.approvals;

const publicState = async ({ id }: Written) =>
  (
    await hub
      .as()
      .request<{ publication: { state: string } | null }>('query ($id: ID!) { publication(id: $id) { state } }', { id })
  ).publication?.state ?? null;

describe('a dossier goes', () => {
  it.each(ROWS)('from %s by %s to %s', async (from, move, to) => {
    const before = await reach(from);
    const after = await moves[move](before);
    expect([after.stage, after.version]).toEqual([to, before.version + 1]);
    if (move === 'revise') expect(await approvals(after)).toEqual([]);
    // Revised or given up, what is public stays; what is not public becomes so only by publishing.
    expect(await publicState(after)).toBe(to === 'PUBLISHED' || from === 'PUBLISHED' ? 'IN_FORCE' : null);
  });

  it('from PUBLISHED with a working draft back to PUBLISHED by abandon, and the next draft has the same number', async () => {
    const working = await moves.revise(await reach('PUBLISHED'));
    const back = await moves.abandonDossier(working);
    expect(back.stage).toBe('PUBLISHED');
    const again = await moves.revise(back);
    const { dossier } = await hub
      .as('editor')
      .request<{ dossier: { revision: number } }>('query ($id: ID!) { dossier(id: $id) { revision } }', {
        id: again.id,
      });
    expect(dossier.revision).toBe(2);
  });

  it('from PUBLISHED to CANCELLED by cancelPublication, and the public page says why', async () => {
    const published = await reach('PUBLISHED');
    await hub
      .as('validator')
      .request(
        `mutation ($id: ID!, $version: Int!) { cancelPublication(${TARGET}, reason: "Erreur de lieu") { publication { state } } }`,
        {
          id: published.id,
          version: published.version,
        },
      );
    expect(await publicState(published)).toBe('CANCELLED');
  });

  it('from PUBLISHED to ENDED by giveAllClear', async () => {
    const published = await reach('PUBLISHED');
    const texts = [{ language: 'fr-FR', headline: 'Fin de l’alerte', description: 'Le danger est passé.' }];
    await hub
      .as('validator')
      .request(
        `mutation ($id: ID!, $version: Int!, $texts: [PublicationTextInput!]!) { giveAllClear(${TARGET}, texts: $texts) { publication { state } } }`,
        { id: published.id, version: published.version, texts },
      );
    expect(await publicState(published)).toBe('ENDED');
  });

  it('and verifyPublication moves verifiedAt alone, without a ring', async () => {
    const published = await reach('PUBLISHED');
    clock.set(at(1));
    const { changes: before } = await hub.as().request<{ changes: { endCursor: string } }>('{ changes { endCursor } }');
    await hub
      .as('editor')
      .request('mutation ($id: ID!) { verifyPublication(id: $id) { publication { verifiedAt } } }', {
        id: published.id,
      });
    const { changes } = await hub
      .as()
      .request<{ changes: { nodes: object[] } }>(
        'query ($after: Cursor) { changes(after: $after) { nodes { type ring changedFields publication { revision verifiedAt } } } }',
        { after: before.endCursor },
      );
    clock.set(new Date(begin));
    expect(changes.nodes).toEqual([
      {
        type: 'VERIFIED',
        ring: false,
        changedFields: ['VERIFIED_AT'],
        publication: { revision: 1, verifiedAt: at(1) },
      },
    ]);
  });

  it('is found by the words of its texts, whatever their endings, or without their accents', async () => {
    const { id } = await draft(
      hub,
      'Alert',
      alertInput({ texts: [{ language: 'fr-FR', headline: 'Les péniches dérivent', description: 'À Évry.' }] }),
    );
    const { dossiers } = await hub
      .as('editor')
      .request<{ dossiers: { nodes: { id: string }[] } }>('{ dossiers(search: "péniche evry") { nodes { id } } }');
    expect(dossiers.nodes).toEqual([{ id }]);
  });
});

describe('an urgent publication that nobody cosigns in time', () => {
  it('is flagged on the desk and in the metrics, and stays public', async () => {
    const published = await moves.publishDossierUrgently(await draft(hub, 'Alert', urgent()));
    clock.set(at(1));
    const { dossier } = await hub
      .as('validator')
      .request<{ dossier: { lint: { rule: string }[] } }>('query ($id: ID!) { dossier(id: $id) { lint { rule } } }', {
        id: published.id,
      });
    expect(dossier.lint.map(({ rule }) => rule)).toContain('I-01');
    const metrics = await (await fetch(`${hub.url}/metrics`)).text();
    expect(Number(/^tocsin_cosign_overdue (\d+)$/m.exec(metrics)?.[1])).toBeGreaterThan(0);
    expect(await publicState(published)).toBe('IN_FORCE');
    clock.set(new Date(begin));
  });
});
