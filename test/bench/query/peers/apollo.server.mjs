import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginCacheControl } from '@apollo/server/plugin/cacheControl';
import responseCache from '@apollo/server-plugin-response-cache';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import fastify from 'fastify';
import { PORT, ready } from './pool.mjs';
import { createLoaders, resolvers, typeDefs } from './schema.mjs';

/** Apollo Server over Fastify with DataLoader; CACHED=1: with its response cache, in its own memory, for a minute. */
const cached = process.env.CACHED === '1';
const plugin = responseCache.default ?? responseCache;
const apollo = new ApolloServer({
  typeDefs,
  resolvers,
  csrfPrevention: false,
  plugins: cached ? [ApolloServerPluginCacheControl({ defaultMaxAge: 60 }), plugin()] : [],
});
await apollo.start();
const server = fastify();
const handler = fastifyApolloHandler(apollo, { context: async () => ({ loaders: createLoaders() }) });
server.post('/graphql', handler);
await server.listen({ port: PORT, host: '127.0.0.1' });
ready();
