import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Documents } from '../../../src/graphql/documents.ts';
import { testDatabase } from '../../support/database/database.ts';
import { RawSocket } from '../../support/following/raw-socket.ts';
import { startHub } from '../../support/hub/hub.ts';

/**
 * Event streams that are to be had for little. A bucket holds 20 points here, so that an address which has paid anything is refused, and
 * told how much was counted. Behind each attack: how it was seen to succeed.
 */
const { url } = await testDatabase();
const hub = await startHub({ url, limits: { addressPoints: 1 }, trustedProxies: ['127.0.0.1', '::1'] });
afterAll(() => hub.close());
const documents = vi.spyOn(Documents.prototype, 'read');

let last = 0;
/** An address that nobody has spoken from yet. */
const newAddress = (): string => {
  last += 1;
  return `192.0.2.${last}`;
};
/** A subscription of so many characters that nobody has sent yet. */
const newDocument = (characters: number): string => {
  last += 1;
  return `${`subscription { changes { type } #new ${last} `.padEnd(characters - 2, 'x')}\n}`;
};

type Open = (address: string, query: string) => Promise<{ isRefused: boolean }>;
/** Opens an event stream, and leaves it open until the test is over. */
async function openStream(path: string, init: RequestInit & { headers: Record<string, string> }) {
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const headers = { accept: 'text/event-stream', ...init.headers };
  const answer = await fetch(hub.url + path, { ...init, headers, signal: abort.signal });
  const { value } = (await answer.body?.pipeThrough(new TextDecoderStream()).getReader().read()) ?? {};
  return { isRefused: answer.status === 429 || Boolean(value?.includes('TOO_MANY_REQUESTS')) };
}
const byGet: Open = (address, query) =>
  openStream(`/graphql/stream?${new URLSearchParams({ query })}`, { headers: { 'x-forwarded-for': address } });
const byPost: Open = (address, query) =>
  openStream('/graphql/stream', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
    body: JSON.stringify({ query }),
  });
const bySocket: Open = async (address, query) => {
  const socket = await new RawSocket(hub.url, { headers: { 'x-forwarded-for': address } }).init();
  onTestFinished(() => socket.end());
  await socket.subscribe('1', query);
  await socket.until(() => socket.of('1').length > 0);
  return { isRefused: JSON.stringify(socket.of('1')[0]).includes('TOO_MANY_REQUESTS') };
};
const DOORS = [
  ['GET', byGet],
  ['POST', byPost],
] as const;

/** How many points were taken of an address that has paid something. */
async function paidBy(address: string): Promise<number> {
  last += 1;
  const query = `query Q${last} { publications { totalCount } }`;
  const answer = await fetch(`${hub.url}/graphql?${new URLSearchParams({ query })}`, {
    headers: { 'x-forwarded-for': address },
  });
  const { errors } = (await answer.json()) as { errors?: { extensions: { limit?: { weight: number } } }[] };
  return errors?.[0]?.extensions.limit?.weight ?? 0;
}

describe('an event stream that begins', () => {
  it.each(DOORS)('costs as much as over a WebSocket, by its length: by %s', async (_door, open) => {
    // Seen: with 200 points for every one.
    for (const characters of [500, 10_000]) {
      const [stream, socket] = [newAddress(), newAddress()];
      expect(await open(stream, newDocument(characters))).toEqual({ isRefused: false });
      expect(await bySocket(socket, newDocument(characters))).toEqual({ isRefused: false });
      const [paid, expected] = [await paidBy(stream), await paidBy(socket)];
      // Hearing its bytes, reading its characters, and to begin.
      expect(paid).toBeGreaterThan(190 + characters * (1 / 8 + 1 / 2));
      expect(Math.abs(paid - expected)).toBeLessThan(100);
    }
  });

  it.each(DOORS)('costs its bytes alone where its document is known: by %s', async (_door, open) => {
    // Seen: with the whole document charged each time.
    const query = newDocument(10_000);
    await open(newAddress(), query);
    const address = newAddress();
    expect(await open(address, query)).toEqual({ isRefused: false });
    expect(await paidBy(address)).toBeLessThan(300 + 10_000 / 8);
  });

  it.each(DOORS)('is refused before its document is read where nothing is left: by %s', async (_door, open) => {
    // Seen: with the document read before it is paid for.
    const address = newAddress();
    await open(address, newDocument(1_000));
    documents.mockClear();
    expect(await open(address, newDocument(4_000))).toEqual({ isRefused: true });
    expect(documents.mock.calls.filter(([query]) => query.includes('#new'))).toEqual([]);
  });
});
