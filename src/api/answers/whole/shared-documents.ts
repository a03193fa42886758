import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLError } from 'graphql';
import type { Context } from '../../../graphql/context.ts';
import { type Documents, summedUp } from '../../../graphql/documents.ts';

/**
 * Lets Apollo take documents from the hub's own cache, and puts there what Apollo parsed and validated. Apollo's own
 * `documentStore` would do, but for its keys: to make them it prints the whole schema at each start (40 ms).
 */
export const shareDocuments = (documents: Documents): ApolloServerPlugin<Context> => ({
  requestDidStart: async () => ({
    didResolveSource: async (request) => {
      const known = documents.find(request.source);
      // Apollo parses and validates only where no document is there yet.
      if (known) Object.assign(request, { document: known.document });
    },
    validationDidStart: async ({ source, document }) => {
      return async (errors) => {
        if (!errors) documents.add(source, document);
        // Apollo answers this very list.
        else (errors as GraphQLError[]).splice(0, errors.length, ...summedUp(errors as readonly GraphQLError[]));
      };
    },
  }),
});
