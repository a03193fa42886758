import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { kindOf } from '../../publications/kinds.ts';
import type { PublicationKind } from '../../publications/vocabulary.ts';
import type { DevelopmentTokens, Persona } from '../development-tokens.ts';

/** A dossier as the desk's mutations answer it. */
export interface Written {
  id: string;
  version: number;
  stage: string;
}

/** Asks a hub as a persona of development; throws an Error in plain words where it refuses or cannot be reached. */
export type Ask = <T>(persona: Persona, query: string, variables: object) => Promise<T>;

export interface HubAddress {
  url: string;
  /** The data folder of the hub, where its development tokens are. */
  dataDir: string;
}

export async function asker({ url, dataDir }: HubAddress): Promise<Ask> {
  const path = join(dataDir, 'dev-tokens.json');
  const tokens = await readFile(path, 'utf8').then(
    (text) => JSON.parse(text) as DevelopmentTokens,
    () => {
      throw new Error(`No tokens in ${path}: start the hub first (npm start), or name its data folder with --data.`);
    },
  );
  return async (persona, query, variables) => {
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${tokens[persona]}` },
      body: JSON.stringify({ query, variables }),
    }).catch(() => {
      throw new Error(`No hub answers at ${url}: start it with npm start, or name another with --url.`);
    });
    const { data, errors } = (await answer.json()) as { data: never; errors?: { message: string }[] };
    if (errors?.[0]) throw new Error(`The hub refused: ${errors[0].message}`);
    return data;
  };
}

/** The selection of a payload that holds a dossier. */
const WRITTEN = '{ dossier { id version stage } }';

interface Done {
  done: { dossier: Written };
}

async function step(ask: Ask, name: string, persona: Persona, { id, version }: Written): Promise<Written> {
  const { done } = await ask<Done>(
    persona,
    `mutation ($id: ID!, $version: Int!) { done: ${name}(id: $id, version: $version) ${WRITTEN} }`,
    { id, version },
  );
  return done.dossier;
}

/** Submits, approves by as many validators as it takes, and publishes. */
export async function release(ask: Ask, written: Written): Promise<Written> {
  let dossier = await step(ask, 'submitDossier', 'editor', written);
  dossier = await step(ask, 'approveDossier', 'validator', dossier);
  if (dossier.stage === 'IN_REVIEW') dossier = await step(ask, 'approveDossier', 'validator2', dossier);
  return step(ask, 'publishDossier', 'validator', dossier);
}

/** Drafts a new dossier of a kind (`Alert`, `Closure` …), or revises a known one. */
export async function write(ask: Ask, kind: string, input: object, known?: Written): Promise<Written> {
  const { done } = await (known
    ? ask<Done>(
        'editor',
        `mutation ($id: ID!, $version: Int!, $input: ${kind}Input!) {
          done: revise${kind}(id: $id, version: $version, input: $input) ${WRITTEN} }`,
        { id: known.id, version: known.version, input },
      )
    : ask<Done>('editor', `mutation ($input: ${kind}Input!) { done: draft${kind}(input: $input) ${WRITTEN} }`, {
        input,
      }));
  return done.dossier;
}

interface ArgumentType {
  name: string | null;
  kind: string;
  ofType: ArgumentType | null;
}

interface Mutations {
  fields: { name: string; args: { name: string; type: ArgumentType }[] }[];
}

/** A type as a document writes it, such as `[ID!]!`. */
const written = ({ kind, name, ofType }: ArgumentType): string => {
  if (kind === 'NON_NULL' && ofType) return `${written(ofType)}!`;
  return kind === 'LIST' && ofType ? `[${written(ofType)}]` : (name ?? '');
};

const TYPE = 'kind name ofType { kind name ofType { kind name ofType { kind name } } }';

/** Calls a mutation by name; of `given`, what it has no argument for is left out. Answers its payload. */
export async function call<T>(
  ask: Ask,
  { mutation, by, selection = '{ asOf }' }: { mutation: string; by: Persona; selection?: string },
  given: object,
): Promise<T> {
  const query = `{ mutations: __type(name: "Mutation") { fields { name args { name type { ${TYPE} } } } } }`;
  const { mutations } = await ask<{ mutations: Mutations }>(by, query, {});
  const args = mutations.fields.find(({ name }) => name === mutation)?.args.filter(({ name }) => name in given) ?? [];
  const declared = args.map(({ name, type }) => `$${name}: ${written(type)}`);
  const passed = args.map(({ name }) => `${name}: $${name}`);
  const document = `mutation (${declared.join(', ')}) { done: ${mutation}(${passed.join(', ')}) ${selection} }`;
  return (await ask<{ done: T }>(by, document, given)).done;
}

/** Records what was seen on the ground of a publication; `seen` holds the arguments of the mutation. */
export const record = (ask: Ask, kind: PublicationKind, seen: object): Promise<object> =>
  call(ask, { mutation: `observe${kindOf(kind).noun}`, by: 'editor' }, seen);
