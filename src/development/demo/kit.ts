import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { kindOf, kindsInOrder } from '../../publications/kinds.ts';
import { KINDS, type PublicationKind } from '../../publications/vocabulary.ts';
import { asker, type HubAddress } from './ask.ts';
import { playDrills } from './drill.ts';
import { QUERIES } from './kit-queries.ts';

export interface KitOptions extends HubAddress {
  /** The folder that is written into; files of an earlier kit are overwritten. */
  out: string;
}

/** One example: what was asked, and in which file the answer is. */
export interface Example {
  file: string;
  /** Below the hub's address, or whole. */
  request: string;
  status: number;
  mediaType: string;
}

const NETWORKS = ['x', 'mastodon', 'bluesky', 'sms'];
const FEEDS = [
  ...['publications.rss', 'publications.json', 'alerts.atom', 'events.ics'].map((name) => `feeds/${name}`),
  ...NETWORKS.flatMap((network) => ['rss', 'json', 'csv'].map((ending) => `feeds/social/${network}.${ending}`)),
  ...kindsInOrder.flatMap(({ map }) => (map ? [map.path.slice(1)] : [])),
  ...['closures/cifs.xml', 'closures/datex2.xml'],
];

/**
 * Writes example answers of every format and query, for those who write apps and cannot wait for a disaster: what a hub in
 * development mode with the demo shows, and two exercises that are played on it. Answers what it wrote, also in `index.json`.
 * Throws an Error in plain words where the hub, its demo or its tokens cannot be had.
 */
export async function writeKit(options: KitOptions): Promise<Example[]> {
  const { url, out } = options;
  const ask = await asker(options);
  const shown = await onePerKind(url);
  const missing = KINDS.filter((kind) => !shown.some((one) => one.kind === kind));
  if (missing.length > 0)
    throw new Error(
      `The hub at ${url} shows no ${missing.join(', ')}: start it with its demo, and wait until it is loaded.`,
    );
  const { cancelled, cleared } = await playDrills(ask);
  const examples: Example[] = [];
  const keep = async (file: string, request: string, init?: RequestInit) => {
    const answer = await fetch(new URL(request, `${url}/`), init);
    await save(join(out, file), Buffer.from(await answer.arrayBuffer()));
    examples.push({ file, request, status: answer.status, mediaType: answer.headers.get('content-type') ?? '' });
  };
  for (const path of FEEDS) {
    await keep(path, `/${path}`);
    await keep(withMark(path), `/${path}?mode=EXERCISE`);
  }
  for (const { name, url: message } of [...cancelled.messages, ...cleared.messages.slice(1)])
    await keep(`cap/${name}.xml`, new URL(message).pathname);
  for (const { id, kind } of shown) {
    const name = kind.toLowerCase().replaceAll('_', '-');
    await keep(`publications/${name}.html`, `/publications/${id}`);
    await keep(`publications/${name}.jsonld`, `/publications/${id}.jsonld`);
    if (kindOf(kind).calendarEvent) await keep('events/event.ics', `/events/${id}.ics`);
  }
  for (const [name, query] of Object.entries(QUERIES)) {
    const body = JSON.stringify({ query, variables: { exercise: cancelled.id } });
    await save(join(out, 'graphql', `${name}.graphql`), Buffer.from(`${query}\n`));
    await keep(`graphql/${name}.json`, '/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
  }
  await keep('errors/bad-filter.json', '/feeds/publications.rss?commune=75056');
  await save(join(out, 'index.json'), Buffer.from(`${JSON.stringify(examples, null, 2)}\n`));
  return examples;
}

/** The same file name, marked as that of exercises: `alerts.atom` becomes `alerts.exercise.atom`. */
const withMark = (path: string): string => path.replace(/\.(\w+)$/, '.exercise.$1');

async function save(path: string, bytes: Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
}

async function onePerKind(url: string): Promise<{ id: string; kind: PublicationKind }[]> {
  const query = '{ publications(first: 100) { nodes { id kind } } }';
  const answer = await fetch(`${url}/graphql?query=${encodeURIComponent(query)}`);
  const { data } = (await answer.json()) as {
    data: { publications: { nodes: { id: string; kind: PublicationKind }[] } };
  };
  return [...new Map(data.publications.nodes.map((node) => [node.kind, node])).values()];
}
