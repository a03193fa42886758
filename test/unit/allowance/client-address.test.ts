import { describe, expect, it } from 'vitest';
import { type Asked, clientAddress, neighboursOf } from '../../../src/allowance/client-address.ts';

const asked = (remoteAddress: string, forwarded?: string): Asked =>
  ({ headers: forwarded ? { 'x-forwarded-for': forwarded } : {}, socket: { remoteAddress } }) as Asked;

describe('the address of a client', () => {
  const proxies = clientAddress(['10.0.0.7', '10.1.0.0/16', 'fd00::/8']);

  it.each([
    [
      'without a trusted proxy, what a client says of itself is not believed',
      clientAddress([]),
      '10.0.0.7',
      '1.2.3.4',
      '10.0.0.7',
    ],
    ['a client that is no proxy is not believed', proxies, '9.9.9.9', '1.2.3.4', '9.9.9.9'],
    ['a proxy is believed', proxies, '10.0.0.7', '1.2.3.4', '1.2.3.4'],
    ['so is one that the system writes as IPv6', proxies, '::ffff:10.0.0.7', '1.2.3.4', '1.2.3.4'],
    ['so is a proxy before a proxy', proxies, '10.0.0.7', '1.2.3.4, 10.1.2.3', '1.2.3.4'],
    [
      'what a client wrote before its own address counts for nothing',
      proxies,
      '10.0.0.7',
      '6.6.6.6, 1.2.3.4',
      '1.2.3.4',
    ],
    ['nor does what is no address', proxies, '10.0.0.7', 'unknown', '10.0.0.7'],
    ['a proxy that says nothing is the client', proxies, 'fd00::1', undefined, 'fd00::1'],
  ])('%s', (_what, addressOf, remote, forwarded, expected) =>
    expect(addressOf(asked(remote, forwarded))).toBe(expected),
  );
});

it.each([
  ['a client that is no proxy', '9.9.9.9', '1.2.3.4', ['9.9.9.9']],
  ['one that forwards nothing that could be read', '9.9.9.9', 'unknown', ['9.9.9.9']],
  ['nobody, where a proxy forwards', '10.0.0.7', '1.2.3.4', []],
  ['nobody, where nobody forwards', '9.9.9.9', undefined, []],
])('tells of %s', (_what, remote, forwarded, expected) => {
  const told: string[] = [];
  clientAddress(['10.0.0.7'], (peer) => told.push(peer))(asked(remote, forwarded));
  expect(told).toEqual(expected);
});

it('tells of a peer where no proxy is named at all', () => {
  const told: string[] = [];
  expect(clientAddress([], (peer) => told.push(peer))(asked('10.0.0.7', '1.2.3.4'))).toBe('10.0.0.7');
  expect(told).toEqual(['10.0.0.7']);
});

describe('who shares an allowance', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1', undefined],
    ['::ffff:192.0.2.1', '192.0.2.1', undefined],
    ['2001:db8:1:2345::1', '2001:db8:1:2345/64', '2001:db8:1:2300/56'],
    ['2001:db8:1:2345:ffff::9', '2001:db8:1:2345/64', '2001:db8:1:2300/56'],
    ['2001:db8:1:23ff::1', '2001:db8:1:23ff/64', '2001:db8:1:2300/56'],
    ['2001:db8:1:2400::1', '2001:db8:1:2400/64', '2001:db8:1:2400/56'],
    ['', '', undefined],
  ])('%s is %s of %s', (address, line, customer) => expect(neighboursOf(address)).toEqual({ line, customer }));
});
