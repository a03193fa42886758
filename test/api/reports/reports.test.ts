import { afterAll, describe, expect, it } from 'vitest';
import type { Persona } from '../../../src/development/development-tokens.ts';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, draft, publishNew, refusal, release, revise, type Written } from '../../support/desk/desk.ts';
import { conclusionOf } from '../../support/desk/report-desk.ts';
import { startHub, tokens } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

interface Seen {
  id: string;
  state: string;
}

const FIELDS =
  '{ id state text escalated claimedBy { id name roles } conclusion { state by { name } evidence { label url official } } }';

async function mutate<T = Seen>(persona: Persona | undefined, field: string, variables: object = {}): Promise<T> {
  const types: Record<string, string> = {
    id: 'ID!',
    of: 'ID!',
    reason: 'String!',
    input: 'FieldReportInput!',
    conclusion: 'ConclusionInput!',
    shown: 'Boolean!',
  };
  const names = Object.keys(variables);
  const answer = await hub.as(persona).request<{ done: { report: T } }>(
    `mutation (${names.map((name) => `$${name}: ${types[name]}`).join(', ')}) {
      done: ${field}(${names.map((name) => `${name}: $${name}`).join(', ')}) { report ${FIELDS} } }`,
    variables,
  );
  return answer.done.report;
}

const submit = (text = 'De l’eau sur la chaussée', more: object = {}) =>
  mutate('volunteer', 'submitReport', {
    input: { text, channel: 'CALL', seenAt: '2016-06-02T12:00:00+02:00', commune: '91345', ...more },
  });
async function concluded(state: string): Promise<Seen> {
  const { id } = await submit();
  await mutate('volunteer2', 'claimReport', { id });
  return mutate('checker', 'concludeReport', { id, conclusion: conclusionOf(state) });
}
const lintOf = async ({ id }: Written) => {
  const answer = await hub
    .as('editor')
    .request<{ dossier: { lint: { rule: string; path: string; level: string }[] } }>(
      'query ($id: ID!) { dossier(id: $id) { lint { rule path level } } }',
      { id },
    );
  return answer.dossier.lint.filter(({ rule }) => rule === 'I-11');
};

describe('reports through the API', () => {
  it('go from a volunteer through a claim to a conclusion, for all of the desk to see', async () => {
    const { id } = await submit('Mur effondré', { url: 'https://example.org/1', point: { lon: 2.29, lat: 48.69 } });
    await mutate('volunteer2', 'claimReport', { id });
    const { reports } = await hub.as('editor').request<{ reports: { nodes: object[] } }>(
      `{ reports(states: [CLAIMED], search: "mur") { nodes {
        id state text channel url seenAt submittedAt commune { code name } point category claimedUntil escalated markedPublic
        submittedBy { name } claimedBy { name roles } duplicateOf { id } conclusion { state } dossiers { id } } } }`,
    );
    expect(reports.nodes).toMatchObject([
      {
        id,
        url: 'https://example.org/1',
        commune: { code: '91345', name: 'Longjumeau' },
        point: { type: 'Point', coordinates: [2.29, 48.69] },
        submittedBy: { name: 'Julien Petit (bénévole)' },
        claimedBy: { name: 'Amina Diallo (bénévole)', roles: [] },
        dossiers: [],
      },
    ]);
    const done = await mutate('checker', 'concludeReport', { id, conclusion: conclusionOf('CONFIRMED') });
    expect(done).toMatchObject({ state: 'CONFIRMED', conclusion: { by: { name: 'Nadia Roux (vérification)' } } });
  });

  it('are refused to everybody who has nothing to do with them, with the right code and without their words', async () => {
    await submit('Secret de Polichinelle');
    for (const [persona, code] of [
      [undefined, 'UNAUTHENTICATED'],
      ['scheduler', 'FORBIDDEN'],
      ['admin', 'FORBIDDEN'],
    ] as const) {
      const error = await refusal(hub.as(persona).request('{ reports { nodes { text } } }'));
      expect(error.code).toBe(code);
      expect(JSON.stringify(error)).not.toContain('Polichinelle');
    }
  });

  it('carry a refusal by code for what is too late, taken, unknown or badly founded', async () => {
    const { id } = await submit();
    await mutate('volunteer', 'claimReport', { id });
    expect((await refusal(mutate('volunteer2', 'claimReport', { id }))).code).toBe('CONFLICT');
    expect((await refusal(mutate('editor', 'claimReport', { id }))).code).toBe('FORBIDDEN');
    expect((await refusal(mutate('checker', 'reopenReport', { id, reason: 'x' }))).code).toBe('WRONG_STAGE');
    expect((await refusal(mutate('checker', 'escalateReport', { id: 'x' }))).code).toBe('NOT_FOUND');
    const weak = { id, conclusion: conclusionOf('CONFIRMED', []) };
    expect(await refusal(mutate('checker', 'concludeReport', weak))).toMatchObject({
      code: 'INVALID_INPUT',
      fields: [{ path: 'conclusion.evidence' }],
    });
  });

  it('show their personal data to a checker, and not in any list', async () => {
    const { id } = await submit('Appelez le 06 12 34 56 78');
    const read = (persona: Persona) =>
      hub
        .as(persona)
        .request<{ readPersonalData: { personalData: object } }>(
          'mutation ($id: ID!) { readPersonalData(id: $id) { personalData { captured url items { mark value } } } }',
          { id },
        );
    expect((await read('checker')).readPersonalData.personalData).toMatchObject({
      captured: 'Appelez le 06 12 34 56 78',
    });
    expect((await refusal(read('volunteer'))).code).toBe('FORBIDDEN');
    const all = await hub.as('checker').request('{ reports(first: 100) { nodes { text url } } }');
    expect(JSON.stringify(all)).not.toContain('06 12 34 56 78');
  });
});

describe('a dossier that rests on reports', () => {
  it('is not submitted before they are confirmed, and shows them (I-11)', async () => {
    const open = await submit();
    const written = await draft(hub, 'Alert', alertInput({ reportIds: [open.id] }));
    expect(await lintOf(written)).toEqual([{ rule: 'I-11', path: 'reportIds.0', level: 'ERROR' }]);
    expect((await refusal(release(hub, written))).code).toBe('NOT_LINTED');
    await mutate('volunteer2', 'claimReport', { id: open.id });
    await mutate('checker', 'concludeReport', { id: open.id, conclusion: conclusionOf('PARTLY_CONFIRMED') });
    expect((await release(hub, written)).stage).toBe('PUBLISHED');
    const seen = await hub
      .as('checker')
      .request<{ reports: { nodes: { id: string; dossiers: object[] }[] } }>(
        '{ reports(states: [PARTLY_CONFIRMED]) { nodes { id dossiers { id reports { id state } } } } }',
      );
    expect(seen.reports.nodes.find(({ id }) => id === open.id)?.dossiers).toEqual([
      { id: written.id, reports: [{ id: open.id, state: 'PARTLY_CONFIRMED' }] },
    ]);
  });

  it('is stopped at publication when a report was reopened after approval', async () => {
    const { id } = await concluded('CONFIRMED');
    const written = await draft(hub, 'Alert', alertInput({ reportIds: [id] }));
    const client = hub.as('validator');
    await hub
      .as('editor')
      .request('mutation ($id: ID!) { submitDossier(id: $id, version: 1) { dossier { id } } }', { id: written.id });
    await client.request('mutation ($id: ID!) { approveDossier(id: $id, version: 2) { dossier { id } } }', {
      id: written.id,
    });
    await mutate('checker', 'reopenReport', { id, reason: 'Nouvelle photo' });
    const publish = client.request('mutation ($id: ID!) { publishDossier(id: $id, version: 3) { dossier { id } } }', {
      id: written.id,
    });
    expect((await refusal(publish)).code).toBe('NOT_LINTED');
  });

  it('shows a finding of level ERROR when a report is refuted after publication', async () => {
    const { id } = await concluded('CONFIRMED');
    const written = await publishNew(hub, 'Alert', alertInput({ reportIds: [id] }));
    expect(await lintOf(written)).toEqual([]);
    await mutate('checker', 'reopenReport', { id, reason: 'Démenti de la mairie' });
    await mutate('volunteer2', 'claimReport', { id });
    await mutate('checker', 'concludeReport', { id, conclusion: conclusionOf('REFUTED') });
    expect(await lintOf(written)).toEqual([{ rule: 'I-11', path: 'reportIds.0', level: 'ERROR' }]);
  });

  it('names reports that exist, and forgets those that its content no longer names', async () => {
    const unknown = alertInput({ reportIds: ['01890000-0000-7000-8000-000000000000'] });
    expect(await refusal(draft(hub, 'Alert', unknown))).toMatchObject({
      code: 'INVALID_INPUT',
      fields: [{ path: 'input.reportIds.0' }],
    });
    const { id } = await concluded('CONFIRMED');
    const written = await draft(hub, 'Alert', alertInput({ reportIds: [id] }));
    await revise(hub, 'Alert', written, alertInput());
    const { report } = await hub
      .as('editor')
      .request<{ report: object }>('query ($id: ID!) { report(id: $id) { dossiers { id } } }', { id });
    expect(report).toEqual({ dossiers: [] });
  });

  it('shows no dossier to a volunteer', async () => {
    const { id } = await concluded('CONFIRMED');
    await draft(hub, 'Alert', alertInput({ reportIds: [id] }));
    const { report } = await hub
      .as('volunteer')
      .request<{ report: object }>('query ($id: ID!) { report(id: $id) { dossiers { id } } }', { id });
    expect(report).toEqual({ dossiers: [] });
  });
});

describe('the collaborative map', () => {
  const get = (path: string, persona?: Persona) =>
    fetch(`${hub.url}${path}`, persona ? { headers: { authorization: `Bearer ${tokens[persona]}` } } : {});

  it('shows everybody the confirmed reports that a validator marked public, without their words', async () => {
    const { id } = await submit('Chez Paul', { point: { lon: 2.2937, lat: 48.6936 }, category: 'Inondation' });
    await mutate('volunteer2', 'claimReport', { id });
    await mutate('checker', 'concludeReport', { id, conclusion: conclusionOf('CONFIRMED') });
    await mutate('validator', 'markReportPublic', { id, shown: true });
    const answer = await get('/geo/reports.geojson');
    expect(answer.headers.get('content-type')).toBe('application/geo+json; charset=utf-8');
    expect(await answer.json()).toMatchObject({
      features: [{ geometry: { coordinates: [2.294, 48.694] }, properties: { category: 'Inondation' } }],
    });
  });

  it('shows the desk every report on the map, and nobody else', async () => {
    const words = async (persona?: Persona) => (await get('/desk/reports.geojson', persona)).text();
    expect(await words('volunteer')).toContain('Chez Paul');
    for (const persona of [undefined, 'scheduler'] as const) expect(await words(persona)).not.toContain('Chez Paul');
    expect((await get('/desk/reports.geojson')).status).toBe(401);
    expect((await get('/desk/reports.geojson', 'admin')).status).toBe(403);
  });
});
