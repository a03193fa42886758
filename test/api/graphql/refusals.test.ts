import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import {
  alertInput,
  closureInput,
  type Done,
  draft,
  eventInput,
  hoursFromNow,
  publishNew,
  refusal,
  step,
  WRITTEN,
} from '../../support/desk/desk.ts';
import { Follower } from '../../support/following/follower.ts';
import { startHub } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

const french = { language: 'fr-FR', headline: 'Titre', description: 'Description' };
const swapped = {
  type: 'LineString',
  coordinates: [
    [48.612, 2.364],
    [48.621, 2.396],
  ],
};
const inMarseille = {
  type: 'Polygon',
  coordinates: [
    [
      [5.3, 43.2],
      [5.5, 43.2],
      [5.5, 43.4],
      [5.3, 43.2],
    ],
  ],
};

describe('bad input', () => {
  it.each([
    [
      'a dossier without French text',
      'Alert',
      alertInput({ texts: [{ ...french, language: 'en-GB' }] }),
      'input.texts',
    ],
    [
      'an area outside the Département (I-08)',
      'Alert',
      alertInput({ areas: [{ description: 'Marseille', geometry: inMarseille }] }),
      'input.areas.0.geometry',
    ],
    ['swapped longitude and latitude', 'Closure', closureInput({ path: swapped }), 'input.path.coordinates.0'],
    ['an end before its start', 'Event', eventInput({ endsAt: hoursFromNow(1) }), 'input.endsAt'],
    [
      'an unknown commune',
      'Alert',
      alertInput({ areas: [{ description: 'Lyon', communes: ['69123'] }] }),
      'input.areas.0.communes.0',
    ],
    [
      'a closure with a path of one point',
      'Closure',
      closureInput({ path: { type: 'LineString', coordinates: [[2.3, 48.6]] } }),
      'input.path.coordinates',
    ],
    [
      'an open polygon',
      'Alert',
      alertInput({
        areas: [
          {
            description: 'Ouvert',
            geometry: {
              type: 'Polygon',
              coordinates: [
                [
                  [2.3, 48.6],
                  [2.4, 48.6],
                  [2.4, 48.7],
                  [2.3, 48.7],
                ],
              ],
            },
          },
        ],
      }),
      'input.areas.0.geometry.coordinates.0',
    ],
    [
      'a control character',
      'Alert',
      alertInput({ texts: [{ ...french, headline: 'Son\u0007nette' }] }),
      'input.texts.0.headline',
    ],
    ['an unknown hazard', 'Alert', alertInput({ hazard: 'OET-999' }), 'input.hazard'],
    [
      'an incident that does not exist',
      'Alert',
      alertInput({ incidentId: '01890000-0000-7000-8000-000000000000' }),
      'input.incidentId',
    ],
  ] as const)('%s is INVALID_INPUT, names the field, and writes nothing', async (_what, kind, input, path) => {
    const before = await hub.as('editor').request('{ dossiers(first: 100) { nodes { id version } } }');
    const { code, fields } = await refusal(draft(hub, kind, input));
    expect(code).toBe('INVALID_INPUT');
    expect((fields as { path: string }[]).map((fault) => fault.path)).toContain(path);
    expect(await hub.as('editor').request('{ dossiers(first: 100) { nodes { id version } } }')).toEqual(before);
  });

  it('names every faulty field at once', async () => {
    const input = alertInput({ hazard: 'x', endsAt: hoursFromNow(-1), startsAt: hoursFromNow(1), texts: [] });
    const { fields } = await refusal(draft(hub, 'Alert', input));
    expect((fields as { path: string }[]).map(({ path }) => path)).toEqual(
      expect.arrayContaining(['input.hazard', 'input.texts']),
    );
  });

  it('a closure without a path is refused before anything runs', async () => {
    const { path: _path, ...rest } = closureInput();
    expect((await refusal(draft(hub, 'Closure', rest))).code).toBe('BAD_REQUEST');
  });

  it('both or neither of commune and point is refused by the schema itself (@oneOf), as literals and as variables', async () => {
    const both = { commune: '91345', point: { lon: 2.3, lat: 48.6 } };
    for (const place of ['{}', '{ commune: null }', '{ commune: "91345", point: { lon: 2.3, lat: 48.6 } }'])
      expect((await refusal(hub.as().request(`{ situation(place: ${place}) { asOf } }`))).code).toBe('BAD_REQUEST');
    const query = 'query ($place: PlaceInput!) { situation(place: $place) { asOf } }';
    for (const place of [{}, { commune: null }, both])
      expect((await refusal(hub.as().request(query, { place }))).code).toBe('BAD_REQUEST');
    const { type } = await hub
      .as()
      .request<{ type: { isOneOf: boolean } }>('{ type: __type(name: "PlaceInput") { isOneOf } }');
    expect(type.isOneOf).toBe(true);
  });
});

describe('the workflow', () => {
  it('refuses approval by whoever wrote, and by a validator who changed it', async () => {
    const written = await draft(hub, 'Alert');
    const { done } = await hub.as('validator').request<Done>(
      `mutation ($id: ID!, $version: Int!, $input: AlertInput!) {
        done: reviseAlert(id: $id, version: $version, input: $input) ${WRITTEN} }`,
      { ...written, input: alertInput({ contact: 'mairie@longjumeau.example' }) },
    );
    const submitted = await step(hub, 'submitDossier', 'editor', done.dossier);
    expect((await refusal(step(hub, 'approveDossier', 'validator', submitted))).code).toBe('FORBIDDEN');
    expect((await step(hub, 'approveDossier', 'validator2', submitted)).stage).toBe('APPROVED');
  });

  it('refuses an editor who approves or publishes', async () => {
    const submitted = await step(hub, 'submitDossier', 'editor', await draft(hub, 'Alert'));
    expect((await refusal(step(hub, 'approveDossier', 'editor2', submitted))).code).toBe('FORBIDDEN');
  });

  it('refuses publication without approval, and wants two approvals for EXTREME', async () => {
    const input = alertInput({ severity: 'EXTREME', urgency: 'IMMEDIATE' });
    const submitted = await step(hub, 'submitDossier', 'editor', await draft(hub, 'Alert', input));
    expect((await refusal(step(hub, 'publishDossier', 'validator', submitted))).code).toBe('WRONG_STAGE');
    const once = await step(hub, 'approveDossier', 'validator', submitted);
    expect(once.stage).toBe('IN_REVIEW');
    expect((await refusal(step(hub, 'approveDossier', 'validator', once))).code).toBe('WRONG_STAGE');
    const twice = await step(hub, 'approveDossier', 'validator2', once);
    expect((await step(hub, 'publishDossier', 'validator', twice)).stage).toBe('PUBLISHED');
  });

  it('answers an old version with CONFLICT and the current one', async () => {
    const written = await draft(hub, 'Alert');
    await step(hub, 'submitDossier', 'editor', written);
    expect(await refusal(step(hub, 'approveDossier', 'validator', written))).toMatchObject({
      code: 'CONFLICT',
      currentVersion: 2,
    });
  });

  it('stops a draft with a finding of level ERROR, and says which', async () => {
    const written = await draft(hub, 'Alert', alertInput({ mode: 'EXERCISE' }));
    const { code, findings } = await refusal(step(hub, 'submitDossier', 'editor', written));
    expect(code).toBe('NOT_LINTED');
    expect(findings).toEqual(expect.arrayContaining([expect.objectContaining({ rule: 'I-10', level: 'ERROR' })]));
  });

  it('shows drafts, names and the desk to nobody without a token, and mutates nothing', async () => {
    const { id } = await draft(hub, 'Alert');
    for (const query of [`{ dossier(id: "${id}") { id } }`, '{ dossiers { nodes { id } } }'])
      expect((await refusal(hub.as().request(query))).code).toBe('UNAUTHENTICATED');
    expect((await refusal(hub.as('volunteer').request('{ dossiers { nodes { id } } }'))).code).toBe('FORBIDDEN');
    expect(await hub.as().request('query ($id: ID!) { publication(id: $id) { id } viewer { id } }', { id })).toEqual({
      publication: null,
      viewer: null,
    });
  });
});

describe('cursors (D-2)', () => {
  const stranger = (text: string) => Buffer.from(text).toString('base64url');
  it.each([
    ['not a cursor', 'garbage'],
    ['of another epoch', stranger('1.00000000-0000-4000-8000-000000000000.1')],
    ['empty', ''],
  ])('%s is RESYNC_REQUIRED with a fresh cursor, for the query and the subscription alike', async (_what, after) => {
    await publishNew(hub);
    const asked = await refusal(
      hub.as().request('query ($after: Cursor) { changes(after: $after) { endCursor } }', { after }),
    );
    expect(asked.code).toBe('RESYNC_REQUIRED');
    const follower = new Follower(hub.url, after);
    await follower.until(({ errors }) => errors.length > 0);
    expect(follower.errors[0]).toMatchObject([{ extensions: { code: 'RESYNC_REQUIRED', cursor: asked.cursor } }]);
    await follower.stop();
    const again = await hub
      .as()
      .request('query ($after: Cursor) { changes(after: $after) { nodes { type } } }', { after: asked.cursor });
    expect(again).toEqual({ changes: { nodes: [] } });
  });

  it('of the future is RESYNC_REQUIRED', async () => {
    const { changes } = await hub.as().request<{ changes: { endCursor: string } }>('{ changes { endCursor } }');
    const [version, epoch, position] = Buffer.from(changes.endCursor, 'base64url').toString().split('.');
    const after = stranger(`${version}.${epoch}.${Number(position) + 1}`);
    const { code } = await refusal(
      hub.as().request('query ($after: Cursor) { changes(after: $after) { endCursor } }', { after }),
    );
    expect(code).toBe('RESYNC_REQUIRED');
  });
});
