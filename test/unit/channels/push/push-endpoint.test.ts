import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { CheckedEndpoint, endpointFault } from '../../../../src/channels/push/endpoint.ts';
import { readPushWish } from '../../../../src/channels/push/push-wish.rules.ts';
import { HubError } from '../../../../src/errors.ts';
import { PUBLIC_TARGETS } from '../../../../src/outgoing/checked-connection.ts';
import { territory } from '../../../support/hub/hub.ts';
import { PushReader } from '../../../support/receivers/push-service.ts';

const towards = (...addresses: string[]) => ({ ...PUBLIC_TARGETS, resolve: async () => addresses });
const reader = await PushReader.subscribe('https://push.example');
const given = { endpoint: reader.endpoint, p256dh: reader.p256dh, auth: reader.auth };

async function faultsOf(work: () => unknown): Promise<string[]> {
  try {
    await work();
    return [];
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    return (error.facts.fields ?? []).map(({ path }) => path);
  }
}

describe('an endpoint', () => {
  it.each([
    ['http://push.example/a', /https/],
    ['push.example/a', /https/],
    ['https://user:word@push.example/a', /password/],
    ['https://push.example/a#b', /fragment/],
    ['https://push.example:8443/a', /port/],
    ['https://127.0.0.1/a', /public/],
    ['https://[::1]/a', /public/],
    ['https://0x7f.1/a', /public/],
    ['https://169.254.169.254/a', /public/],
    [`https://push.example/${'a'.repeat(1_500)}`, /characters/],
  ])('is refused as %s', (endpoint, fault) => {
    expect(endpointFault(endpoint, PUBLIC_TARGETS)).toMatch(fault);
  });

  it('may have the port that https has anyway', () => {
    expect(endpointFault('https://push.example:443/a', PUBLIC_TARGETS)).toBeUndefined();
  });

  it('is refused where one address of its host at least lies inwards', async () => {
    const check = (...addresses: string[]) => faultsOf(() => CheckedEndpoint.check(given, towards(...addresses)));
    expect(await check('93.184.216.34')).toEqual([]);
    expect(await check('93.184.216.34', '10.0.0.1')).toEqual(['input.endpoint']);
    expect(await check()).toEqual(['input.endpoint']);
  });

  it('comes with keys that can be encrypted to, in either alphabet, or every fault is named', async () => {
    const check = (more: object) =>
      faultsOf(() => CheckedEndpoint.check({ ...given, ...more }, towards('93.184.216.34')));
    const other = Buffer.from(reader.p256dh, 'base64url').toString('base64');
    expect(await check({ p256dh: other, auth: Buffer.from(reader.auth, 'base64url').toString('base64') })).toEqual([]);
    expect(await check({ p256dh: randomBytes(65).toString('base64url') })).toEqual(['input.p256dh']);
    expect(await check({ auth: randomBytes(15).toString('base64url') })).toEqual(['input.auth']);
    const all = await check({ p256dh: '\u0000', auth: '', endpoint: 'ftp://a' });
    expect(all).toEqual(['input.p256dh', 'input.auth', 'input.endpoint']);
  });
});

describe('the wish of an app', () => {
  const read = (more: object) => readPushWish({ key: 'today', where: {}, ...more }, ['today', 'before'], territory);

  it('is everything in mode ACTUAL, in French, where nothing else is said', () => {
    expect(read({})).toEqual({
      keyId: 'today',
      kinds: null,
      communes: null,
      least: 0,
      modes: ['ACTUAL'],
      language: 'fr-FR',
    });
    expect(read({ key: 'before', language: 'en_gb', where: { severityAtLeast: 'SEVERE' } })).toMatchObject({
      ...{ keyId: 'before', least: 3, language: 'en-GB' },
    });
  });

  it('names every fault, with its place in the input', async () => {
    const towns = territory.communes.slice(0, 21).map(({ code }) => code);
    const where = { communes: towns, hazards: ['OET-081'], incidents: [], publications: [] };
    expect((await faultsOf(() => read({ key: 'other', language: '?', where }))).sort()).toEqual([
      'input.key',
      'input.language',
      'input.where.communes',
      'input.where.hazards',
      'input.where.incidents',
      'input.where.publications',
    ]);
    expect(await faultsOf(() => read({ where: { communes: ['00000'] } }))).toEqual(['input.where.communes.0']);
  });
});
