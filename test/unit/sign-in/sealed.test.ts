import { expect, it } from 'vitest';
import { Sealed } from '../../../src/sign-in/sealed.ts';

const sealed = new Sealed('a-secret-of-the-client');
const token = { token: 'refresh' };

it('opens what it sealed, by another hub with the same secret too', async () => {
  const text = await sealed.seal(token, { use: 'refresh', of: 'one' });
  expect(text).not.toContain('refresh');
  expect(await new Sealed('a-secret-of-the-client').open(text, { use: 'refresh', of: 'one' })).toEqual(token);
  expect(await sealed.seal(token, { use: 'refresh', of: 'one' })).not.toBe(text);
});

it('opens nothing for another use, of another session, with another secret, after its time, or that was changed', async () => {
  const text = await sealed.seal(token, { use: 'refresh', of: 'one' });
  expect(await sealed.open(text, { use: 'id', of: 'one' })).toBeUndefined();
  expect(await sealed.open(text, { use: 'refresh', of: 'two' })).toBeUndefined();
  expect(await new Sealed('another-secret-of-it').open(text, { use: 'refresh', of: 'one' })).toBeUndefined();
  expect(await sealed.open(await sealed.seal(token, { use: 'transit' }, -1), { use: 'transit' })).toBeUndefined();
  const [head = '', key = '', iv = '', body = '', tag = ''] = text.split('.');
  const turned = `${body.startsWith('A') ? 'B' : 'A'}${body.slice(1)}`;
  expect(await sealed.open([head, key, iv, turned, tag].join('.'), { use: 'refresh', of: 'one' })).toBeUndefined();
  for (const nothing of ['', 'x', '....', text.slice(1)])
    expect(await sealed.open(nothing, { use: 'refresh', of: 'one' })).toBeUndefined();
});
