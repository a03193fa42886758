import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { onTestFinished } from 'vitest';
import { selfSigned } from './self-signed.ts';

/** A letter as the server took it. */
export interface TakenLetter {
  from: string;
  to: string[];
  /** Whole, as it came over the wire. */
  raw: Buffer;
  /** Whether it came by TLS. */
  secure: boolean;
}

/** How the server answers a recipient or a letter: undefined takes it; a line begins with its code; `die` cuts without a word. */
type Says = string | 'die' | 'silence' | undefined;

const USER = 'tocsin';
/** A password with every sign that an address must encode. */
const PASSWORD = 'p@ss:w/rd?#é';

interface MailServerOptions extends SMTPServerOptions {
  /** 0: any port. */
  port?: number;
  /** Of another one, whose place it takes. */
  pair?: { key: string; cert: string };
  /** When it closes: at the end of the test, where nothing else is said. */
  closes?: (close: () => Promise<void>) => void;
}

/** A mail server (smtp-server) with STARTTLS and a password, as a relay has them; it keeps what it takes. */
export async function startMailServer({
  port = 0,
  closes = onTestFinished,
  pair: given,
  ...more
}: MailServerOptions = {}) {
  const pair = given ?? (await selfSigned('localhost'));
  const taken: TakenLetter[] = [];
  const asked: string[] = [];
  let recipient: (address: string) => Says = () => undefined;
  let afterData: (letter: TakenLetter) => Says | Promise<Says> = () => undefined;
  const act = (says: Says, session: string, done: (error?: Error) => void): void => {
    if (says === 'silence') return;
    if (says === 'die') [...server.connections].find(({ id }) => id === session)?._socket.destroy();
    else done(says === undefined ? undefined : refusal(says));
  };
  const server = new SMTPServer({
    ...pair,
    authMethods: ['PLAIN', 'LOGIN'],
    onAuth: ({ username, password }, _session, done) =>
      username === USER && password === PASSWORD ? done(null, { user: USER }) : done(refusal('535 5.7.8 refused')),
    onRcptTo: ({ address }, { id }, done) => {
      asked.push(address);
      act(recipient(address), id, done);
    },
    onData: (stream, session, done) => {
      const take = async (raw: Buffer) => {
        const { mailFrom, rcptTo } = session.envelope;
        const to = rcptTo.map(({ address }) => address);
        const letter = { from: mailFrom ? mailFrom.address : '', to, raw, secure: session.secure };
        const says = await afterData(letter);
        // A server that dies after the last dot may have the letter all the same.
        if (says === undefined || says === 'die') taken.push(letter);
        act(says, session.id, done);
      };
      // A client that leaves, or is cut, in the middle of its letter has sent none.
      buffer(stream).then(take, () => undefined);
    },
    ...more,
  });
  server.on('error', () => undefined);
  const listening = server.listen(port, '127.0.0.1');
  await once(listening, 'listening');
  const cut = () => {
    for (const connection of server.connections) connection._socket.destroy();
  };
  const close = () => {
    cut();
    return new Promise<void>((done) => server.close(() => done()));
  };
  closes(close);
  const { port: own } = listening.address() as AddressInfo;
  return {
    url: `smtp://${USER}:${encodeURIComponent(PASSWORD)}@localhost:${own}`,
    port: own,
    pair,
    ca: pair.cert,
    taken,
    /** Every recipient that somebody named to it. */
    asked,
    onRecipient: (says: typeof recipient) => {
      recipient = says;
    },
    onLetter: (says: typeof afterData) => {
      afterData = says;
    },
    /** Cuts every connection without a word. */
    cut,
    close,
  };
}

export type MailServer = Awaited<ReturnType<typeof startMailServer>>;

const refusal = (line: string): Error =>
  Object.assign(new Error(line.slice(4)), { responseCode: Number(line.slice(0, 3)) });
