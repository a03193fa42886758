import { afterAll, expect, it } from 'vitest';
import { encodeCursor } from '../../../src/journal/cursor.rules.ts';
import { testDatabase } from '../../support/database/database.ts';
import { adviceInput, alertInput, publishNew, refusal, release, revise } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

/** Several places in one answer, one thread alone, and the ids by which a cache knows what stands in lists. */
const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());
const read = <T>(query: string, variables: object = {}): Promise<T> => hub.as().request<T>(query, variables);

const alert = await publishNew(hub);
const advice = await publishNew(hub, 'Advice', adviceInput({ hazard: 'OET-218' }));

const SITUATION = 'asOf position stale commune { id code } alerts { id } advice { id }';

it('answers each place of a list as it answers that place alone, in their order', async () => {
  const places = [{ commune: '91345' }, { point: { lon: 2.35, lat: 48.85 } }, { commune: '91228' }];
  const { situations } = await read<{ situations: object[] }>(
    `query ($places: [PlaceInput!]!) { situations(places: $places) { ${SITUATION} } }`,
    { places },
  );
  const alone = await Promise.all(
    places.map((place) =>
      read<{ situation: object }>(`query ($place: PlaceInput!) { situation(place: $place) { ${SITUATION} } }`, {
        place,
      }),
    ),
  );
  expect(situations).toEqual(alone.map(({ situation }) => situation));
  expect(situations[0]).toMatchObject({ alerts: [{ id: alert.id }], commune: { id: '91345', code: '91345' } });
});

it('refuses more than twenty places, and names the place that it does not know', async () => {
  const ask = (places: object[]) =>
    refusal(read('query ($places: [PlaceInput!]!) { situations(places: $places) { asOf } }', { places }));
  const many = Array.from({ length: 21 }, () => ({ commune: '91345' }));
  expect(await ask(many)).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'places' }] });
  expect(await ask([{ commune: '91345' }, { commune: '91000' }])).toMatchObject({
    code: 'INVALID_INPUT',
    fields: [{ path: 'places.1.commune' }],
  });
});

it('answers a place outside the Département by what the reader gave: a point, a code to look up, a code to rely on', async () => {
  const { situation, commune } = await read<Record<string, unknown>>(
    `{ situation(place: { point: { lon: 2.35, lat: 48.85 } }) { commune { code } alerts { id } advice { id } }
       commune(code: "75056") { code } }`,
  );
  expect(situation).toEqual({ commune: null, alerts: [], advice: [] });
  expect(commune).toBeNull();
  expect(await refusal(read('{ situation(place: { commune: "75056" }) { asOf } }'))).toMatchObject({
    code: 'INVALID_INPUT',
    fields: [{ path: 'place.commune' }],
  });
});

it('finds publications by their threads and by their hazards, on the board and in the archive', async () => {
  const find = async (where: object) =>
    (
      await read<{ publications: { nodes: { id: string }[] } }>(
        'query ($where: PublicationFilter) { publications(where: $where) { nodes { id } } }',
        { where },
      )
    ).publications.nodes.map(({ id }) => id);
  for (const states of [null, ['UPCOMING', 'IN_FORCE', 'ENDED']]) {
    expect(await find({ states, publications: [alert.id] })).toEqual([alert.id]);
    expect(await find({ states, publications: [] })).toEqual([]);
    expect(await find({ states, hazards: ['OET-081'] })).toEqual([alert.id]);
  }
  expect(
    await refusal(
      read('query ($where: PublicationFilter) { publications(where: $where) { totalCount } }', {
        where: { publications: [`${alert.id}@r1`] },
      }),
    ),
  ).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'where.publications.0' }] });
});

it('follows one thread alone', async () => {
  const { changes } = await read<{ changes: { nodes: { match: string; publication: { thread: string } }[] } }>(
    `query ($after: Cursor, $where: ChangeFilter) { changes(after: $after, where: $where) {
       nodes { match publication { thread } } } }`,
    {
      after: encodeCursor({ epoch: hub.app.reads.journal.tail.head.epoch, position: 0 }),
      where: { publications: [advice.id] },
    },
  );
  expect(changes.nodes).toEqual([{ match: 'ENTERED', publication: { thread: advice.id } }]);
});

it('lists every hazard with its name', async () => {
  const { hazards } = await read<{ hazards: { code: string; label: { text: string } }[] }>(
    '{ hazards { code label { text language } } }',
  );
  expect(hazards.length).toBeGreaterThan(10);
  expect(hazards).toContainEqual({ code: 'OET-081', label: { text: 'Inondation', language: 'fr-FR' } });
});

it('gives revisions and areas ids that say which revision they are of and lead to it, a draft’s being its own', async () => {
  const fields = 'id history { id number } areas { id description }';
  const second = await release(hub, await revise(hub, 'Alert', alert, alertInput({ severity: 'MODERATE' })));
  const { publication } = await read<{ publication: object }>(
    `query ($id: ID!) { publication(id: $id) { ${fields} } }`,
    { id: alert.id },
  );
  expect(publication).toEqual({
    id: alert.id,
    history: [
      { id: `${alert.id}@r1`, number: 1 },
      { id: `${alert.id}@r2`, number: 2 },
    ],
    areas: [{ id: `${alert.id}@r2.areas.0`, description: 'Longjumeau' }],
  });
  const told = (id: string) => read(`{ publication(id: "${id}") { id ... on AlertPublication { severity } } }`);
  expect(await told(`${alert.id}@r1`)).toEqual({ publication: { id: `${alert.id}@r1`, severity: 'SEVERE' } });
  expect(await told(`${alert.id}@r2`)).toEqual({ publication: { id: alert.id, severity: 'MODERATE' } });
  await revise(hub, 'Alert', second, alertInput({ severity: 'MINOR' }));
  const { dossier } = await hub
    .as('editor')
    .request<{ dossier: { preview: object } }>(`query ($id: ID!) { dossier(id: $id) { preview { ${fields} } } }`, {
      id: alert.id,
    });
  expect(dossier.preview).toMatchObject({
    id: `${alert.id}@draft`,
    history: [{ id: `${alert.id}@r1` }, { id: `${alert.id}@r2` }, { id: `${alert.id}@draft`, number: 3 }],
    areas: [{ id: `${alert.id}@draft.areas.0` }],
  });
});
