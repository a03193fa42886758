import { createServer } from 'node:http';
import { buildSchema } from 'graphql';
import { createHandler } from 'graphql-sse/lib/use/http';
import { PubSub } from 'graphql-subscriptions';
import { CHANGE, SCHEMA } from './change.mjs';

/** graphql-sse with a PubSub, as its documentation has it. */
const pubsub = new PubSub();
pubsub.ee.setMaxListeners(0);
const schema = buildSchema(SCHEMA);
schema.getSubscriptionType().getFields().changes.subscribe = () => pubsub.asyncIterableIterator('changes');
const handler = createHandler({ schema });
const server = createServer((request, response) => {
  if (request.url.startsWith('/graphql/stream')) return handler(request, response);
  const times = Number(new URL(request.url, 'http://x').searchParams.get('times') ?? 1);
  for (let time = 0; time < times; time += 1) void pubsub.publish('changes', { changes: CHANGE });
  response.end('{}');
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('{"ready":true}'));
