import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { greetingWords, pushWords } from '../../../src/channels/push/jobs/push-text.rules.ts';
import { NETWORKS } from '../../../src/channels/social/fitting/networks.ts';
import { changeBody } from '../../../src/channels/webhooks/delivery/payload.rules.ts';
import { parisTime } from '../../../src/clock.ts';
import type { PublicDocument } from '../../../src/publications/document.ts';
import { KINDS } from '../../../src/publications/vocabulary.ts';
import { testDatabase } from '../../support/database/database.ts';
import { startHub } from '../../support/hub/hub.ts';

/** Fields of formats that no schema describes, as the demo has them, beside those of schema/formats.json. */
const { url } = await testDatabase();
const hub = await startHub({ url, demo: true });
afterAll(() => hub.close());

const promised = JSON.parse(readFileSync(new URL('../../../schema/formats.json', import.meta.url), 'utf8')) as Record<
  string,
  string[]
>;

type Fields = Record<string, unknown>;
/** The names of all fields that at least one of these objects has. */
const fieldsOf = (objects: readonly (object | null | undefined)[]): string[] =>
  [...new Set(objects.flatMap((object) => Object.keys(object ?? {})))].sort();
const json = async (path: string) => (await (await fetch(hub.url + path)).json()) as Record<string, Fields[]>;

const features = async (path: string) =>
  fieldsOf(((await json(path)).features ?? []).map(({ properties }) => properties as Fields));

async function feedFields(): Promise<Record<string, string[]>> {
  const feed = await json('/feeds/publications.json');
  const items = feed.items ?? [];
  return { 'json-feed': fieldsOf(items), 'json-feed _tocsin': fieldsOf(items.map(({ _tocsin }) => _tocsin as Fields)) };
}

const { board, territory, publicUrl } = hub.app.reads;
const documents = [...board.all()].map(({ document }) => document as PublicDocument);
const setting = {
  territory,
  publicUrl,
  epoch: '01890000-0000-7000-8000-000000000000',
  language: 'fr-FR',
  now: new Date(),
};

/** The message of one publication, with a post for every network. */
function messageOf(
  document: PublicDocument,
): { data: { publication: Fields; social: Record<string, Fields> } } & Fields {
  const entry = {
    ...{
      id: document.id,
      position: 1,
      subject: document.id,
      type: 'PUBLISHED',
      at: document.revisedAt,
      atMs: 0,
      document,
    },
    ...{ changedFields: [], ring: true, onlyWider: false, before: null, superseded: false },
  };
  return JSON.parse(changeBody({ entry, match: 'ENTERED', ring: true }, { ...setting, networks: NETWORKS }));
}

function webhookFields(): Record<string, string[]> {
  const messages = documents.map(messageOf);
  const published = messages.map(({ data }) => data.publication);
  return {
    webhook: fieldsOf(messages),
    'webhook data': fieldsOf(messages.map(({ data }) => data)),
    'webhook data.social': fieldsOf(messages.flatMap(({ data }) => Object.values(data.social))),
    'webhook data.publication.translations': fieldsOf(
      published.flatMap(({ translations }) => translations as Fields[]),
    ),
    ...Object.fromEntries(
      KINDS.map((kind) => [`webhook data.publication ${kind}`, fieldsOf(published.filter((one) => one.kind === kind))]),
    ),
  };
}

function pushFields(): Record<string, string[]> {
  const facts = { cursor: 'cursor', expires: parisTime(new Date()) };
  const pushes = [
    ...documents.map((document) => pushWords(document, { language: 'fr-FR', silent: false }, facts, setting)),
    greetingWords({ id: 'id', code: 'code', language: 'fr-FR' }, setting),
  ].map((words) => JSON.parse(words.toString()) as Record<'notification' | 'tocsin', Fields>);
  return {
    push: fieldsOf(pushes),
    'push notification': fieldsOf(pushes.map(({ notification }) => notification)),
    'push tocsin': fieldsOf(pushes.map(({ tocsin }) => tocsin)),
  };
}

async function clientNames(): Promise<Record<string, string[]>> {
  const { exports } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
    exports: Record<string, { default: string }>;
  };
  const modules = Object.entries(exports).map(async ([name, { default: path }]) => {
    const source = path.replace('./dist/', '../../../src/').replace('.js', '.ts');
    return [`tocsin${name.slice(1)}`, fieldsOf([await import(/* @vite-ignore */ source)])] as const;
  });
  return Object.fromEntries(await Promise.all(modules));
}

const found: Record<string, string[]> = {
  ...(await feedFields()),
  'geojson alerts': await features('/geo/alerts.geojson'),
  'geojson closures': await features('/geo/closures.geojson'),
  'geojson aid-points': await features('/geo/aid-points.geojson'),
  ...webhookFields(),
  ...pushFields(),
  ...(await clientNames()),
};

describe('fields of formats (S-9)', () => {
  it('are those of every kind', () => expect(new Set(documents.map(({ kind }) => kind))).toEqual(new Set(KINDS)));

  it.each(Object.keys(promised))('of %s are all there that schema/formats.json promises', (name) => {
    expect(promised[name]?.length).toBeGreaterThan(0);
    expect(promised[name]?.filter((field) => !found[name]?.includes(field))).toEqual([]);
  });

  it('that are new stand in schema/formats.json: from then on they stay', () => {
    const added = Object.entries(found).map(([name, fields]) => [
      name,
      fields.filter((field) => !promised[name]?.includes(field)),
    ]);
    expect(Object.fromEntries(added.filter(([, fields]) => fields?.length))).toEqual({});
  });
});
