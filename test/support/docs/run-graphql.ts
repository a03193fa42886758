import { getOperationAST, OperationTypeNode, parse, validate } from 'graphql';
import { ClientError } from 'graphql-request';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { PERSONAS, type Persona } from '../../../src/development/development-tokens.ts';
import type { Block } from './blocks.ts';
import type { Workshop } from './workshop.ts';

const PEOPLE: readonly (Persona | undefined)[] = [undefined, 'scheduler', ...(Object.keys(PERSONAS) as Persona[])];

/** Validates a document, then sends it as the first of the desk who may: anonymously, where that will do. */
export async function runGraphql({ code }: Block, shop: Workshop): Promise<string | null> {
  const text = shop.here(code);
  const document = parse(text);
  const faults = validate(shop.schema, document);
  if (faults.length > 0) return faults.join('\n');
  if (getOperationAST(document)?.operation === OperationTypeNode.SUBSCRIPTION) return firstEventFault(text, shop);
  for (const persona of PEOPLE) {
    const errors = await shop.hub.as(persona).request(text).then(noErrors, errorsOf);
    const isAllowed = !errors.every(({ extensions }) => NOT_ALLOWED.has(String(extensions?.code)));
    if (errors.length === 0 || isAllowed) return said(errors);
  }
  return 'nobody of the desk may';
}

const NOT_ALLOWED = new Set(['UNAUTHENTICATED', 'FORBIDDEN']);
const noErrors = (): Errors => [];
const said = (errors: Errors): string | null => (errors.length > 0 ? JSON.stringify(errors, null, 2) : null);
type Errors = NonNullable<ClientError['response']['errors']>;

function errorsOf(error: unknown): Errors {
  if (error instanceof ClientError) return error.response.errors ?? [];
  throw error;
}

async function firstEventFault(query: string, { hub }: Workshop): Promise<string | null> {
  const client = createClient({ url: `${hub.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket });
  try {
    const { value } = await client.iterate({ query }).next();
    return value?.errors ? JSON.stringify(value.errors, null, 2) : null;
  } finally {
    await client.dispose();
  }
}
