import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { FEEDS } from '../../src/channels/feeds/feeds.ts';
import { testDatabase } from '../support/database/database.ts';
import { Asking } from '../support/desk/asking.ts';
import { alertInput, publishNew } from '../support/desk/desk.ts';
import { startHub, tokens } from '../support/hub/hub.ts';

/** Attacks on browsers: by pages that run or show what is not theirs, by sites that embed what is not for them. */
const { url } = await testDatabase();
const hub = await startHub({ url });
const secure = await startHub({ url, more: { publicUrl: 'https://alerte.example.fr', explorer: false } });
const asking = new Asking(hub.url);
afterAll(async () => {
  asking.end();
  await secure.close();
  await hub.close();
});
const { id } = await publishNew(hub, 'Alert', alertInput());

const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const inside = (name: 'style' | 'script', text: string) =>
  [...text.matchAll(new RegExp(`<${name}>([\\s\\S]*?)</${name}>`, 'g'))].map(([, content = '']) => content);
/** The policy of an answer, by directive. */
const policyOf = ({ headers }: { headers: Record<string, unknown> }) =>
  new Map(
    String(headers['content-security-policy'])
      .split('; ')
      .map((part) => [part.split(' ')[0] ?? '', part.split(' ').slice(1)] as const),
  );

describe('a page that somebody managed to write into', () => {
  it.each([
    ['of what is in force', '/', 200],
    ['of a commune', '/?commune=91345', 200],
    ['of a publication', `/publications/${id}`, 200],
    ['of a revision', `/publications/${id}/r/1`, 200],
    ['of an error', '/publications/nothing', 404],
  ])('injected styles and scripts: the page %s lets in its own sheet alone', async (_what, path, status) => {
    // Seen: with 'unsafe-inline' in PAGE_HEADERS, as it stood there.
    const answer = await asking.at(path, BROWSER);
    const text = String(answer.body);
    expect(answer.status).toBe(status);
    expect(Object.fromEntries(policyOf(answer))).toEqual({
      'default-src': ["'none'"],
      'style-src': inside('style', text).map(hashOf),
      'form-action': ["'self'"],
      'base-uri': ["'none'"],
      'frame-ancestors': ["'none'"],
    });
    expect(inside('style', text)).toHaveLength(1);
    // What the policy would refuse is not there either.
    expect(text).not.toMatch(/<[^>]+\s(?:style|on\w+)=/);
  });

  it('powers of the browser: pages may ask where the reader is, and for nothing else', async () => {
    // Seen: without the header, as it was.
    const { headers } = await asking.at('/');
    const asked = String(headers['permissions-policy']).split(', ');
    expect(asked.filter((one) => !one.endsWith('=()'))).toEqual(['geolocation=(self)']);
    expect(asked).toEqual(expect.arrayContaining(['camera=()', 'microphone=()', 'payment=()', 'usb=()']));
  });

  it('a window that another site holds: pages share no group of windows with it', async () => {
    // Seen: without the header, as it was.
    for (const path of ['/', `/publications/${id}`, '/publications/nothing', '/explorer']) {
      const { headers } = await asking.at(path, { ...BROWSER, 'accept-encoding': 'gzip' });
      expect([path, headers['cross-origin-opener-policy']]).toEqual([path, 'same-origin']);
    }
  });

  it('sniffing: no answer is taken for what it does not say that it is', async () => {
    // Seen: with the header taken out of setHeaders.
    for (const path of ['/', '/explorer', '/feeds/alerts.atom', '/graphql?query={__typename}', '/nothing', '/healthz'])
      expect([path, (await asking.at(path)).headers['x-content-type-options']]).toEqual([path, 'nosniff']);
  });
});

describe('another site that embeds what the hub answers', () => {
  it.each(['/', `/publications/${id}`, '/graphql?query={__typename}', '/explorer', '/desk/reports.geojson', '/readyz'])(
    'reading by side channels: %s is embedded by no other site',
    async (path) => {
      // Seen: without the header, as it was.
      const headers = { 'accept-encoding': 'gzip', authorization: `Bearer ${tokens.editor}` };
      const answer = await asking.at(path, headers);
      expect([answer.status, answer.headers['cross-origin-resource-policy']]).toEqual([200, 'same-origin']);
    },
  );

  it.each([
    ...FEEDS.map(({ path }) => path),
    '/geo/reports.geojson',
    `/publications/${id}.jsonld`,
    `/cap/${id}/latest.xml`,
    `/cards/${id}/r/1/fr-FR-square.png`,
    '/schema.graphql',
  ])('what is made for other sites is shown there: %s', async (path) => {
    // Two times: worked out, and kept.
    for (const _time of [1, 2]) {
      const { status, headers } = await asking.at(path);
      expect([status, headers['cross-origin-resource-policy']]).toEqual([200, 'cross-origin']);
    }
  });

  it('the API is still read by pages of any site, which ask by CORS', async () => {
    const { headers } = await asking.post({ query: '{ __typename }' }, { origin: 'https://www.essonne.example' });
    expect(headers['access-control-allow-origin']).toBe('*');
  });
});

describe('the explorer, which others programmed', () => {
  const compressed = { ...BROWSER, 'accept-encoding': 'gzip' };

  it('a script in it reaches no page of the hub: it runs in a sandbox, with an origin of its own', async () => {
    // Seen: with allow-same-origin, with which a script reads what stands in storage.
    const answer = await asking.at('/explorer', compressed);
    const policy = policyOf(answer);
    expect(policy.get('sandbox')).toContain('allow-scripts');
    expect(policy.get('sandbox')).not.toContain('allow-same-origin');
    const scripts = inside('script', String(gunzipSync(answer.body)));
    expect(scripts).toHaveLength(2);
    expect(policy.get('script-src')).toEqual([...scripts.map(hashOf), 'blob:']);
    expect(policy.get('connect-src')).toEqual(["'self'"]);
    expect(policy.get('frame-ancestors')).toEqual(["'none'"]);
  });

  it('memory by clients that take no compression: it is sent compressed, from one copy, or not at all', async () => {
    // Seen: 9 MB for each of 100 sockets.
    for (const encoding of ['br', 'gzip']) {
      const { status, headers, body } = await asking.at('/explorer', { ...BROWSER, 'accept-encoding': encoding });
      expect([status, headers['content-encoding']]).toEqual([200, encoding]);
      expect(body.length).toBeLessThan(4 * 2 ** 20);
    }
    for (const headers of [BROWSER, { ...BROWSER, 'accept-encoding': 'identity' }, { 'accept-encoding': 'zstd' }]) {
      const { status, body } = await asking.at('/explorer', headers);
      expect(status).toBe(406);
      expect(body.length).toBeLessThan(16_384);
    }
  });

  it('leads browsers to it from the API, which stays the API for programs', async () => {
    const { status, headers } = await asking.at('/graphql', BROWSER);
    expect([status, headers.location, headers.vary]).toEqual([302, '/explorer', 'accept, accept-encoding']);
    expect((await asking.at('/graphql')).status).toBe(400);
  });

  it('is not there where a setting says so', async () => {
    const off = new Asking(secure.url);
    expect((await off.at('/explorer', compressed)).status).toBe(404);
    expect((await off.at('/graphql', BROWSER)).status).toBe(400);
    off.end();
  });
});

it('a first visit by http: browsers remember https where the hub has it, and only there', async () => {
  // Seen: without the header, as it was.
  const behindTls = new Asking(secure.url);
  for (const path of ['/', '/feeds/alerts.atom', '/graphql?query={__typename}', '/nothing']) {
    // Kept answers have it too.
    for (const _time of [1, 2])
      expect((await behindTls.at(path)).headers['strict-transport-security']).toBe('max-age=31536000');
    expect((await asking.at(path)).headers['strict-transport-security']).toBeUndefined();
  }
  behindTls.end();
});
