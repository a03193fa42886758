import type { ApolloServerPlugin } from '@apollo/server';
import type { QueryContext } from '../query-context.ts';

/** Tells the flight of a query, once it is answered, whether everybody may have that answer. */
export const findSharable: ApolloServerPlugin<QueryContext> = {
  requestDidStart: async () => ({
    willSendResponse: async ({ operation, response, contextValue: { flight, actor }, metrics }) => {
      if (!flight) return;
      const { body, http } = response;
      const isWhole = body.kind === 'single' && body.singleResult.errors === undefined;
      const isPlain = http.status === undefined || http.status === 200;
      flight.isShared = operation?.operation === 'query' && !actor && isWhole && isPlain && !flight.hasWaited;
      flight.isPersisted = metrics.persistedQueryHit === true;
    },
  }),
};
