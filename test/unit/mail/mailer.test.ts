import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Letter } from '../../../src/mail/letter.rules.ts';
import { readMailRelay } from '../../../src/mail/mail-relay.rules.ts';
import { Mailer, type MailerOptions } from '../../../src/mail/mailer.ts';
import { hasPython, readByMailparser, readByPython, verifyDkim } from '../../support/receivers/mail-readers.ts';
import { type MailServer, startMailServer } from '../../support/receivers/mail-server.ts';

const from = { name: 'Alerte « Essonne »', address: 'alerte@essonne.example' };
const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const never = new AbortController().signal;

const letter = (more: Partial<Letter> = {}): Letter => ({
  id: 'a1.r1',
  to: 'mairie@ville.example',
  subject: 'ORANGE · Crue de l’Yvette à Longjumeau',
  text: `L’Yvette déborde.\nÉvacuez les rez-de-chaussée.\n.\nFrom here\n${'Très longue ligne. '.repeat(80).trim()}`,
  html: `<p>L’Yvette déborde : <strong>évacuez</strong>.</p><p>${'été '.repeat(300).trim()}</p>`,
  language: 'fr-FR',
  at: new Date('2026-11-28T13:05:00Z'),
  follows: [],
  leaveUrl: 'https://alerte.example/mail/leave/0123456789abcdef',
  ...more,
});

function mailerOf(server: Pick<MailServer, 'url' | 'ca'>, more: Partial<MailerOptions> = {}): Mailer {
  const relay = readMailRelay(server.url)!;
  const mailer = new Mailer({ relay, from, ca: server.ca, timeoutMs: 10_000, ...more });
  onTestFinished(() => mailer.close());
  return mailer;
}

describe('a letter', () => {
  it('reaches the relay by TLS and with a password, and is read alike by two parsers', async () => {
    const server = await startMailServer();
    const mailer = mailerOf(server, { dkim: { selector: 'nov', key: privateKey } });
    expect(await mailer.send(letter(), never)).toEqual({ kind: 'sent' });
    const [taken] = server.taken;
    expect(taken).toMatchObject({ from: from.address, to: ['mairie@ville.example'], secure: true });
    const raw = taken!.raw;
    const read = await readByMailparser(raw);
    expect(read).toMatchObject({
      messageId: '<a1.r1@essonne.example>',
      inReplyTo: null,
      references: [],
      to: ['mairie@ville.example'],
      subject: letter().subject,
      date: '2026-11-28T13:05:00.000Z',
      text: letter().text,
      html: letter().html,
    });
    expect(read.from).toContain('Alerte « Essonne »');
    expect(read.headers).toMatchObject({
      'auto-submitted': 'auto-generated',
      'content-language': 'fr-FR',
      'list-unsubscribe': '<https://alerte.example/mail/leave/0123456789abcdef>',
      'list-unsubscribe-post': 'List-Unsubscribe=One-Click',
    });
    // Seven bits and short lines, so that every relay takes it as it is.
    expect(raw.every((byte) => byte < 0x80)).toBe(true);
    expect(
      Math.max(
        ...raw
          .toString()
          .split('\r\n')
          .map(({ length }) => length),
      ),
    ).toBeLessThanOrEqual(998);
    expect(raw.toString()).not.toMatch(/[^\r]\n/);
    const { holds, covered, domain } = verifyDkim(raw, publicKey);
    expect({ holds, domain }).toEqual({ holds: true, domain: 'essonne.example' });
    expect(covered).toEqual(
      expect.arrayContaining(['from', 'to', 'subject', 'list-unsubscribe', 'list-unsubscribe-post']),
    );
    const changed = Buffer.from(raw.toString('latin1').replace('/leave/0', '/leave/1'), 'latin1');
    expect(verifyDkim(changed, publicKey).holds).toBe(false);
  });

  it.runIf(hasPython)('is read by Python as by mailparser, in a thread of six', async () => {
    const server = await startMailServer();
    const mailer = mailerOf(server);
    const ids = [1, 2, 3, 4, 5, 6].map((number) => `a1.r${number}`);
    for (const [index, id] of ids.entries())
      await mailer.send(letter({ id, follows: ids.slice(0, index), subject: `Crue (${index + 1})` }), never);
    const raws = server.taken.map(({ raw }) => raw);
    const byPython = readByPython(raws);
    const byMailparser = await Promise.all(raws.map(readByMailparser));
    const common = ({ headers: _headers, from: _from, ...read }: (typeof byPython)[number]) => read;
    expect(byPython.map(common)).toEqual(byMailparser.map(common));
    expect(byPython.map(({ from }) => from)).toEqual(
      ids.map(() => '"Alerte « Essonne »" <alerte@essonne.example>'.replaceAll('"', '')),
    );
    const named = ids.map((id) => `<${id}@essonne.example>`);
    expect(byPython.map(({ references }) => references)).toEqual(named.map((_, index) => named.slice(0, index)));
    expect(byPython.map(({ inReplyTo }) => inReplyTo)).toEqual([null, ...named.slice(0, -1)]);
  });

  it('of a long thread names the first of it and the last nineteen', async () => {
    const server = await startMailServer();
    const follows = Array.from({ length: 60 }, (_, index) => `a1.r${index + 1}`);
    await mailerOf(server).send(letter({ id: 'a1.r61', follows }), never);
    const { references, inReplyTo } = await readByMailparser(server.taken[0]!.raw);
    expect(references).toHaveLength(20);
    expect([references[0], references[1], references.at(-1), inReplyTo]).toEqual(
      ['a1.r1', 'a1.r42', 'a1.r60', 'a1.r60'].map((id) => `<${id}@essonne.example>`),
    );
  });

  it('is the same, byte for byte, at each attempt and by each hub', async () => {
    const server = await startMailServer();
    const dkim = { selector: 'nov', key: privateKey };
    for (const mailer of [mailerOf(server, { dkim }), mailerOf(server, { dkim })]) await mailer.send(letter(), never);
    const [first, second] = server.taken;
    expect(first!.raw.equals(second!.raw)).toBe(true);
  });

  it.each([
    { subject: 'Crue\r\nBcc: evil@evil.example\r\n\r\nCorps' },
    { subject: 'Crue\u2028Bcc: evil@evil.example\u0000\u0007' },
    { subject: `${'À'.repeat(5_000)}` },
    { text: 'Bonjour\r\n.\r\nRCPT TO:<evil@evil.example>\r\n', html: '<p>.\r\n.\r\nQUIT\r\n</p>' },
    { language: 'fr\r\nBcc: evil@evil.example' },
    { leaveUrl: 'https://a.example/x>\r\nBcc: evil@evil.example' },
    { follows: ['a@b>\r\nBcc: <evil'] },
  ])('cannot be made to say more headers or to go to somebody else: %j', async (more) => {
    const server = await startMailServer();
    await mailerOf(server).send(letter(more), never);
    expect(server.asked).toEqual(['mairie@ville.example']);
    const [taken] = server.taken;
    const { headers, to, subject } = await readByMailparser(taken!.raw);
    expect(headers).not.toHaveProperty('bcc');
    expect(to).toEqual(['mairie@ville.example']);
    expect(subject.length).toBeLessThanOrEqual(200);
  });
});

describe('a relay', () => {
  it('that refuses one of many says so of that one alone', async () => {
    const server = await startMailServer();
    server.onRecipient((address) => (address === 'gone@ville.example' ? '550 5.1.1 unknown' : undefined));
    const mailer = mailerOf(server);
    const to = Array.from({ length: 12 }, (_, index) => (index === 7 ? 'gone' : `m${index}`)).map(
      (name) => `${name}@ville.example`,
    );
    const answers = await Promise.all(to.map((one, index) => mailer.send(letter({ id: `l${index}`, to: one }), never)));
    expect(answers.map(({ kind }) => kind)).toEqual(to.map((_, index) => (index === 7 ? 'refused' : 'sent')));
    expect(server.taken.map((one) => one.to[0]).sort()).toEqual(to.filter((one) => !one.startsWith('gone')).sort());
  });

  it('that asks to wait (greylisting) is answered by waiting', async () => {
    const server = await startMailServer();
    server.onRecipient(() => '451 4.7.1 greylisted');
    const mailer = mailerOf(server);
    expect(await mailer.send(letter(), never)).toMatchObject({ kind: 'later', status: 451 });
    server.onRecipient(() => undefined);
    expect(await mailer.send(letter(), never)).toEqual({ kind: 'sent' });
  });

  it('that dies after the last dot may have the letter: it gets it again under the same id', async () => {
    const server = await startMailServer();
    server.onLetter(() => 'die');
    const mailer = mailerOf(server);
    expect(await mailer.send(letter(), never)).toMatchObject({ kind: 'away', status: null });
    server.onLetter(() => undefined);
    expect(await mailer.send(letter(), never)).toEqual({ kind: 'sent' });
    const ids = await Promise.all(server.taken.map(async ({ raw }) => (await readByMailparser(raw)).messageId));
    expect(ids.length).toBeGreaterThanOrEqual(2);
    expect(new Set(ids)).toEqual(new Set(['<a1.r1@essonne.example>']));
  });

  it('that says nothing is given up after a time', async () => {
    const server = await startMailServer();
    server.onLetter(() => 'silence');
    expect(await mailerOf(server, { timeoutMs: 500 }).send(letter(), never)).toMatchObject({
      kind: 'away',
      status: null,
    });
  });

  it('that is not there, or is there but does not speak, is away', async () => {
    const server = await startMailServer();
    await server.close();
    expect(await mailerOf(server).send(letter(), never)).toMatchObject({ kind: 'away' });
    const mute = createServer();
    await new Promise<void>((ready) => mute.listen(server.port, '127.0.0.1', ready));
    onTestFinished(() => void mute.close());
    expect(await mailerOf(server, { timeoutMs: 500 }).send(letter(), never)).toMatchObject({ kind: 'away' });
  });

  it('gets no password where it offers no TLS, or a certificate that nobody vouches for', async () => {
    let logins = 0;
    const onAuth = (_auth: object, _session: object, done: (error: null, user: { user: string }) => void) => {
      logins += 1;
      done(null, { user: 'x' });
    };
    const bare = await startMailServer({ disabledCommands: ['STARTTLS'], allowInsecureAuth: true, onAuth });
    expect(await mailerOf(bare).send(letter(), never)).toEqual({
      kind: 'away',
      status: 500,
      fault: 'le relais ne prend rien (pas de TLS, 500)',
    });
    const stranger = await startMailServer({ onAuth });
    expect(await mailerOf({ ...stranger, ca: bare.ca }).send(letter(), never)).toMatchObject({ kind: 'away' });
    expect([logins, bare.taken, stranger.taken]).toEqual([0, [], []]);
  });

  it('on this machine needs no TLS where there is no password', async () => {
    const server = await startMailServer({ disabledCommands: ['STARTTLS', 'AUTH'] });
    const url = `smtp://localhost:${server.port}`;
    expect(await mailerOf({ ...server, url }).send(letter(), never)).toEqual({ kind: 'sent' });
  });

  it('refuses a wrong password, which is of everybody’s letters', async () => {
    const server = await startMailServer();
    const url = server.url.replace(/:[^:@]+@/, ':wrong@');
    expect(await mailerOf({ ...server, url }).send(letter(), never)).toMatchObject({ kind: 'away', status: 535 });
  });

  it('is left in the middle of a letter when the hub ends', async () => {
    const server = await startMailServer();
    const stop = new AbortController();
    server.onLetter(() => {
      stop.abort();
      return 'silence';
    });
    await expect(mailerOf(server).send(letter(), stop.signal)).rejects.toThrow();
  });

  it('that cut a connection between two letters gets the second over another one', async () => {
    const server = await startMailServer();
    const mailer = mailerOf(server);
    expect(await mailer.send(letter({ id: 'one' }), never)).toEqual({ kind: 'sent' });
    server.cut();
    expect(await mailer.send(letter({ id: 'two' }), never)).toEqual({ kind: 'sent' });
    expect(server.taken).toHaveLength(2);
  });
});
