import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { preset } from '@graphql-codegen/client-preset';
import { codegen } from '@graphql-codegen/core';
import * as typescript from '@graphql-codegen/typescript';
import { buildSchema, isScalarType, isSpecifiedScalarType, parse } from 'graphql';
import { afterAll, describe, expect, it } from 'vitest';
import { scalars } from '../../../src/client/codegen.ts';
import { QUERIES } from '../../../src/development/demo/kit-queries.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const run = promisify(execFile);
const text = await readFile(path.join(ROOT, 'schema', 'schema.graphql'), 'utf8');
const schemaAst = buildSchema(text);
const schema = parse(text);
const app = await mkdtemp(path.join(os.tmpdir(), `tocsin-test-${process.pid}-`));
afterAll(() => rm(app, { recursive: true, force: true }));

const typesWith = (config: object) =>
  codegen({
    schema,
    schemaAst,
    documents: [],
    config,
    filename: 'schema.ts',
    plugins: [{ typescript: {} }],
    pluginMap: { typescript },
  });

/** The files that the client preset makes of some documents, by their names. */
async function clientOf(documents: Readonly<Record<string, string>>, config: object): Promise<Map<string, string>> {
  const sections = await preset.buildGeneratesSection({
    schema,
    schemaAst,
    config,
    presetConfig: {},
    baseOutputDir: 'gql/',
    plugins: [],
    pluginMap: {},
    documents: Object.entries(documents).map(([location, rawSDL]) => ({ location, rawSDL, document: parse(rawSDL) })),
  });
  const files = await Promise.all(sections.map(async (section) => [section.filename, await codegen(section)] as const));
  return new Map(files);
}

/** The settings of codegen as docs/clients.md prints them. */
async function printedConfig(): Promise<object> {
  const docs = await readFile(path.join(ROOT, 'docs', 'clients.md'), 'utf8');
  const [, code = ''] = /```ts\n(import type \{ CodegenConfig \}[\s\S]*?)```/.exec(docs) ?? [];
  const file = path.join(app, 'codegen.ts');
  await writeFile(file, code.replace('tocsin/client/codegen', path.join(ROOT, 'src/client/codegen.ts')));
  const { default: settings } = (await import(file)) as { default: { generates: Record<string, { config: object }> } };
  const [target] = Object.values(settings.generates);
  if (!target) throw new Error('docs/clients.md generates nothing');
  return target.config;
}

const code = (made = '') => made.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');

describe('graphql-codegen', () => {
  it('is told by tocsin/client what every scalar of the hub is', () => {
    const own = Object.values(schemaAst.getTypeMap()).filter(
      (type) => isScalarType(type) && !isSpecifiedScalarType(type),
    );
    expect(Object.keys(scalars)).toEqual(own.map(({ name }) => name).sort());
  });

  it('makes types without `unknown` of the whole schema, with the settings that docs/clients.md prints', async () => {
    expect(code(await typesWith(await printedConfig()))).not.toMatch(/\bunknown\b|\bany\b/);
    expect(code(await typesWith({}))).toMatch(/\bunknown\b|\bany\b/);
  });

  it('makes of queries what an app can use as it is: cursors as texts, times for Date, shapes for maps', async () => {
    const documents = {
      ...QUERIES,
      'app.ts': `query App($after: PageCursor, $at: DateTime) {
        situation(place: { point: { lon: 2.3, lat: 48.7 } }) { asOf commune { code outline } alerts { endsAt url text { language } } }
        publications(after: $after, where: { activeAt: $at }) { pageInfo { endCursor } } }`,
    };
    const named = Object.entries(documents).map(([name, source]) => [
      name,
      /^(query|subscription) \w/.test(source) ? source : source.replace(/^(query ?)?/, `query ${name} `),
    ]);
    const files = await clientOf(Object.fromEntries(named), await printedConfig());
    for (const [name, made] of files) {
      await mkdir(path.dirname(path.join(app, name)), { recursive: true });
      await writeFile(path.join(app, name), made);
    }
    const [types] = (files.get('gql/graphql.ts') ?? '').replace(/^type Exact<.*$/m, '').split('export const ');
    expect(types).toContain('export type AppQuery');
    expect(code(types)).not.toMatch(/\bunknown\b|\bany\b/);
    await writeFile(
      path.join(app, 'app.ts'),
      `import type { AppQuery } from './gql/graphql.ts';
       export function use({ situation, publications }: AppQuery) {
         const cursor: string | undefined = situation?.asOf;
         const page: string | null | undefined = publications?.pageInfo.endCursor;
         const end: Date[] = situation?.alerts.map(({ endsAt }) => new Date(endsAt ?? 0)) ?? [];
         const address: string | undefined = situation?.alerts[0]?.url;
         const code: string | undefined = situation?.commune?.code;
         const outline: import('geojson').Geometry | undefined = situation?.commune?.outline;
         return { cursor, page, end, address, code, outline };
       }`,
    );
    await mkdir(path.join(app, 'node_modules', '@types'), { recursive: true });
    for (const name of ['@types/geojson', '@graphql-typed-document-node', 'graphql'])
      await symlink(path.join(ROOT, 'node_modules', name), path.join(app, 'node_modules', name), 'dir');
    const options = [
      '--noEmit',
      '--strict',
      '--target',
      'es2022',
      '--module',
      'nodenext',
      '--allowImportingTsExtensions',
    ];
    const compiled = await run(
      path.join(ROOT, 'node_modules', '.bin', 'tsc'),
      [...options, '--types', 'geojson', 'app.ts'],
      {
        cwd: app,
      },
    ).catch((error: { stdout: string }) => error);
    expect(compiled.stdout).toBe('');
  });
});
