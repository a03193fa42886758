import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { type Hub, tokens } from '../hub/hub.ts';
import { signingPair } from '../hub/signing.ts';

export const ROOT = path.resolve(import.meta.dirname, '../../..');

/** Where the blocks of the documents run: a folder with the packages and the files that they name, beside a hub. */
export interface Workshop {
  hub: Hub;
  schema: GraphQLSchema;
  folder: string;
  env: Record<string, string>;
  /** A block with the addresses of this hub, and of a free port, in place of those that all pages use. */
  here(code: string): string;
  /** The address at which a block of this workshop listens. */
  receiver: string;
  close(): Promise<void>;
}

/** Opens a workshop beside a hub that has the demo. */
export async function openWorkshop(hub: Hub): Promise<Workshop> {
  await promisify(execFile)(process.execPath, [path.join(ROOT, 'scripts', 'build.mjs')]);
  const folder = await mkdtemp(path.join(os.tmpdir(), `tocsin-test-${process.pid}-`));
  const port = await freePort();
  await linkPackages(path.join(folder, 'node_modules'));
  await writeFile(path.join(folder, 'package.json'), '{ "type": "module" }');
  await mkdir(path.join(folder, '.tocsin'));
  await writeFile(path.join(folder, '.tocsin', 'dev-tokens.json'), JSON.stringify(tokens));
  await writeFile(path.join(folder, 'departement.pem'), signingPair.certificate.toString());
  await writeFile(path.join(folder, 'message.xml'), await aCapMessage(hub));
  return {
    hub,
    schema: buildSchema(await readFile(path.join(ROOT, 'schema', 'schema.graphql'), 'utf8')),
    folder,
    env: {
      PATH: [path.join(ROOT, 'node_modules', '.bin'), process.env.PATH].join(path.delimiter),
      HOME: folder,
      HUB: hub.url,
      TOKEN: tokens.scheduler,
    },
    here: (code) => code.replaceAll('localhost:4000', new URL(hub.url).host).replaceAll(/\b8080\b/g, String(port)),
    receiver: `http://127.0.0.1:${port}/`,
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

export async function freePort(): Promise<number> {
  const holder = createServer();
  await new Promise<void>((ready) => holder.listen(0, '127.0.0.1', ready));
  const { port } = holder.address() as AddressInfo;
  await new Promise((closed) => holder.close(closed));
  return port;
}

/** All packages of this repository, and itself as `tocsin`, as an app has them that installed them. */
async function linkPackages(folder: string): Promise<void> {
  const source = path.join(ROOT, 'node_modules');
  await mkdir(folder);
  const names = (await readdir(source)).filter((name) => !name.startsWith('.') && name !== '@graphql-codegen');
  for (const name of names) await symlink(path.join(source, name), path.join(folder, name));
  await symlink(ROOT, path.join(folder, 'tocsin'));
  await standInForCodegen(path.join(source, '@graphql-codegen'), path.join(folder, '@graphql-codegen'));
}

/** The settings of graphql-codegen are typed by its command line, of which the tests have all but the command. */
async function standInForCodegen(source: string, folder: string): Promise<void> {
  await mkdir(path.join(folder, 'cli'), { recursive: true });
  for (const name of await readdir(source)) await symlink(path.join(source, name), path.join(folder, name));
  await writeFile(path.join(folder, 'cli', 'package.json'), '{ "name": "@graphql-codegen/cli", "types": "cli.d.ts" }');
  const types =
    "import type { Types } from '@graphql-codegen/plugin-helpers';\nexport type CodegenConfig = Types.Config;\n";
  await writeFile(path.join(folder, 'cli', 'cli.d.ts'), types);
}

async function aCapMessage(hub: Hub): Promise<string> {
  const { alerts } = await hub
    .as()
    .request<{ alerts: { nodes: { capUrl: string }[] } }>('{ alerts { nodes { capUrl } } }');
  const answer = await fetch(alerts.nodes[0]?.capUrl ?? '');
  return answer.text();
}
