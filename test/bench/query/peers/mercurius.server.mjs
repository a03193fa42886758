import fastify from 'fastify';
import mercurius from 'mercurius';
import { PORT, ready } from './pool.mjs';
import { alerts, batches, typeDefs } from './schema.mjs';

/** Mercurius with its compiled executor from the first query on, and its own loaders. */
const byKey = (batch, key) => async (queries) => batch(queries.map(({ obj }) => obj[key]));
const server = fastify();
server.register(mercurius, {
  schema: typeDefs,
  resolvers: { Query: { alerts: (_root, args) => alerts(args) }, Advice: { thread: ({ id }) => id } },
  loaders: {
    Alert: {
      hazard: byKey(batches.hazard, 'hazard_code'),
      translations: byKey(batches.translations, 'id'),
      areas: byKey(batches.areas, 'id'),
      communes: byKey(batches.communes, 'id'),
      advice: byKey(batches.advice, 'id'),
    },
    Area: { communes: byKey(batches.communesOfArea, 'id') },
    Advice: { text: byKey(batches.french, 'id') },
  },
  jit: 1,
});
await server.listen({ port: PORT, host: '127.0.0.1' });
ready();
