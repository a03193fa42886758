import { once } from 'node:events';
import { WebSocket } from 'ws';
import { QUERY } from './fanout/change.mjs';

/** A follower of every change, standing; each is an event `change` of its socket. */
export async function follow(port) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws');
  await once(socket, 'open');
  const standing = once(socket, 'standing');
  socket.on('message', (data) => {
    const { type, payload } = JSON.parse(data);
    if (type === 'connection_ack')
      socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: QUERY } }));
    if (type === 'next') socket.emit(payload.data.changes.type === 'CHECKPOINT' ? 'standing' : 'change');
  });
  socket.send(JSON.stringify({ type: 'connection_init' }));
  await standing;
  return socket;
}
