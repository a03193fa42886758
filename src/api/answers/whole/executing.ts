import { type ApolloServerPlugin, type GraphQLResponse, HeaderMap } from '@apollo/server';
import { ERROR_CODES, type HubError } from '../../../errors.ts';
import type { Context } from '../../../graphql/context.ts';
import { executeWithin } from '../../../graphql/cost/execution.ts';
import { type Documents, ReadDocument } from '../../../graphql/documents.ts';
import { type ErrorFormat, formatAll, graphqlError } from '../../../graphql/error-format.ts';

/**
 * Executes what Apollo would have executed, within the budget of its context. An answer without data is that of a request
 * that is wrong in itself: variables that do not fit, or a budget that is spent.
 */
export const executing = (documents: Documents, format: ErrorFormat): ApolloServerPlugin<Context> => ({
  requestDidStart: async () => ({
    responseForOperation: async ({ schema, document, source, operation, request, contextValue }) => {
      // An operation that the document does not have is refused by Apollo.
      if (!operation) return null;
      const read = documents.read(source);
      const known = read instanceof ReadDocument ? read.operation(operation.name?.value) : undefined;
      const tooDear = known && documents.costFault(known, request.variables, contextValue.actor);
      if (tooDear) return refused(tooDear, format);
      const { errors, ...result } = await executeWithin({
        schema,
        document,
        contextValue,
        variableValues: request.variables,
        operationName: request.operationName,
      });
      const status = errors && result.data === undefined ? ERROR_CODES.BAD_REQUEST : undefined;
      return {
        http: { status, headers: new HeaderMap() },
        body: { kind: 'single', singleResult: errors ? { errors: formatAll(errors, format), ...result } : result },
      };
    },
  }),
});

/** Answers an operation that nothing of is executed. */
const refused = (error: HubError, format: ErrorFormat): GraphQLResponse => ({
  http: { status: ERROR_CODES[error.code], headers: new HeaderMap() },
  body: { kind: 'single', singleResult: { errors: formatAll([graphqlError(error)], format) } },
});
