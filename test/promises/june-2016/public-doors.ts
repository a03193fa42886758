import { buildClientSchema, getIntrospectionQuery } from 'graphql';
import { DOCUMENT_FORMATS, FEEDS } from '../../../src/channels/feeds/feeds.ts';
import type { Hub } from '../../support/hub/hub.ts';
import { CuriousReader } from '../../support/reading/curious-reader.ts';

/** Everything that a hub tells whoever asks: by the name of the question, the text of the answer. */
export type Told = ReadonlyMap<string, string>;

export interface Known {
  /** Threads of publications, public or not. */
  threads: readonly string[];
  /** Names of CAP messages. */
  messages: readonly string[];
  /** Paths of links in letters. */
  links: readonly string[];
  /** A cursor from before all of it. */
  from: string;
}

const pathsOf = ({ threads, messages, links }: Known): string[] => [
  ...['/', '/?commune=91345', '/metrics', '/readyz', '/healthz', '/graphql?query={__schema{types{name}}}'],
  ...FEEDS.map(({ path }) => path),
  ...threads.flatMap((id) => [
    ...['', '/r/1', '/r/2'].map((end) => `/publications/${id}${end}`),
    ...DOCUMENT_FORMATS.map(({ path, ending }) => path.replace(/:file.*$/, `${id}.${ending}`)),
    `/cap/${id}/latest.xml`,
  ]),
  ...messages.map((name) => `/cap/${name}.xml`),
  ...links,
  // Of the desk: refused, in words that hold nothing either.
  ...['/desk/reports.geojson', '/desk/signin', '/desk/session'],
];

const changes = (from: string): string => `{ changes(after: "${from}", first: 500) { nodes {
  type at text { headline description instruction } publication { id url incident { title }
    history { publisher { name } signatories { name } text { headline description } }
    ... on AlertPublication { contact source { name reference } decision { by act form } areas { description } }
    ... on ClosurePublication { observed { note } decision { by act } }
    ... on CorrectionPublication { claim explanation evidence { label url } } } } } }`;

/** Asks a hub for everything, without a token. */
export async function askEverything(hub: Hub, known: Known): Promise<Told> {
  const told = new Map<string, string>();
  for (const path of pathsOf(known)) {
    const answer = await fetch(`${hub.url}${path}`, { redirect: 'manual' });
    told.set(path, `${JSON.stringify([...answer.headers])}\n${await answer.text()}`);
  }
  const reader = new CuriousReader(buildClientSchema(await hub.as().request(getIntrospectionQuery())), known.threads);
  const questions = reader.queries.flatMap((field) => [0, 1, 2].flatMap((depth) => reader.questions(field, depth)));
  for (const question of [changes(known.from), ...questions]) {
    const answer = await fetch(`${hub.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: question }),
    });
    const text = await answer.text();
    // Refused for its form, a question would find nothing and prove nothing.
    if (text.includes('BAD_REQUEST')) throw new Error(`${question} was refused: ${text}`);
    told.set(question, text);
  }
  return told;
}
