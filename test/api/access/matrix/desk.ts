import { randomBytes } from 'node:crypto';
import { GraphQLClient } from 'graphql-request';
import type { Visitor } from '../../../../src/access/account-directory.ts';
import type { Role } from '../../../../src/access/actor.ts';
import type { LocalPersonOf } from '../../../../src/access/authenticate.ts';
import { PERMISSIONS } from '../../../../src/access/permissions.rules.ts';
import { localPersons } from '../../../../src/development/development-tokens.ts';
import { ruleInForce, ruleInput } from '../../../support/crisis-cell/signature-desk.ts';
import { LOOPBACK } from '../../../support/desk/webhook-desk.ts';
import { type Hub, startHub, tokens } from '../../../support/hub/hub.ts';
import { DEAD_RELAY } from '../../../support/institutions/mail-desk.ts';
import { CALLERS, type Caller } from './right.ts';

/** What was found, or what is right: how each cell ends, by "field · stage · caller". */
export type Cells = Map<string, string>;
export const cell = (field: string, stage: string, caller: Caller): string => `${field} · ${stage} · ${caller}`;

/** The permissions of a run that are turned round: who had one lacks it, and who lacked it has it. */
export type Turned = readonly (keyof typeof PERMISSIONS)[];

export interface MatrixDesk {
  hub: Hub;
  databaseUrl: string;
  /** A client with the token of a caller, and the permissions as they are: for what is prepared. */
  as(caller: Caller): GraphQLClient;
  /** The token of a caller; none of NOBODY. */
  headers(caller: Caller): Record<string, string>;
  /** Asks as a caller; answers `done`, or the code of the first error. */
  ask(caller: Caller, query: string, variables?: object): Promise<string>;
  /** The same, with what came. */
  answer(caller: Caller, query: string, variables?: object): Promise<Answer>;
  /** Does something as the callers may, with the permissions of the run turned round. */
  attempt<T>(action: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

interface Answer {
  data?: Record<string, unknown> | null;
  errors?: { path?: (string | number)[]; extensions: { code: string } }[];
}

/** A hub with a person of each role, who wrote nothing of what they are asked about; the personas of development did. */
export async function matrixDesk(url: string, turned: Turned = []): Promise<MatrixDesk> {
  const tokenOf = new Map<Caller, string>();
  const people = new Map<string, Visitor>();
  for (const caller of CALLERS.filter((one) => one !== 'NOBODY')) {
    const token = randomBytes(24).toString('base64url');
    tokenOf.set(caller, token);
    const roles = caller === 'UNINVITED' ? [] : [caller as Role];
    people.set(token, { issuer: 'development', subject: `matrix-${caller}`, name: `Personne ${caller}`, roles });
  }
  const persona = localPersons(tokens);
  const localPersonOf: LocalPersonOf = (token) => people.get(token) ?? persona(token);
  const hub = await startHub({ url, webhookTargets: LOOPBACK, more: { localPersonOf, mail: DEAD_RELAY } });
  // A SIGNATORY knows of nothing that no rule asks a signature for; somebody must be there who could give it.
  for (const persona of ['validator', 'admin2'] as const) await hub.as(persona).request('{ viewer { id } }');
  await ruleInForce(hub, ruleInput(['DEPARTEMENT']));
  const headers = (caller: Caller): Record<string, string> => {
    const token = tokenOf.get(caller);
    return token ? { authorization: `Bearer ${token}` } : {};
  };
  const attempt = turning(turned);
  const answer = (caller: Caller, query: string, variables: object = {}): Promise<Answer> =>
    attempt(async () => {
      const answered = await fetch(`${hub.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers(caller) },
        body: JSON.stringify({ query, variables }),
      });
      return (await answered.json()) as Answer;
    });
  return {
    hub,
    databaseUrl: url,
    as: (caller) => new GraphQLClient(`${hub.url}/graphql`, { headers: headers(caller) }),
    headers,
    attempt,
    answer,
    ask: async (caller, query, variables) => {
      const { errors } = await answer(caller, query, variables);
      return errors?.[0]?.extensions.code ?? 'done';
    },
    close: () => hub.close(),
  };
}

/** Turns permissions of this process round for as long as an action lasts; what prepares the desk is done without. */
function turning(turned: Turned): MatrixDesk['attempt'] {
  const table = PERMISSIONS as Record<string, readonly Role[]>;
  const roles = CALLERS.filter((caller): caller is Role => caller !== 'NOBODY' && caller !== 'UNINVITED');
  return async (action) => {
    const before = turned.map((name) => [name, table[name] ?? []] as const);
    for (const [name, had] of before) table[name] = roles.filter((role) => !had.includes(role));
    try {
      return await action();
    } finally {
      for (const [name, had] of before) table[name] = had;
    }
  };
}

/** The code with which an answer, a page or a line of events was refused; undefined where it was not. */
export const codeIn = (text: string): string | undefined => /"code":\s*"([A-Z_]+)"/.exec(text)?.[1];

/** One mutation, of which each variable is given with its type. */
export interface Call {
  field: string;
  given: Record<string, [type: string, value: unknown]>;
  /** What is selected of its answer. */
  selection?: string;
  kind?: 'mutation' | 'query';
}

/** Asks for one field, as a caller. */
export function call(desk: MatrixDesk, caller: Caller, { field, given, selection, kind }: Call): Promise<string> {
  const names = Object.keys(given);
  const declared = names.map((name) => `$${name}: ${given[name]?.[0]}`).join(', ');
  const passed = names.map((name) => `${name}: $${name}`).join(', ');
  const variables = Object.fromEntries(names.map((name) => [name, given[name]?.[1]]));
  const document = `${kind ?? 'mutation'} ${declared && `(${declared})`} { ${field}${passed && `(${passed})`} { ${selection ?? '__typename'} } }`;
  return desk.ask(caller, document, variables);
}
