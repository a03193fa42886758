import { afterAll, expect, it } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, openIncident, publishNew, refusal } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

interface Found {
  nodes: { slug: string }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
  totalCount: number;
}
type Persona = Parameters<typeof hub.as>[0];

const list = async (persona?: Persona, first = 20, after: string | null = null): Promise<Found> =>
  (
    await hub
      .as(persona)
      .request<{ incidents: Found }>(
        'query ($first: Int!, $after: PageCursor) { incidents(first: $first, after: $after) { nodes { slug } pageInfo { hasNextPage endCursor } totalCount } }',
        { first, after },
      )
  ).incidents;
const one = async (name: object, persona?: Persona): Promise<unknown> =>
  (
    await hub
      .as(persona)
      .request<{ incident: unknown }>(
        'query ($id: ID, $slug: String) { incident(id: $id, slug: $slug) { id slug title publications { id } } }',
        name,
      )
  ).incident;

const flood = await openIncident(hub, 'crue-2016');
const drill = await openIncident(hub, 'exercice-2016', 'EXERCISE');
const quiet = await openIncident(hub, 'orage-2016');
const alert = await publishNew(hub, 'Alert', alertInput({ incidentId: flood }));
const words = { language: 'fr-FR', headline: 'EXERCICE : crue', description: 'EXERCICE. La rivière monte.' };
await publishNew(hub, 'Alert', alertInput({ incidentId: drill, mode: 'EXERCISE', texts: [words] }));

it('lists what the public has heard of, and everything to staff, the newest first, in pages', async () => {
  const slugs = async (persona?: Persona) => (await list(persona)).nodes.map(({ slug }) => slug);
  expect(await slugs()).toEqual(['crue-2016']);
  expect(await slugs('volunteer')).toEqual(['crue-2016']);
  expect(await slugs('editor')).toEqual(['orage-2016', 'exercice-2016', 'crue-2016']);
  const page = await list('editor', 2);
  expect(page).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
  expect((await list('editor', 2, page.pageInfo.endCursor)).nodes).toEqual([{ slug: 'crue-2016' }]);
  expect(await refusal(list('editor', 101))).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'first' }] });
  expect(await refusal(list(undefined, 2, 'x'))).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'after' }] });
});

it('finds one by its id or by its slug, with what is live of it', async () => {
  const found = { id: flood, slug: 'crue-2016', title: 'Crue', publications: [{ id: alert.id }] };
  expect(await one({ id: flood })).toEqual(found);
  expect(await one({ slug: 'crue-2016' })).toEqual(found);
  for (const name of [
    { id: drill },
    { slug: 'orage-2016' },
    { slug: 'x' },
    { id: 'x' },
    { id: alert.id },
    { slug: '' },
  ])
    expect(await one(name), JSON.stringify(name)).toBeNull();
  expect(await one({ id: quiet }, 'editor')).toMatchObject({ slug: 'orage-2016', publications: [] });
});

it.each([{}, { id: flood, slug: 'crue-2016' }, { id: null, slug: null }])(
  'asks for exactly one name, not for %j',
  async (name) => {
    expect(await refusal(one(name))).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'id' }] });
  },
);
