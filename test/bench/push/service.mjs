import { createSecureServer } from 'node:http2';

/**
 * A push service that takes everything at once, after a delay as the network has it: BENCH_DELAY_MS (0). Key and certificate come
 * by CERTIFICATE, as JSON. Answers GET with what it counted: pushes, and when the first and the last of them came.
 */
const { key, cert } = JSON.parse(process.env.CERTIFICATE);
const delay = Number(process.env.BENCH_DELAY_MS ?? 0);
let counted = { pushes: 0, first: 0, last: 0 };

const server = createSecureServer({ key, cert, allowHTTP1: true, settings: { maxConcurrentStreams: 100 } });
server.on('request', (request, response) => {
  request.resume();
  if (request.method === 'GET') {
    response.end(JSON.stringify(counted));
    if (request.url === '/reset') counted = { pushes: 0, first: 0, last: 0 };
    return;
  }
  request.on('end', () => {
    const now = Date.now();
    counted.pushes += 1;
    counted.first ||= now;
    counted.last = now;
    const answer = () => response.writeHead(201).end();
    if (delay > 0) setTimeout(answer, delay);
    else answer();
  });
});
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => console.log(JSON.stringify(server.address())));
