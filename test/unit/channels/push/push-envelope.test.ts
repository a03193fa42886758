import { randomBytes, randomUUID } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { describe, expect, it } from 'vitest';
import { PushSeal } from '../../../../src/channels/push/envelope/push-seal.ts';
import { SenderKey } from '../../../../src/channels/push/envelope/sender-keys.ts';
import { serviceLabel } from '../../../../src/channels/push/services.rules.ts';
import { newPushKey } from '../../../support/push/push-desk.ts';
import { vapidOf } from '../../../support/receivers/push-service.ts';

const HOUR = 3600_000;
const NOW = Date.now();
const received = (authorization: string) => ({
  path: '/',
  headers: { authorization },
  body: Buffer.alloc(0),
  connection: 1,
});
const tokenIn = (authorization: string) => /t=([^,]+)/.exec(authorization)?.[1] ?? '';

describe('the token of a hub for a push service', () => {
  const key = new SenderKey(newPushKey());
  const of = (origin: string, now = NOW) => key.authorization(origin, 'mailto:a@b.example', now);

  it('is signed by the key that apps subscribe with, for one origin and twelve hours', async () => {
    const claims = await vapidOf(received(of('https://push.example')), 'https://push.example');
    expect(claims).toMatchObject({ key: key.id, sub: 'mailto:a@b.example' });
    expect(Math.abs((claims.exp ?? 0) * 1000 - NOW - 12 * HOUR)).toBeLessThan(1_000);
    await expect(vapidOf(received(of('https://push.example')), 'https://other.example')).rejects.toThrow();
    expect(decodeProtectedHeader(tokenIn(of('https://push.example')))).toEqual({ typ: 'JWT', alg: 'ES256' });
    expect(Buffer.from(key.id, 'base64url')).toHaveLength(65);
  });

  it('is the same until an hour before its end, and another one for another origin, or once a service refused it', () => {
    const first = of('https://a.example');
    expect(of('https://a.example', NOW + 10.9 * HOUR)).toBe(first);
    expect(of('https://b.example')).not.toBe(first);
    const next = of('https://a.example', NOW + 11.1 * HOUR);
    expect(decodeJwt(tokenIn(next)).exp).toBeGreaterThan(decodeJwt(tokenIn(first)).exp ?? 0);
    key.forget('https://a.example');
    expect(of('https://a.example', NOW + 11.1 * HOUR)).not.toBe(next);
  });
});

describe('the seal of subscriptions', () => {
  const seal = new PushSeal(randomBytes(32));
  const address = { endpoint: 'https://push.example/abc?d=é', p256dh: randomBytes(65), auth: randomBytes(16) };
  const id = randomUUID();

  it('opens what it sealed, for the same subscription and under the same secret alone', () => {
    const sealed = seal.seal(id, address);
    expect(seal.open(id, sealed)).toEqual(address);
    expect(() => seal.open(randomUUID(), sealed)).toThrow();
    expect(() => new PushSeal(randomBytes(32)).open(id, sealed)).toThrow();
    const bytes = Buffer.from(sealed, 'base64');
    bytes[30] = (bytes[30] ?? 0) ^ 1;
    expect(() => seal.open(id, bytes.toString('base64'))).toThrow();
  });

  it('shows nothing of the address, and another text each time', () => {
    const sealed = seal.seal(id, address);
    expect(Buffer.from(sealed, 'base64').toString('latin1')).not.toMatch(/push|example|abc/);
    expect(seal.seal(id, address)).not.toBe(sealed);
    expect(seal.digestOf(address.endpoint)).toBe(seal.digestOf(address.endpoint));
    expect(seal.digestOf(address.endpoint)).not.toBe(new PushSeal(randomBytes(32)).digestOf(address.endpoint));
  });

  it('knows its code, and no other', () => {
    const code = seal.codeOf(id);
    expect(seal.isCodeOf(id, code)).toBe(true);
    for (const wrong of ['', `${code}a`, code.toLowerCase(), seal.codeOf(randomUUID())])
      expect(wrong === code || seal.isCodeOf(id, wrong)).toBe(wrong === code);
  });

  it('names public services, and no server of one person', () => {
    const named = [
      ['https://fcm.googleapis.com/fcm/send/a', 'fcm.googleapis.com'],
      ['https://updates.push.services.mozilla.com/wpush/v2/a', 'push.services.mozilla.com'],
      ['https://web.push.apple.com/a', 'push.apple.com'],
      ['https://wns2-par02p.notify.windows.com/w/?token=a', 'notify.windows.com'],
      ['https://ntfy.sh/up', 'ntfy.sh'],
    ];
    for (const [endpoint = '', service] of named) expect(seal.serviceOf(endpoint)).toBe(service);
    const own = seal.serviceOf('https://ntfy.jeanne-martin.example/up');
    expect(own).toMatch(/^~[\w-]{16}$/);
    expect(serviceLabel(own)).toBe('other');
    expect(seal.serviceOf('https://evilfcm.googleapis.com.example/')).toMatch(/^~/);
    expect(seal.serviceOf('https://notntfy.sh/')).toMatch(/^~/);
  });
});
