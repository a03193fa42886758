import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';

const SOCKET = '.s.PGSQL.5432';
/** A statement sent as text, and one that was prepared: each of them is one round trip. */
const STATEMENTS = new Set(['Q', 'E']);

/** Counts the statements of one session, by the messages of PostgreSQL's protocol; the first one has no type. */
function countIn(count) {
  let rest = Buffer.alloc(0);
  let isOpen = false;
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const head = isOpen ? 1 : 0;
      if (rest.length < head + 4) return;
      const end = head + rest.readUInt32BE(head);
      if (rest.length < end) return;
      if (isOpen && STATEMENTS.has(String.fromCharCode(rest[0]))) count();
      isOpen = true;
      rest = rest.subarray(end);
    }
  };
}

/** A second address of a database behind which statements are counted. */
export async function countStatements({ url }) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'tocsin-count-'));
  const [, host] = /@([^/]+)\//.exec(url);
  const target = path.join(decodeURIComponent(host), SOCKET);
  let counted = 0;
  const server = createServer((client) => {
    const upstream = connect(target);
    const note = countIn(() => (counted += 1));
    client.on('data', note);
    client.pipe(upstream).pipe(client);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ]) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  server.listen(path.join(folder, SOCKET));
  await once(server, 'listening');
  return {
    url: url.replace(host, encodeURIComponent(folder)),
    count: () => counted,
    async end() {
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
