import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';

const require = createRequire(import.meta.url);
const COMPILER = require.resolve('relay-compiler/cli.js');
const SCHEMA = path.resolve(import.meta.dirname, '../../../schema/schema.graphql');

/** The documents of an ordinary app: a list to page through, changes to page through and to follow, every other list, a write. */
const DOCUMENTS = [
  `fragment App_card on Publication { text { headline } ... on AlertPublication { severity } }`,
  `query AppPublicationsQuery($first: Int!, $after: PageCursor, $where: PublicationFilter) {
     ...App_publications @arguments(first: $first, after: $after, where: $where) }`,
  `fragment App_publications on Query @refetchable(queryName: "AppPublicationsPaginationQuery")
   @argumentDefinitions(first: { type: "Int!" }, after: { type: "PageCursor" }, where: { type: "PublicationFilter" }) {
     publications(first: $first, after: $after, where: $where) @connection(key: "App_publications") {
       edges { node { id thread state ...App_card } } } }`,
  `fragment App_changes on Query @refetchable(queryName: "AppChangesPaginationQuery")
   @argumentDefinitions(first: { type: "Int!" }, after: { type: "Cursor" }) {
     changes(first: $first, after: $after) @connection(key: "App_changes") {
       edges { node { type publication { id } } } } }`,
  `query AppListsQuery($place: PlaceInput!) {
     situation(place: $place) { asOf alerts { ...App_card } }
     alerts(first: 20) @connection(key: "App_alerts") { edges { node { id } } }
     communes(first: 20) @connection(key: "App_communes") { edges { node { code name } } }
     socialPosts(first: 20, network: MASTODON) @connection(key: "App_socialPosts") { edges { node { text } } }
     dossiers(first: 20) @connection(key: "App_dossiers") { edges { node { id version } } }
     reports(first: 20) @connection(key: "App_reports") { edges { node { id } } }
     watchers(first: 20) @connection(key: "App_watchers") { edges { node { id } } }
     webhooks(first: 20) @connection(key: "App_webhooks") { edges { node { id } } }
     outdatedPosts(first: 20) @connection(key: "App_outdatedPosts") { edges { node { url } } } }`,
  `subscription AppFollowSubscription($after: Cursor) {
     changes(after: $after) { cursor match publication { id ...App_card } } }`,
  `mutation AppCancelMutation($id: ID!, $version: Int!, $reason: String!) {
     cancelPublication(id: $id, version: $version, reason: $reason) {
       asOf dossier { id version } publication { id state } } }`,
];

/** Compiles an app of these documents in a folder of its own; the artifacts, by name. Rejects with what the compiler printed. */
async function compiled(documents: readonly string[]): Promise<string[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tocsin-relay-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const artifacts = path.join(folder, 'src/__generated__');
  await mkdir(artifacts, { recursive: true });
  await copyFile(SCHEMA, path.join(folder, 'schema.graphql'));
  const app = documents.map((document, index) => `export const d${index} = graphql\`\n${document}\n\`;\n`).join('');
  await writeFile(path.join(folder, 'src/App.ts'), `import { graphql } from 'react-relay';\n${app}`);
  const config = {
    src: './src',
    schema: './schema.graphql',
    language: 'typescript',
    artifactDirectory: './src/__generated__',
  };
  await writeFile(path.join(folder, 'relay.config.json'), JSON.stringify(config));
  await promisify(execFile)(process.execPath, [COMPILER, 'relay.config.json'], { cwd: folder });
  return readdir(artifacts);
}

it('Relay compiles the documents of an ordinary app, every list with @connection', async () => {
  const artifacts = await compiled(DOCUMENTS);
  for (const name of [
    'AppPublicationsPaginationQuery',
    'AppChangesPaginationQuery',
    'AppListsQuery',
    'AppCancelMutation',
  ])
    expect(artifacts).toContain(`${name}.graphql.ts`);
});

it('Relay refuses a list without edges, so that this test would tell', async () => {
  const refused = compiled(['query AppBareQuery { alerts(first: 2) @connection(key: "App_alerts") { nodes { id } } }']);
  await expect(refused).rejects.toThrow(/edges/);
});
