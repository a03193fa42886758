import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import fastify from 'fastify';

/** Apollo over Fastify with the product's schema, no resolver and no database: the least that such a hub must load. */
const file = path.join(import.meta.dirname, '..', '..', '..', 'schema', 'schema.graphql');
const apollo = new ApolloServer({ typeDefs: readFileSync(file, 'utf8'), csrfPrevention: false });
await apollo.start();
const server = fastify();
server.post('/graphql', fastifyApolloHandler(apollo));
await server.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
console.log('{"ready":true}');
