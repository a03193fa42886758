import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { send } from '../../../src/channels/webhooks/delivery/send.ts';
import { CheckedTarget } from '../../../src/channels/webhooks/target.ts';
import { PUBLIC_TARGETS, type Targets } from '../../../src/outgoing/checked-connection.ts';
import { selfSigned } from '../../support/receivers/self-signed.ts';

/** Names of this test's own network: nothing is asked of another one. */
const NAMES: Record<string, string[]> = {
  'hook.example': ['93.184.216.34'],
  'inside.example': ['10.0.0.7'],
  'both.example': ['93.184.216.34', '127.0.0.1'],
  'metadata.example': ['169.254.169.254'],
  'six.example': ['::1'],
  'empty.example': [],
};
const resolve = async (name: string): Promise<string[]> => {
  const found = NAMES[name];
  if (!found) throw new Error('ENOTFOUND');
  return found;
};
const targets = { ...PUBLIC_TARGETS, resolve };
const targetFault = async (url: string, given: Targets) => (await CheckedTarget.check(url, given)).fault;
const attempt = (url: string) =>
  send({ url, headers: {}, body: '{}' }, targets, new AbortController().signal).then(({ status, fault }) => [
    status,
    fault?.replace(/ :.*/, ''),
  ]);

const INWARD = [
  ['loopback', 'https://127.0.0.1/'],
  ['loopback, elsewhere in its network', 'https://127.8.8.8/'],
  ['loopback in decimal', 'https://2130706433/'],
  ['loopback in octal', 'https://0177.0.0.1/'],
  ['loopback in hexadecimal', 'https://0x7f000001/'],
  ['loopback in mixed forms', 'https://0x7f.1/'],
  ['loopback shortened', 'https://127.1/'],
  ['loopback in full-width digits', 'https://１２７.０.０.１/'],
  ['loopback of IPv6', 'https://[::1]/'],
  ['loopback mapped into IPv6', 'https://[::ffff:127.0.0.1]/'],
  ['loopback mapped, in hexadecimal', 'https://[::ffff:7f00:1]/'],
  ['loopback compatible with IPv4', 'https://[::127.0.0.1]/'],
  ['a private network through NAT64', 'https://[64:ff9b::10.0.0.1]/'],
  ['a private network through 6to4', 'https://[2002:a00:1::]/'],
  ['nobody', 'https://0.0.0.0/'],
  ['nobody, shortened', 'https://0/'],
  ['nobody of IPv6', 'https://[::]/'],
  ['a private network of ten', 'https://10.1.2.3/'],
  ['a private network of 172', 'https://172.16.0.1/'],
  ['a private network of 192', 'https://192.168.1.1:8443/x'],
  ['carrier-grade NAT', 'https://100.64.0.1/'],
  ['the metadata of a cloud', 'https://169.254.169.254/latest/meta-data/'],
  ['the metadata of a cloud over IPv6', 'https://[fd00:ec2::254]/'],
  ['a link-local address', 'https://[fe80::1]/'],
  ['many', 'https://224.0.0.1/'],
  ['all', 'https://255.255.255.255/'],
  ['a network for documentation', 'https://[2001:db8::1]/'],
  ['a name of a private network', 'https://inside.example/'],
  ['a name of the metadata', 'https://metadata.example/'],
  ['a name that is public and loopback at once', 'https://both.example/'],
  ['a name of loopback over IPv6', 'https://six.example/'],
  ['a name of nothing', 'https://empty.example/'],
] as const;

describe('an address that leads inwards', () => {
  it.each(INWARD)('is refused when it is saved: %s', async (_, url) => {
    expect(await targetFault(url, targets)).toBe('must lie on the public Internet');
  });

  it.each(INWARD)('is refused when it is sent to: %s', async (_, url) => {
    expect(await attempt(url)).toEqual([null, 'adresse refusée']);
  });

  it('is refused at the attempt when the name led outwards as it was saved', async () => {
    let asked = 0;
    const rebinding = async () => [++asked === 1 ? '93.184.216.34' : '127.0.0.1'];
    const turned = { ...PUBLIC_TARGETS, resolve: rebinding };
    expect(await targetFault('https://rebinding.example/', turned)).toBeUndefined();
    const answer = await send(
      { url: 'https://rebinding.example/', headers: {}, body: '{}' },
      turned,
      new AbortController().signal,
    );
    expect(answer).toMatchObject({ status: null, fault: 'adresse refusée : rebinding.example n’est pas public' });
  });
});

it('a name that nobody answers for takes no longer than any attempt', async () => {
  const silent = { ...PUBLIC_TARGETS, resolve: () => new Promise<string[]>(() => undefined), timeoutMs: 50 };
  const answer = send(
    { url: 'https://silent.example/', headers: {}, body: '{}' },
    silent,
    new AbortController().signal,
  );
  expect(await answer).toMatchObject({ status: null, fault: 'le serveur ne répond pas à temps' });
});

describe('an address', () => {
  it.each([
    ['http://hook.example/', 'must be an absolute https address'],
    ['ftp://hook.example/', 'must be an absolute https address'],
    ['/hook', 'must be an absolute https address'],
    ['https://', 'must be an absolute https address'],
    ['https://me:secret@hook.example/', 'must not hold a name and password'],
    ['https://me@hook.example/', 'must not hold a name and password'],
    ['https://hook.example/#x', 'must not hold a fragment'],
    ['https://nowhere.example/', 'must name a host that can be found'],
    ['https://hook.example/tocsin?x=1', undefined],
  ])('%s', async (url, fault) => {
    expect(await targetFault(url, targets)).toBe(fault);
  });
});

describe('a connection', async () => {
  const { key, cert } = await selfSigned('hook.example');
  const names: (string | false | null | undefined)[] = [];
  const hosts: (string | undefined)[] = [];
  const server = createServer({ key, cert }, (request, response) => {
    hosts.push(request.headers.host);
    response.writeHead(204).end();
  });
  server.on('secureConnection', (socket) => names.push(socket.servername));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  afterAll(() => server.close());
  let asked = 0;
  const here = {
    allow: (address: string) => address === '127.0.0.1',
    ca: cert,
    // Only the first answer may be used: what is asked again leads elsewhere.
    resolve: async () => [++asked % 2 === 1 ? '127.0.0.1' : '127.0.0.2'],
  };
  const to = (host: string) =>
    send({ url: `https://${host}:${port}/`, headers: {}, body: '{}' }, here, new AbortController().signal);

  it('goes to the address that was looked at, under the name of the host', async () => {
    expect(await to('hook.example')).toMatchObject({ status: 204, fault: null });
    expect([asked, names, hosts]).toEqual([1, ['hook.example'], [`hook.example:${port}`]]);
  });

  it('to a host whose certificate names another is refused', async () => {
    asked = 0;
    expect(await to('other.example')).toMatchObject({
      status: null,
      fault: 'le serveur ne peut être joint (ERR_TLS_CERT_ALTNAME_INVALID)',
    });
  });
});
