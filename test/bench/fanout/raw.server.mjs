import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

/** The physical limit: ws alone, the same bytes to everybody; or, with topics, to those of one topic. */
const payload = Buffer.from(process.env.PAYLOAD ?? 'x'.repeat(400));
const topics = Number(process.env.TOPICS ?? 0);
/** Whoever comes is sent so many at once: in one write where CORKED is set, else in one write each. */
const greeting = Number(process.env.GREETING ?? 0);
const server = createServer((request, response) => {
  const times = Number(new URL(request.url, 'http://x').searchParams.get('times') ?? 1);
  for (let time = 0; time < times; time += 1)
    for (const client of topics ? (byTopic.get(7) ?? []) : sockets.clients) client.send(payload, { binary: false });
  response.end('{}');
});
const byTopic = new Map();
const sockets = new WebSocketServer({ server, handleProtocols: () => 'graphql-transport-ws' });
let index = 0;
sockets.on('connection', (socket) => {
  socket.on('message', () => undefined);
  if (process.env.CORKED) socket._socket.cork();
  for (let time = 0; time < greeting; time += 1) socket.send(payload, { binary: false });
  if (process.env.CORKED) socket._socket.uncork();
  if (topics) {
    const topic = index++ % topics;
    byTopic.set(topic, [...(byTopic.get(topic) ?? []), socket]);
  }
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('{"ready":true}'));
