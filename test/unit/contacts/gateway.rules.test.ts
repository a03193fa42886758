import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import type { SigningKey } from '../../../src/channels/webhooks/key.rules.ts';
import { gatewayBody, isSigned, readAnswer } from '../../../src/contacts/gateway/gateway-message.rules.ts';
import { readPhoneNumber } from '../../../src/contacts/gateway/phone-number.rules.ts';
import type { OutgoingMessage } from '../../../src/contacts/messages/outgoing-message.ts';

const createdAt = new Date('2026-01-13T02:42:00Z');
const message: OutgoingMessage = {
  id: '0190',
  way: 'SMS',
  address: '+33612345678',
  createdAt,
  call: { reason: 'TEST', words: 'Tocsin 91 : essai d’appel. Avant 03 h 52.', link: 'https://x.example/desk/a/y' },
  code: null,
};

describe('the body for a gateway', () => {
  it('holds the number and the whole message, and nothing else', () => {
    expect(JSON.parse(gatewayBody(message))).toEqual({
      type: 'message.sms',
      timestamp: '2026-01-13T03:42:00+01:00',
      data: {
        id: '0190',
        to: '+33612345678',
        text: 'Tocsin 91 : essai d’appel. Avant 03 h 52. https://x.example/desk/a/y',
        language: 'fr-FR',
        answers: ['1'],
      },
    });
  });

  it('asks for no key at a flash, which no key answers', () => {
    const flash = { ...message, call: { reason: 'FLASH', words: 'Mots.', link: 'x' } } as const;
    expect(JSON.parse(gatewayBody(flash)).data.answers).toEqual([]);
  });

  it('has no link in what is spoken, and a code digit by digit', () => {
    const spoken = JSON.parse(gatewayBody({ ...message, way: 'VOICE' }));
    expect([spoken.type, spoken.data.text]).toEqual(['message.voice', 'Tocsin 91 : essai d’appel. Avant 03 h 52.']);
    const code = JSON.parse(gatewayBody({ ...message, way: 'VOICE', call: null, code: '00412345' }));
    expect(code.data).toMatchObject({ text: 'Tocsin 91 : votre code est 0, 0, 4, 1, 2, 3, 4, 5.', answers: [] });
  });
});

describe('an answer of a gateway', () => {
  const secrets = [1, 2].map((byte) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`) as [string, string];
  const keys = secrets.map((secret): SigningKey => ({ signature: 'HMAC', secret, publicKey: null }));
  const now = new Date('2026-01-13T02:42:00Z');
  const body = '{"type":"message.answered","data":{"id":"01890000-0000-7000-8000-000000000000","answer":"1"}}';
  const signed = (secret = secrets[0], at = now, id = 'msg_1') => ({
    id,
    timestamp: String(at.getTime() / 1000),
    signature: new Webhook(secret).sign(id, at, body),
  });

  it('is signed as another project signs, by any of the keys, within five minutes', () => {
    for (const secret of secrets) expect(isSigned(keys, signed(secret), body, now)).toBe(true);
    expect(isSigned(keys, { ...signed(), signature: `v1a,x v1,y ${signed().signature}` }, body, now)).toBe(true);
    for (const seconds of [-300, 300])
      expect(isSigned(keys, signed(secrets[0], new Date(now.getTime() + seconds * 1000)), body, now)).toBe(true);
  });

  it.each<[string, () => boolean]>([
    ['another key', () => isSigned(keys, signed(`whsec_${Buffer.alloc(32, 3).toString('base64')}`), body, now)],
    ['another body', () => isSigned(keys, signed(), `${body} `, now)],
    ['another id', () => isSigned(keys, { ...signed(), id: 'msg_2' }, body, now)],
    ['another hour', () => isSigned(keys, { ...signed(), timestamp: String(now.getTime() / 1000 + 1) }, body, now)],
    ['an old one', () => isSigned(keys, signed(secrets[0], new Date(now.getTime() - 301_000)), body, now)],
    ['one ahead', () => isSigned(keys, signed(secrets[0], new Date(now.getTime() + 301_000)), body, now)],
    ['no id', () => isSigned(keys, { ...signed(), id: undefined }, body, now)],
    ['no signature', () => isSigned(keys, { ...signed(), signature: '' }, body, now)],
    ['words for an hour', () => isSigned(keys, { ...signed(), timestamp: 'NaN' }, body, now)],
    ['no key', () => isSigned([], signed(), body, now)],
  ])('is not taken with %s', (_what, taken) => {
    expect(taken()).toBe(false);
  });

  it.each([
    '',
    'null',
    '[]',
    '{"type":"message.answered"}',
    body.replace('answered', 'sent'),
    body.replace('01890000', 'x'),
    body.replace('"1"', '1'),
    body.replace('"1"', JSON.stringify('1'.repeat(101))),
  ])('is not read out of %s', (text) => {
    expect(readAnswer(text)).toBeUndefined();
  });

  it('is read with its blanks', () => {
    expect(readAnswer(body.replace('"1"', '" 1\\n"'))?.answer).toBe('1');
  });
});

describe('a telephone number', () => {
  it.each([
    ['06 12 34 56 78', '+33612345678'],
    ['01.69.91.91.91', '+33169919191'],
    ['+33 (0)6 12 34 56 78', '+33612345678'],
    ['+33612345678', '+33612345678'],
    ['+590 690 12-34-56', '+590690123456'],
  ])('%s is %s', (text, number) => {
    expect(readPhoneNumber(text)).toBe(number);
  });

  it.each([
    '',
    '1',
    '112',
    '3949',
    '0812345678',
    '+33 812 34 56 78',
    '061234567',
    '06123456789',
    '+0612345678',
    '+1234567890123456',
    '06 12 34 56 78, 06 12 34 56 79',
    '0612345678\n0612345679',
    '٠٦١٢٣٤٥٦٧٨',
    '+336123\u000045678',
  ])('%j is none', (text) => {
    expect(readPhoneNumber(text)).toBeUndefined();
  });
});
