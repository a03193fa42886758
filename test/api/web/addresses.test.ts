import { readFileSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import { publishNew } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

const page = readFileSync(new URL('../../../docs/stability.md', import.meta.url), 'utf8');
const rows = page.match(/^\| `\/.*$/gm) ?? [];
const addresses = rows.flatMap((row) =>
  [...(row.split('|')[1] ?? '').matchAll(/`(\/[^`]+)`/g)].map(([, path = '']) => path),
);
const { id } = await publishNew(hub);
const { publication } = await hub
  .as()
  .request<{ publication: { capIdentifier: string } }>(
    'query ($id: ID!) { publication(id: $id) { ... on AlertPublication { capIdentifier } } }',
    { id },
  );

it('promises more than a few addresses', () => expect(addresses.length).toBeGreaterThan(15));

it.each(addresses)('%s is there, as docs/stability.md promises (S-2)', async (address) => {
  const path = address.replace('{identifier}', publication.capIdentifier).replace('{id}', id);
  expect(path).not.toContain('{');
  const query = path.startsWith('/graphql') ? `?query=${encodeURIComponent('{ __typename }')}` : '';
  const answer = await fetch(hub.url + path + query);
  await answer.arrayBuffer();
  // A query is no subscription: that is refused at /graphql/stream, and by nothing but it.
  expect([path, answer.status]).toEqual([path, path === '/graphql/stream' ? 400 : 200]);
});
