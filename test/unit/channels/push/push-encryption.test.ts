import { createECDH, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import webPush from 'web-push';
import {
  encryptFor,
  isPublicKey,
  MOST_WORDS_BYTES,
  type ReaderKeys,
} from '../../../../src/channels/push/envelope/encrypt.rules.ts';
import { hmac } from '../../../../src/channels/push/envelope/hmac.rules.ts';
import { SenderKey } from '../../../../src/channels/push/envelope/sender-keys.ts';
import { budget } from '../../../support/budget.ts';
import { newPushKey } from '../../../support/push/push-desk.ts';
import { PushReader, vapidOf } from '../../../support/receivers/push-service.ts';

const bytes = (text: string) => Buffer.from(text, 'base64url');
const keysOf = ({ p256dh, auth }: PushReader): ReaderKeys => ({ p256dh: bytes(p256dh), auth: bytes(auth) });

it('an HMAC is the one of node:crypto, for every key of up to a block', () => {
  const key = fc.uint8Array({ maxLength: 64 }).map((all) => Buffer.from(all));
  fc.assert(
    fc.property(key, fc.array(fc.uint8Array().map((all) => Buffer.from(all))), (secret, parts) => {
      const expected = createHmac('sha256', secret).update(Buffer.concat(parts)).digest('hex');
      expect(hmac(secret, ...parts).toString('hex')).toBe(expected);
    }),
    budget(300),
  );
});

describe('the encryption of a push', () => {
  it('gives the very bytes of the example in RFC 8291', () => {
    const reader = {
      p256dh: bytes('BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4'),
      auth: bytes('BTBZMqHH6r4Tts7J_aSIgg'),
    };
    const words = Buffer.from('When I grow up, I want to be a watermelon');
    const fresh = {
      privateKey: bytes('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw'),
      salt: bytes('DGv6ra1nlYgDCS1FRnbzlw'),
      length: words.length + 1,
    };
    expect(encryptFor(reader, words, fresh).toString('base64url')).toBe(
      [
        'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A',
        '_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
      ].join(''),
    );
  });

  it('is read by its reader alone, whatever the words', async () => {
    const [reader, other] = [
      await PushReader.subscribe('https://a.example'),
      await PushReader.subscribe('https://a.example'),
    ];
    const words = fc.uint8Array({ maxLength: MOST_WORDS_BYTES }).map((array) => Buffer.from(array));
    await fc.assert(
      fc.asyncProperty(words, async (given) => {
        const body = encryptFor(keysOf(reader), given);
        expect(await reader.words(body)).toEqual(given);
        await expect(other.words(body)).rejects.toThrow();
      }),
      budget(50),
    );
  });

  it('has one of a few sizes, and never more than services take', async () => {
    const keys = keysOf(await PushReader.subscribe('https://a.example'));
    const sizes = [0, 1, 510, 511, 512, 1_000, MOST_WORDS_BYTES].map(
      (length) => encryptFor(keys, Buffer.alloc(length)).length,
    );
    expect(sizes.map((size) => (size - 86 - 16) / 512)).toEqual([1, 1, 1, 1, 2, 2, 7]);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(4_096);
    expect(() => encryptFor(keys, Buffer.alloc(MOST_WORDS_BYTES + 1))).toThrow(RangeError);
  });

  it('is another one each time, with another key', async () => {
    const keys = keysOf(await PushReader.subscribe('https://a.example'));
    const [one, two] = [encryptFor(keys, Buffer.from('a')), encryptFor(keys, Buffer.from('a'))];
    for (const part of [one.subarray(0, 16), one.subarray(21, 86), one.subarray(86)])
      expect(two.includes(part)).toBe(false);
  });
});

describe('a reader’s key', () => {
  it('is a point of P-256, uncompressed', () => {
    const pair = createECDH('prime256v1');
    const good = pair.generateKeys();
    expect(isPublicKey(good)).toBe(true);
    const offCurve = Buffer.from(good);
    offCurve[40] = (offCurve[40] ?? 0) ^ 1;
    for (const bad of [
      offCurve,
      good.subarray(0, 64),
      pair.getPublicKey(null, 'compressed'),
      Buffer.alloc(65),
      Buffer.alloc(0),
    ])
      expect(isPublicKey(bad)).toBe(false);
  });
});

describe('web-push, an encoder of another hand', () => {
  it('is read by the same reader, whose own reading is so proven', async () => {
    const reader = await PushReader.subscribe('https://push.example');
    const { endpoint, p256dh, auth } = reader;
    const { publicKey, privateKey } = webPush.generateVAPIDKeys();
    const request = webPush.generateRequestDetails({ endpoint, keys: { p256dh, auth } }, '{"ça":"va"}', {
      vapidDetails: { subject: 'mailto:a@b.example', publicKey, privateKey },
    });
    const body = request.body ?? Buffer.alloc(0);
    expect(await reader.read({ body })).toEqual({ ça: 'va' });
    const authorization = String(request.headers.Authorization);
    const push = { path: '/', headers: { authorization }, body, connection: 1 };
    expect(await vapidOf(push, 'https://push.example')).toMatchObject({ key: publicKey });
    const own = {
      ...push,
      headers: {
        authorization: new SenderKey(newPushKey()).authorization(
          'https://push.example',
          'mailto:a@b.example',
          Date.now(),
        ),
      },
    };
    // The two differ in the order of their claims alone.
    expect(Object.keys(await vapidOf(own, 'https://push.example')).sort()).toEqual(
      Object.keys(await vapidOf(push, 'https://push.example')).sort(),
    );
  });
});
