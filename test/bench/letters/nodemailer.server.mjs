import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createTransport } from 'nodemailer';

/**
 * nodemailer alone: what is posted has it send one letter to each of so many mailboxes, over as many connections as a hub has. It
 * keeps nothing, so that whatever is under way when it dies is lost.
 */
const { RELAY_PORT, LETTER, LETTERS, PORT } = process.env;
const { subject, text, html } = JSON.parse(readFileSync(LETTER, 'utf8'));
const transport = createTransport({
  pool: true,
  maxConnections: 4,
  host: '127.0.0.1',
  port: Number(RELAY_PORT),
  ignoreTLS: true,
  disableFileAccess: true,
  disableUrlAccess: true,
});

const send = (number) => {
  const id = randomUUID();
  return transport.sendMail({
    from: { name: 'Alerte Essonne', address: 'alerte@essonne.example' },
    to: `m${number}@ville.example`,
    subject,
    text,
    html,
    textEncoding: 'quoted-printable',
    messageId: `<${id}@essonne.example>`,
    headers: { 'Auto-Submitted': 'auto-generated', 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
    list: { unsubscribe: `http://localhost/mail/leave/${id}` },
  });
};

const server = createServer(async (_request, response) => {
  await Promise.all(Array.from({ length: Number(LETTERS) }, (_, number) => send(number + 1)));
  response.end('sent');
});
server.listen(Number(PORT), '127.0.0.1', () => console.log(JSON.stringify({ serving: PORT })));
