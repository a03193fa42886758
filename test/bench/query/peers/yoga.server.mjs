import { createServer } from 'node:http';
import { useResponseCache } from '@graphql-yoga/plugin-response-cache';
import { createSchema, createYoga } from 'graphql-yoga';
import { PORT, ready } from './pool.mjs';
import { createLoaders, resolvers, typeDefs } from './schema.mjs';

/** GraphQL Yoga over node:http with DataLoader; CACHED=1: with its response cache, in memory, for everybody, for a minute. */
const cached = process.env.CACHED === '1';
const yoga = createYoga({
  schema: createSchema({ typeDefs, resolvers }),
  logging: false,
  graphiql: false,
  landingPage: false,
  context: () => ({ loaders: createLoaders() }),
  plugins: cached ? [useResponseCache({ session: () => null, ttl: 60_000 })] : [],
});
createServer(yoga).listen(PORT, '127.0.0.1', ready);
