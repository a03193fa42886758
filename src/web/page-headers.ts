import { createHash } from 'node:crypto';
import type { Html } from './html.ts';
import { STYLE } from './style.ts';

/** Every page has one sheet inside, so that a kept page needs no word of its own: the policy names the sheet's bytes. */
const named = ({ text }: Html): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** A page may ask for the reader's place, to show what is in force there, and for nothing else that a browser guards. */
const PERMISSIONS = [
  'geolocation=(self)',
  ...['accelerometer', 'camera', 'display-capture', 'gyroscope', 'hid', 'magnetometer', 'microphone', 'midi'],
  ...['payment', 'serial', 'usb'],
].map((name) => (name.includes('=') ? name : `${name}=()`));

/** The headers of a page with this sheet: no script, no picture, nothing from elsewhere. */
export const pageHeaders = (sheet: Html) =>
  ({
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `default-src 'none'; style-src ${named(sheet)}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    'permissions-policy': PERMISSIONS.join(', '),
    // A page that opened this one, or that this one leads to, gets no hold of its window.
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  }) as const;

/** The headers of every page that the public reads. */
export const PAGE_HEADERS = pageHeaders(STYLE);
