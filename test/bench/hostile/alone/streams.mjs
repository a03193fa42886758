import { once } from 'node:events';
import http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';

/** A stream is watched for so long, if it does not stand still before. */
const LONGEST_MS = 5_000;
const STILL_MS = 400;

const APP = 'cursor type publication { id text { headline description } communes { code name } }';
/** As dear as a subscription may be that begins: beyond, its cost refuses it (0085). */
const DEAR = `cursor type publication { ${Array.from({ length: 8 }, (_, at) => `a${at}: communes { code name }`).join(' ')} text { headline description instruction } }`;
const follow = (selection, n) =>
  `subscription S${n} ($after: Cursor) { changes(after: $after) { s${n}: __typename ${selection} } }`;

async function openSocket(url) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init' }));
  await once(socket, 'message');
  return socket;
}

/** Counts what comes until nothing comes any more, or it has lasted long enough. */
async function countUntilStill(source, event) {
  let bytes = 0;
  let last = performance.now();
  const began = last;
  source.on(event, (part) => {
    bytes += part.length;
    last = performance.now();
  });
  while (performance.now() - last < STILL_MS && performance.now() - began < LONGEST_MS) await pause(20);
  return { bytes, status: 'stream' };
}

/** Operations on one WebSocket, and all that comes of them. */
const bySocket = (operations) => async (url) => {
  const socket = await openSocket(url);
  const counted = countUntilStill(socket, 'message');
  for (const [at, payload] of operations.entries())
    socket.send(JSON.stringify({ id: String(at), type: 'subscribe', payload }));
  const answer = await counted;
  socket.terminate();
  return answer;
};

const byEvents = (query, after) => async (url) => {
  const address = `${url}/graphql/stream?query=${encodeURIComponent(query)}`;
  const request = http.get(address, { agent: false, headers: { accept: 'text/event-stream', 'last-event-id': after } });
  const [response] = await once(request, 'response');
  const answer = await countUntilStill(response, 'data');
  request.destroy();
  return answer;
};

const PINGS = 2_000;
const OPEN_OPERATIONS = 50;

/**
 * What comes by a stream, each as a function of a number that has it made anew. `start`: a cursor behind which the journal
 * holds a thousand changes; `worst`: a dear query.
 */
export const streamsOf = ({ start, worst }) => ({
  'a WebSocket that greets': () => bySocket([]),
  'a WebSocket that follows from now on': (n) => bySocket([{ query: follow(DEAR, n) }]),
  'a dear query by WebSocket': (n) => bySocket([{ query: `${worst} #${n}` }]),
  'a refused document by WebSocket': (n) => bySocket([{ query: `{ ${'viewer { id } '.repeat(1_240)} } #${n}` }]),
  '50 dear queries on one WebSocket': (n) =>
    bySocket(Array.from({ length: OPEN_OPERATIONS }, (_, at) => ({ query: `${worst} #${n} ${at}` }))),
  '2,000 pings': () => async (url) => {
    const socket = await openSocket(url);
    for (let at = 0; at < PINGS; at += 1) socket.ping('x'.repeat(100));
    const answer = await countUntilStill(socket, 'pong');
    socket.terminate();
    return answer;
  },
  'a resume as an app’s over the journal, by WebSocket': (n) =>
    bySocket([{ query: follow(APP, n), variables: { after: start } }]),
  'a resume as an app’s over the journal, by event stream': (n) => byEvents(follow(APP, n), start),
  'a dear resume over the journal, by WebSocket': (n) =>
    bySocket([{ query: follow(DEAR, n), variables: { after: start } }]),
  '50 dear resumes over the journal, on one WebSocket': (n) =>
    bySocket(
      Array.from({ length: OPEN_OPERATIONS }, (_, at) => ({
        query: follow(DEAR, `${n}x${at}`),
        variables: { after: start },
      })),
    ),
});
