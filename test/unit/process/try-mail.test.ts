import { expect, it } from 'vitest';
import { readConfig } from '../../../src/config.ts';
import { tryMail } from '../../../src/process/try-mail.ts';
import { readByMailparser } from '../../support/receivers/mail-readers.ts';
import { startMailServer } from '../../support/receivers/mail-server.ts';

const configFor = (port: number) =>
  readConfig({ TOCSIN_SMTP_URL: `smtp://127.0.0.1:${port}`, TOCSIN_MAIL_FROM: 'Alerte <alerte@essonne.example>' });

it('an operator sees that a letter leaves, and why none does', async () => {
  const server = await startMailServer({ disabledCommands: ['STARTTLS', 'AUTH'] });
  const config = configFor(server.port);
  const taken = await tryMail(config, ['Quelqu.un@Ville.example']);
  expect(taken).toEqual({
    told: '127.0.0.1 took a letter for Quelqu.un@ville.example, not signed here.',
    isTaken: true,
  });
  const read = await readByMailparser(server.taken[0]!.raw);
  expect(read).toMatchObject({ to: ['Quelqu.un@ville.example'], subject: 'Essai d’envoi' });
  server.onRecipient(() => '550 5.1.1 unknown');
  expect(await tryMail(config, ['x@ville.example'])).toEqual({
    told: '127.0.0.1 did not take a letter for x@ville.example: l’adresse est refusée (550 5.1.1).',
    isTaken: false,
  });
});

it('says what is missing', async () => {
  await expect(tryMail(readConfig({}), ['a@ville.example'])).rejects.toThrow(
    'TOCSIN_SMTP_URL, TOCSIN_MAIL_FROM: expected',
  );
  await expect(tryMail(configFor(1), [])).rejects.toThrow('say where to');
  await expect(tryMail(configFor(1), ['a@ville.example, b@ville.example'])).rejects.toThrow('say where to');
});
