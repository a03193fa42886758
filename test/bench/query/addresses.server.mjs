import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

/** The physical limit: the same heads and bytes, kept in a Map by encoding and address. */
const known = new Map(
  Object.entries(JSON.parse(readFileSync(process.env.ANSWERS, 'utf8'))).map(([key, { head, body }]) => [
    key,
    { head, body: Buffer.from(body, 'base64') },
  ]),
);
createServer((request, response) => {
  const found = known.get(`${request.headers['accept-encoding']} ${request.url}`);
  if (!found) return response.writeHead(404).end();
  response.writeHead(200, found.head).end(found.body);
}).listen(Number(process.env.PORT), '127.0.0.1', () => console.log('{"ready":true}'));
