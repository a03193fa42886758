import { describe, expect, it } from 'vitest';
import { LONGEST_REPORT, readDeliveryReport } from '../../../src/mail/delivery-report.ts';
import { deliveryReport } from '../../support/receivers/delivery-reports.ts';

const LETTER = '5f0c2a44-6f5b-4b37-9a51-2f1f4e4a7a10';
const RETURNED = `Message-ID: <${LETTER}@essonne.example>\nSubject: =?UTF-8?Q?L=E2=80=99Yvette?=`;
const read = (text: string | Uint8Array) => readDeliveryReport(Buffer.from(text));

describe('a report that a letter did not arrive', () => {
  it.each([
    ['5.1.1', 'smtp; 550 5.1.1 <x@ville.example>: Recipient address rejected', '5.1.1', true],
    ['5.0.0', 'smtp; 550 5.1.1 no such user', '5.1.1', true],
    ['5.0.0', 'smtp; 550-5.7.26 This mail has been blocked\n 550 5.7.26 because', '5.7.26', false],
    ['5.0.0', 'smtp; 550 unknown user', '5.0.0', true],
    ['5.2.1', 'smtp; 550 disabled', '5.2.1', true],
    ['5.2.2', 'smtp; 552 5.2.2 mailbox full', '5.2.2', false],
    ['5.7.1', 'smtp; 554 5.7.1 spam', '5.7.1', false],
    ['4.4.7', 'smtp; delivery time expired', '4.4.7', false],
    ['nonsense', 'X; nothing', null, false],
  ])('of status %s and %j', async (status, diagnosis, code, isGone) => {
    const report = deliveryReport({ status, diagnosis, returned: RETURNED });
    expect(await read(report)).toEqual({ letter: LETTER, code, isGone });
  });

  it.each(['message/rfc822', 'text/rfc822-headers', 'Message/RFC822'])('gives the letter back as %s', async (type) => {
    expect(await read(deliveryReport({ returned: `${RETURNED}\n\nCorps`, type }))).toMatchObject({ letter: LETTER });
  });

  it('may come with other line ends, in base64, or with the letter named as what it answers', async () => {
    const plain = deliveryReport({ returned: RETURNED });
    expect(await read(plain.replaceAll('\n', '\r\n'))).toMatchObject({ letter: LETTER });
    expect(await read(deliveryReport({ returned: RETURNED, encoding: 'base64' }))).toMatchObject({ code: '5.1.1' });
    const answer = `In-Reply-To: <${LETTER}@essonne.example>\n${deliveryReport({ returned: 'Subject: x' })}`;
    expect(await read(answer)).toMatchObject({ letter: LETTER });
  });

  it('is none where the letter was delayed, was no letter of a hub, or somebody answers', async () => {
    for (const message of [
      deliveryReport({ action: 'delayed', status: '4.4.1', returned: RETURNED }),
      deliveryReport({ action: 'delivered', status: '2.0.0', returned: RETURNED }),
      deliveryReport({ returned: 'Message-ID: <x@essonne.example>' }),
      `Subject: Absent du bureau\nAuto-Submitted: auto-replied\nIn-Reply-To: <${LETTER}@essonne.example>\n\nJe suis absent : Action: failed`,
      '',
      '\0\uFFFD',
    ])
      expect(await read(message)).toBeUndefined();
  });

  it('does not take the id from words of the letter, where whoever wrote them chose it', async () => {
    const other = '00000000-0000-4000-8000-000000000000';
    const returned = `Subject: x\n\nMessage-ID: <${other}@essonne.example>`;
    expect(await read(deliveryReport({ returned }))).toBeUndefined();
  });

  it('that was made to be slow, deep or large is read fast, or not at all', async () => {
    const deep = Array.from({ length: 300 }, (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\n\n--b${at}`);
    const parts = `Content-Type: multipart/report; boundary=b\n\n${'--b\n\n\n'.repeat(40_000)}`;
    for (const hostile of [
      deep.join('\n'),
      parts,
      `X: ${'a'.repeat(250_000)}\n\n`,
      deliveryReport({ diagnosis: `smtp; ${'5.'.repeat(100_000)}`, returned: RETURNED }),
      deliveryReport({ diagnosis: `smtp;${'\n '.repeat(60_000)}`, returned: RETURNED }),
    ]) {
      const begun = performance.now();
      await read(hostile.slice(0, LONGEST_REPORT));
      expect(performance.now() - begun).toBeLessThan(5_000);
    }
    expect(await read(`${deliveryReport({ returned: RETURNED })}\n${'x'.repeat(LONGEST_REPORT)}`)).toBeUndefined();
  });
});
