import { once } from 'node:events';
import { SMTPServer } from 'smtp-server';

/** A mail server of our own on this machine, without TLS, that takes every letter and notes when. */
export async function startRelay() {
  let taken = [];
  let raw;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    onData(stream, { envelope }, done) {
      const chunks = [];
      stream.on('data', (chunk) => chunks.push(chunk));
      stream.on('end', () => {
        raw = Buffer.concat(chunks);
        taken.push({ to: envelope.rcptTo[0].address, at: performance.now() });
        done();
      });
    },
  });
  // A sender that ends has its connections cut.
  server.on('error', () => undefined);
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  return {
    port: listening.address().port,
    /** The last letter, as it came over the wire. */
    last: () => raw,
    /** What came since the last call: of each letter its mailbox, and the moment at which it was whole. */
    take() {
      const all = taken;
      taken = [];
      return all;
    },
    count: () => taken.length,
    end: () => new Promise((done) => server.close(done)),
  };
}
