import { type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import { ERROR_CODES } from '../../../errors.ts';
import type { Context } from '../../../graphql/context.ts';
import { executeWithin } from '../../../graphql/cost/execution.ts';
import { type ErrorFormat, formatAll } from '../../../graphql/error-format.ts';

/**
 * Executes what Apollo would have executed, within the budget of its context. An answer without data is that of a request
 * that is wrong in itself: variables that do not fit, or a budget that is spent.
 */
export const executing = (format: ErrorFormat): ApolloServerPlugin<Context> => ({
  requestDidStart: async () => ({
    responseForOperation: async ({ schema, document, operation, request, contextValue }) => {
      // An operation that the document does not have is refused by Apollo.
      if (!operation) return null;
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
