import type { ApolloServerPlugin } from '@apollo/server';
import { type DocumentNode, OperationTypeNode, visit } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Context } from '../../../graphql/context.ts';
import type { Operation } from './selection.ts';

/** Characters of documents kept; what graphql-js makes of them takes some thirty times as much. */
const KEPT_CHARACTERS = 500_000;

/** The queries that Apollo has parsed, validated and found within the limits, by their text. */
export class KnownOperations {
  readonly #known = new LRUCache<string, Operation>({
    maxSize: KEPT_CHARACTERS,
    sizeCalculation: (_operation, text) => text.length + 100,
  });

  /** The operation of that name in a text; undefined where it has not passed yet, or is none to be split. */
  find(text: string, operationName: string | undefined): Operation | undefined {
    return this.#known.get(keyOf(text, operationName));
  }

  /** Learns from what passes through Apollo. */
  get plugin(): ApolloServerPlugin<Context> {
    return {
      requestDidStart: async () => ({
        didResolveOperation: async ({ source, document, operation, request: { operationName } }) => {
          if (operation?.operation === OperationTypeNode.QUERY && !asksForSchema(document))
            this.#known.set(keyOf(source, operationName), { document, operation });
        },
      }),
    };
  }
}

// The length keeps a name apart from the text behind it; an empty name is another than none.
const keyOf = (text: string, operationName: string | undefined): string =>
  `${operationName?.length ?? ''}:${operationName ?? ''}${text}`;

/** A schema that was split would describe itself as it is. */
function asksForSchema(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    Field: ({ name: { value } }) => {
      found ||= value === '__schema' || value === '__type';
    },
  });
  return found;
}
