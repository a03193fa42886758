import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { build } from '../../scripts/build.mjs';
import { serve } from './harness.mjs';

// BENCH_PRODUCT names another checkout whose hub is measured in place of this one's: see compare.mjs.
const product = process.env.BENCH_PRODUCT
  ? await import(path.join(process.env.BENCH_PRODUCT, 'scripts', 'build.mjs'))
  : await import('../../scripts/build.mjs');

/** The product itself, built: an embedded PostgreSQL, and as many hubs on it as are asked for. */
export async function startDatabase() {
  const main = await build();
  await product.build();
  const built = (file) => import(path.join(path.dirname(path.dirname(main)), file));
  const { startEmbedded } = await built('development/embedded/embedded.js');
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'tocsin-bench-'));
  // Open to root's helper account, or the database would be put elsewhere, and stay.
  await chmod(dataDir, 0o755);
  const database = await startEmbedded({ dataDir });
  return {
    url: database.url,
    dataDir,
    built,
    async end() {
      await database.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

const BOUNDS = [
  'IDENTITY_POINTS',
  'ADDRESS_POINTS',
  'ANONYMOUS_POINTS',
  'ADDRESS_STREAMS',
  'ADDRESS_HANDSHAKES',
  'CONNECTION_POINTS',
].map((name) => `TOCSIN_${name}`);
const checkout = process.env.BENCH_PRODUCT ?? path.join(import.meta.dirname, '..', '..');
const settings = readFileSync(path.join(checkout, 'src', 'config.ts'), 'utf8');
/** A checkout from before there was a bound refuses to start with a setting that it does not know. */
const UNBOUNDED = Object.fromEntries(BOUNDS.filter((name) => settings.includes(name)).map((name) => [name, '0']));

/** For a hub that is to refuse as it does by default: an empty setting counts as not given. */
export const DEFAULT_BOUNDS = Object.fromEntries(Object.keys(UNBOUNDED).map((name) => [name, '']));

/** One hub process over a database that is there. `cpu`: the core that it has. */
export async function startHub(database, { port, cpu, demo = 'false', env = {} }) {
  const server = await serve(product.program, {
    cpu,
    ready: (line) => line.includes('graphql'),
    env: {
      DATABASE_URL: database.url,
      PORT: String(port),
      TOCSIN_DATA_DIR: database.dataDir,
      TOCSIN_DEMO: demo,
      TOCSIN_LOG_LEVEL: 'error',
      // One machine asks here what a whole country would: it is measured, and not refused.
      ...UNBOUNDED,
      ...env,
    },
  });
  const tokens = JSON.parse(await readFile(path.join(database.dataDir, 'dev-tokens.json'), 'utf8'));
  const url = `http://127.0.0.1:${port}`;
  return {
    ...server,
    url,
    port,
    tokens,
    /** One operation by a persona, or by nobody. Throws what it is refused for. */
    async ask(persona, query, variables) {
      const answer = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(persona ? { authorization: `Bearer ${tokens[persona]}` } : {}),
        },
        body: JSON.stringify({ query, variables }),
      });
      const { data, errors } = await answer.json();
      if (errors) throw new Error(JSON.stringify(errors));
      return data;
    },
  };
}

/** What is selected of the payload of a mutation on a dossier. */
export const DOSSIER = '{ dossier { id version } }';

export const step = (hub, name, persona, { id, version }) =>
  hub
    .ask(persona, `mutation ($id: ID!, $version: Int!) { it: ${name}(id: $id, version: $version) ${DOSSIER} }`, {
      id,
      version,
    })
    .then(({ it }) => it.dossier);

/** The content of an alert that is in force for 20 hours. */
export const alertInput = ({
  commune = '91345',
  communes = [commune],
  headline = 'L’Yvette déborde à Longjumeau',
} = {}) => ({
  hazard: 'OET-081',
  categories: ['MET'],
  responseTypes: ['AVOID'],
  urgency: 'EXPECTED',
  severity: 'SEVERE',
  certainty: 'LIKELY',
  endsAt: new Date(Date.now() + 20 * 3600_000).toISOString(),
  texts: [
    {
      language: 'fr-FR',
      headline,
      description: 'Le bas de la ville est inondé. '.repeat(8),
      instruction: 'Éloignez-vous des berges.',
    },
  ],
  areas: [{ description: headline, communes }],
});

/** Writes an alert that a second person has approved; answers its dossier. */
export async function approveAlert(hub, wish) {
  const { it } = await hub.ask(
    'editor',
    `mutation ($input: AlertInput!) { it: draftAlert(input: $input) ${DOSSIER} }`,
    { input: alertInput(wish) },
  );
  const submitted = await step(hub, 'submitDossier', 'editor', it.dossier);
  return step(hub, 'approveDossier', 'validator', submitted);
}

/** Publishes an alert by two people; answers its dossier. */
export const publishAlert = async (hub, wish) =>
  step(hub, 'publishDossier', 'validator', await approveAlert(hub, wish));

/** Appends one change to the journal, of a publication that is out already. */
export const change = (hub, { id }) =>
  hub.ask('validator', 'mutation ($id: ID!) { verifyPublication(id: $id) { asOf } }', { id });
