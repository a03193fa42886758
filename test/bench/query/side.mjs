import path from 'node:path';
import { loadServer } from './load-server.mjs';

const LIVE = Number(process.env.BENCH_LIVE ?? 5_000);
/** V8 compiles what a hub does in its first seconds. */
const WARM_SECONDS = 8;
const SECONDS = 2;

/** The hub of a checkout over a database of its own, asked its own hot query: P1 kept, P2 executed (a cookie passes its cache by). */
export async function openQuery(product, port) {
  process.env.BENCH_PRODUCT = product;
  const benches = path.join(product, 'test', 'bench');
  const { startDatabase, startHub } = await import(path.join(benches, 'hub.mjs'));
  const { HOT_QUERY } = await import(path.join(benches, 'query', 'hot-query.mjs'));
  const database = await startDatabase();
  await (await import(path.join(benches, 'corpus.mjs'))).fill(database, { live: LIVE });
  const hub = await startHub(database, { port, cpu: 0 });
  const body = JSON.stringify({ query: HOT_QUERY });
  const request = (headers) =>
    `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAccept: application/json\r\n${headers}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  const requests = { kept: request(''), executed: request('Cookie: a=b\r\n') };
  return {
    warm: (part) => loadServer(hub, requests[part], WARM_SECONDS),
    measure: (part) => loadServer(hub, requests[part], SECONDS),
    async end() {
      await hub.end();
      await database.end();
    },
  };
}
