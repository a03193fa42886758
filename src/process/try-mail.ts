import { randomUUID } from 'node:crypto';
import type { Config } from '../config.ts';
import { readMailAddress } from '../mail/mail-address.rules.ts';
import { Mailer } from '../mail/mailer.ts';

const TEXT = [
  'Ceci est un essai d’envoi : aucune alerte n’est en cours, et rien ne vous est demandé.',
  'Les lettres d’alerte partent par le même serveur et portent la même signature.',
].join('\n\n');

/**
 * Sends a letter to an address by the relay of the settings, as alerts are sent, and tells what became of it. Throws where the settings
 * name no relay, or the address is none.
 */
export async function tryMail(
  { mail, publicUrl = 'http://localhost:4000' }: Pick<Config, 'mail' | 'publicUrl'>,
  args: readonly string[],
): Promise<{ told: string; isTaken: boolean }> {
  if (!mail) throw new Error('TOCSIN_SMTP_URL, TOCSIN_MAIL_FROM: expected, since letters are to be sent');
  const to = args.length === 1 ? readMailAddress(args[0] ?? '') : undefined;
  if (to === undefined) throw new Error('say where to: npm run mail:try -- quelqu.un@example.fr');
  const mailer = new Mailer(mail);
  try {
    const html = TEXT.split('\n\n').map((paragraph) => `<p>${paragraph}</p>`);
    const letter = {
      ...{ id: `try.${randomUUID()}`, to, subject: 'Essai d’envoi', text: TEXT, html: html.join('') },
      ...{ language: 'fr-FR', at: new Date(), follows: [], leaveUrl: `${publicUrl}/` },
    };
    const answer = await mailer.send(letter, new AbortController().signal);
    const { relay, dkim } = mail;
    if (answer.kind === 'sent')
      return {
        told: `${relay.host} took a letter for ${to}${dkim ? ', signed' : ', not signed here'}.`,
        isTaken: true,
      };
    return { told: `${relay.host} did not take a letter for ${to}: ${answer.fault}.`, isTaken: false };
  } finally {
    await mailer.close();
  }
}
