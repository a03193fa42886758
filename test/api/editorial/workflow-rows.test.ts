import { afterAll, describe, expect, it } from 'vitest';
import { parisTime, SetClock } from '../../../src/clock.ts';
import type { Persona } from '../../../src/development/development-tokens.ts';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, draft, step, type Written } from '../../support/desk/desk.ts';
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
  const { it: result } = await hub
    .as(persona)
    .request<{ it: Written }>(`mutation ($id: ID!, $version: Int!${more}) { it: ${call} { id version stage } }`, {
      id: written.id,
      version: written.version,
      ...values,
    });
  return result;
}

const TARGET = 'id: $id, version: $version';
const moves = {
  submitForReview: (w: Written) => step(hub, 'submitForReview', 'editor', w),
  approve: (w: Written) => step(hub, 'approve', 'validator', w),
  publish: (w: Written) => step(hub, 'publish', 'validator', w),
  requestChanges: (w: Written) => mutate('validator', `requestChanges(${TARGET}, comment: "À préciser")`, w),
  schedule: (w: Written) => mutate('validator', `publish(${TARGET}, at: $at)`, w, ', $at: DateTime', { at: at(5) }),
  revise: (w: Written) =>
    mutate('editor', `reviseAlert(${TARGET}, input: $input)`, w, ', $input: AlertInput!', {
      input: { ...urgent(), contact: 'mairie' },
    }),
  publishUrgently: (w: Written) => mutate('duty', `publishUrgently(${TARGET}, reason: "Vies en danger")`, w),
  abandon: (w: Written) => mutate('editor', `abandon(${TARGET}, reason: "Sans objet")`, w),
};
type Move = keyof typeof moves;

/** How each stage is reached from a fresh draft. */
const WAYS: Record<string, Move[]> = {
  DRAFT: [],
  IN_REVIEW: ['submitForReview'],
  CHANGES_REQUESTED: ['submitForReview', 'requestChanges'],
  APPROVED: ['submitForReview', 'approve'],
  SCHEDULED: ['submitForReview', 'approve', 'schedule'],
  PUBLISHED: ['submitForReview', 'approve', 'publish'],
};

const ROWS: [from: string, move: Move, to: string][] = [
  ['DRAFT', 'submitForReview', 'IN_REVIEW'],
  ['CHANGES_REQUESTED', 'submitForReview', 'IN_REVIEW'],
  ['IN_REVIEW', 'requestChanges', 'CHANGES_REQUESTED'],
  ['IN_REVIEW', 'approve', 'APPROVED'],
  ['DRAFT', 'revise', 'DRAFT'],
  ['IN_REVIEW', 'revise', 'DRAFT'],
  ['CHANGES_REQUESTED', 'revise', 'DRAFT'],
  ['APPROVED', 'revise', 'DRAFT'],
  ['SCHEDULED', 'revise', 'DRAFT'],
  ['PUBLISHED', 'revise', 'DRAFT'],
  ['APPROVED', 'schedule', 'SCHEDULED'],
  ['SCHEDULED', 'schedule', 'SCHEDULED'],
  ['APPROVED', 'publish', 'PUBLISHED'],
  ['SCHEDULED', 'publish', 'PUBLISHED'],
  ['DRAFT', 'publishUrgently', 'PUBLISHED'],
  ['IN_REVIEW', 'publishUrgently', 'PUBLISHED'],
  ['DRAFT', 'abandon', 'ABANDONED'],
  ['IN_REVIEW', 'abandon', 'ABANDONED'],
  ['CHANGES_REQUESTED', 'abandon', 'ABANDONED'],
  ['APPROVED', 'abandon', 'ABANDONED'],
  ['SCHEDULED', 'abandon', 'ABANDONED'],
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
    const back = await moves.abandon(working);
    expect(back.stage).toBe('PUBLISHED');
    const again = await moves.revise(back);
    const { dossier } = await hub
      .as('editor')
      .request<{ dossier: { revision: number } }>('query ($id: ID!) { dossier(id: $id) { revision } }', {
        id: again.id,
      });
    expect(dossier.revision).toBe(2);
  });

  it('from PUBLISHED to CANCELLED by cancel, and the public page says why', async () => {
    const published = await reach('PUBLISHED');
    await hub
      .as('validator')
      .request(`mutation ($id: ID!, $version: Int!) { cancel(${TARGET}, reason: "Erreur de lieu") { state } }`, {
        id: published.id,
        version: published.version,
      });
    expect(await publicState(published)).toBe('CANCELLED');
  });

  it('from PUBLISHED to ENDED by allClear', async () => {
    const published = await reach('PUBLISHED');
    const texts = [{ language: 'fr-FR', headline: 'Fin de l’alerte', description: 'Le danger est passé.' }];
    await hub
      .as('validator')
      .request(
        `mutation ($id: ID!, $version: Int!, $texts: [PublicationTextInput!]!) { allClear(${TARGET}, texts: $texts) { state } }`,
        { id: published.id, version: published.version, texts },
      );
    expect(await publicState(published)).toBe('ENDED');
  });

  it('and confirmStillTrue moves verifiedAt alone, without a ring', async () => {
    const published = await reach('PUBLISHED');
    clock.set(at(1));
    const { changes: before } = await hub.as().request<{ changes: { endCursor: string } }>('{ changes { endCursor } }');
    await hub
      .as('editor')
      .request('mutation ($id: ID!) { confirmStillTrue(id: $id) { verifiedAt } }', { id: published.id });
    const { changes } = await hub
      .as()
      .request<{ changes: { nodes: object[] } }>(
        'query ($after: Cursor) { changes(after: $after) { nodes { type ring changedFields publication { revision verifiedAt } } } }',
        { after: before.endCursor },
      );
    clock.set(new Date(begin));
    expect(changes.nodes).toEqual([
      { type: 'VERIFIED', ring: false, changedFields: ['verifiedAt'], publication: { revision: 1, verifiedAt: at(1) } },
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
    const published = await moves.publishUrgently(await draft(hub, 'Alert', urgent()));
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
