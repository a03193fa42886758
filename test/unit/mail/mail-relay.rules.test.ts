import { expect, it } from 'vitest';
import { readMailRelay } from '../../../src/mail/mail-relay.rules.ts';

it.each([
  ['smtp://mail.example', { host: 'mail.example', port: 587, isSecure: false, isHere: false, login: undefined }],
  ['smtps://mail.example/', { host: 'mail.example', port: 465, isSecure: true, isHere: false, login: undefined }],
  [
    'smtp://al%40erte:p%C3%A9%3A@mail.example:2525',
    { host: 'mail.example', port: 2525, isSecure: false, isHere: false, login: { user: 'al@erte', password: 'pé:' } },
  ],
  ['smtp://localhost:25', { host: 'localhost', port: 25, isSecure: false, isHere: true, login: undefined }],
  ['smtp://127.0.0.1:25', { host: '127.0.0.1', port: 25, isSecure: false, isHere: true, login: undefined }],
  ['smtp://[::1]:25', { host: '::1', port: 25, isSecure: false, isHere: true, login: undefined }],
])('%s is read', (text, relay) => {
  expect(readMailRelay(text)).toEqual(relay);
});

it.each([
  ...['https://mail.example', 'smtp:', 'mail.example:25', 'smtp://user@mail.example', 'smtp://:word@mail.example'],
  ...[
    'smtp://mail.example/path',
    'smtp://mail.example?tls=false',
    'smtp://mail.example#x',
    'smtp://a:%ff@mail.example',
  ],
])('%s is refused', (text) => {
  expect(readMailRelay(text)).toBeUndefined();
});
