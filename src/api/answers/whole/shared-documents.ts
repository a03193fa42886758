import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError, parse } from 'graphql';
import { ERROR_CODES } from '../../../errors.ts';
import type { Context } from '../../../graphql/context.ts';
import { type Documents, ReadDocument } from '../../../graphql/documents.ts';

/** Stands for a document that did not pass, until its error is answered: Apollo would parse and validate it itself. */
const REFUSED = parse('{ __typename }');

/**
 * Lets Apollo take every document from the hub's own cache, where each is parsed, measured and validated once. Apollo's own
 * `documentStore` would do, but for its keys: to make them it prints the whole schema at each start (40 ms).
 */
export const shareDocuments = (documents: Documents): ApolloServerPlugin<Context> => ({
  requestDidStart: async () => {
    let refused: GraphQLError | undefined;
    return {
      didResolveSource: async (request) => {
        const read = documents.read(request.source);
        if (!(read instanceof ReadDocument)) [refused] = read;
        // Apollo parses and validates only where no document is there yet.
        Object.assign(request, { document: read instanceof ReadDocument ? read.document : REFUSED });
      },
      didResolveOperation: async () => {
        if (refused) throw asBadRequest(refused);
      },
    };
  },
});

const asBadRequest = ({ message, source, positions, extensions }: GraphQLError): GraphQLError =>
  new GraphQLError(message, {
    source,
    positions,
    extensions: { ...extensions, code: 'BAD_REQUEST', http: { status: ERROR_CODES.BAD_REQUEST } },
  });
