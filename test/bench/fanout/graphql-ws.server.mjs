import { createServer } from 'node:http';
import { buildSchema } from 'graphql';
import { PubSub, withFilter } from 'graphql-subscriptions';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { CHANGE, SCHEMA } from './change.mjs';

/** graphql-ws with a PubSub, as its documentation has it; FILTER: none, a topic per commune, or withFilter. */
const pubsub = new PubSub();
pubsub.ee.setMaxListeners(0);
const schema = buildSchema(SCHEMA);
const filter = process.env.FILTER ?? 'none';
const all = () => pubsub.asyncIterableIterator('changes');
schema.getSubscriptionType().getFields().changes.subscribe =
  filter === 'topic'
    ? (_root, { where }) => pubsub.asyncIterableIterator(where.communes.map((code) => `changes:${code}`))
    : filter === 'with-filter'
      ? withFilter(all, ({ changes }, { where }) =>
          changes.publication.communes.some(({ code }) => where.communes.includes(code)),
        )
      : all;
const server = createServer(async (request, response) => {
  const times = Number(new URL(request.url, 'http://x').searchParams.get('times') ?? 1);
  for (let time = 0; time < times; time += 1) {
    if (filter === 'topic')
      for (const { code } of CHANGE.publication.communes) void pubsub.publish(`changes:${code}`, { changes: CHANGE });
    else void pubsub.publish('changes', { changes: CHANGE });
  }
  response.end('{}');
});
useServer({ schema }, new WebSocketServer({ server, path: '/graphql' }));
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('{"ready":true}'));
