import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { writeKit } from '../../../src/development/demo/kit.ts';
import { KINDS } from '../../../src/publications/vocabulary.ts';
import { testDatabase } from '../../support/database/database.ts';
import { startHub, tokens } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const hub = await startHub({ url, demo: true });
const folder = await mkdtemp(join(tmpdir(), 'tocsin-kit-'));
afterAll(async () => {
  await hub.close();
  await rm(folder, { recursive: true });
});

it('writes an example of every format and query, of every kind, and of how an alert goes on and ends', async () => {
  await writeFile(join(folder, 'dev-tokens.json'), JSON.stringify(tokens));
  const examples = await writeKit({ url: hub.url, dataDir: folder, out: folder });
  const read = (file: string) => readFile(join(folder, file), 'utf8');
  expect(JSON.parse(await read('index.json'))).toEqual(examples);
  for (const { file, status } of examples) {
    expect([file, status]).toEqual([file, file.startsWith('errors/') ? 400 : 200]);
    expect((await read(file)).length, file).toBeGreaterThan(0);
  }
  for (const kind of KINDS)
    expect(JSON.parse(await read(`publications/${kind.toLowerCase().replaceAll('_', '-')}.jsonld`))).toHaveProperty(
      '@type',
    );
  const types = await Promise.all(
    ['alert', 'update', 'cancel', 'all-clear'].map(async (name) => {
      const text = await read(`cap/${name}.xml`);
      expect(text).toContain('<status>Exercise</status>');
      return /<msgType>(\w+)/.exec(text)?.[1];
    }),
  );
  expect(types).toEqual(['Alert', 'Update', 'Cancel', 'Update']);
  for (const { file } of examples.filter(({ file: name }) => name.startsWith('graphql/')))
    expect([file, JSON.parse(await read(file)).errors]).toEqual([file, undefined]);
  // Exercises are in the examples that ask for them, and nowhere else.
  expect(await read('feeds/publications.rss')).not.toContain('EXERCICE');
  expect(await read('feeds/publications.exercise.rss')).toContain('EXERCICE');
});

it('says in plain words where the tokens of the hub are not found', async () => {
  await expect(writeKit({ url: hub.url, dataDir: join(folder, 'none'), out: folder })).rejects.toThrow('No tokens in');
});

it('asks for the demo where a kind is missing', async () => {
  const event =
    '{ publications(where: { kinds: [EVENT] }) { nodes { id } } dossiers(first: 100) { nodes { id version } } }';
  const { publications, dossiers } = await hub.as('validator').request<{
    publications: { nodes: { id: string }[] };
    dossiers: { nodes: { id: string; version: number }[] };
  }>(event);
  for (const { id } of publications.nodes)
    await hub
      .as('validator')
      .request(
        'mutation ($id: ID!, $version: Int!) { cancelPublication(id: $id, version: $version, reason: "Orage") { publication { id } } }',
        {
          id,
          version: dossiers.nodes.find((dossier) => dossier.id === id)?.version,
        },
      );
  await expect(writeKit({ url: hub.url, dataDir: folder, out: folder })).rejects.toThrow('shows no EVENT');
});
