import { randomUUID } from 'node:crypto';
import {
  buildClientSchema,
  type GraphQLField,
  type GraphQLOutputType,
  getIntrospectionQuery,
  getNamedType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import { GraphQLClient } from 'graphql-request';
import { vi } from 'vitest';
import type { Persona } from '../../../src/development/development-tokens.ts';
import { Courier } from '../../../src/outgoing/courier.ts';
import { NOTED, noteStatements } from '../database/statements.ts';
import { type Hub, type HubOptions, startHub, tokens } from '../hub/hub.ts';

/** What a mutation changed, as far as it has an id and a version. */
export interface Subject {
  id: string;
  version: number;
}

/** A hub of which every mutation is known, those that were called in order, and how many statements each sent at most. */
export async function countingDesk(options: HubOptions) {
  const read = noteStatements();
  // A change wakes the courier, whose rounds are no part of what a mutation costs.
  vi.spyOn(Courier.prototype, 'wake').mockReturnValue();
  const hub = await startHub(options);
  const schema = buildClientSchema(await hub.as().request(getIntrospectionQuery()));
  const fields = schema.getMutationType()?.getFields() ?? {};
  // An account is made, or found, at the first request of a person to a hub, and then remembered.
  for (const persona of Object.keys(tokens) as Persona[]) await hub.as(persona).request('{ viewer { id } }');
  const counts: Record<string, number> = {};
  const calls: string[] = [];

  /** Asks for one mutation with its whole payload as a person, or with any other token, and counts its statements. */
  async function payloadOfMutation(
    who: Persona | { bearer: string },
    name: string,
    args: object = {},
  ): Promise<Record<string, unknown>> {
    const field = fields[name];
    if (!field) throw new Error(`there is no mutation ${name}`);
    const noted = randomUUID();
    const headers = { authorization: `Bearer ${typeof who === 'string' ? tokens[who] : who.bearer}`, [NOTED]: noted };
    const client = new GraphQLClient(`${hub.url}/graphql`, { headers });
    const document = documentOf(field, Object.keys(args));
    const { it } = await client.request<{ it: Record<string, unknown> }>(document, args);
    counts[name] = Math.max(counts[name] ?? 0, read(noted).length);
    calls.push(name);
    return it;
  }
  /** The same; answers what it changed first of all. */
  const mutate = async (...call: Parameters<typeof payloadOfMutation>): Promise<Subject> =>
    Object.values(await payloadOfMutation(...call))[0] as Subject;
  return {
    hub,
    url: options.url,
    mutate,
    payloadOfMutation,
    counts,
    calls,
    mutations: Object.keys(fields),
    close: (): Promise<void> => hub.close(),
  };
}

export type CountingDesk = Awaited<ReturnType<typeof countingDesk>> & { hub: Hub };

function documentOf({ name, args, type }: GraphQLField<unknown, unknown>, given: string[]): string {
  const used = args.filter((arg) => given.includes(arg.name));
  const declared = used.map((arg) => `$${arg.name}: ${arg.type}`).join(', ');
  const passed = used.map((arg) => `${arg.name}: $${arg.name}`).join(', ');
  return `mutation ${declared && `(${declared})`} { it: ${name}${passed && `(${passed})`} ${payloadOf(type)} }`;
}

/** Every field of a payload, what changed before `asOf`. */
function payloadOf(output: GraphQLOutputType): string {
  const payload = getNamedType(output);
  if (!isObjectType(payload)) throw new Error(`${payload.name} is no payload`);
  const { asOf, ...changed } = payload.getFields();
  if (!asOf) throw new Error(`${payload.name} has no asOf`);
  const selected = Object.values(changed).map(({ name, type }) => `${name} ${subjectOf(type)}`);
  return `{ ${selected.join(' ')} asOf }`;
}

/** The id and the version of what changed, as far as it has them. */
function subjectOf(output: GraphQLOutputType): string {
  const type = getNamedType(output);
  if (!isObjectType(type) && !isInterfaceType(type)) return '';
  const known = ['id', 'version'].filter((field) => field in type.getFields());
  return `{ ${known.join(' ') || '__typename'} }`;
}
