import { describe, expect, it } from 'vitest';
import { answerOf } from '../../../src/mail/smtp-answer.rules.ts';

const at = (command: string, response: string) => ({
  code: 'EENVELOPE',
  command,
  response,
  responseCode: Number(response.slice(0, 3)),
});

describe('what a mail server answers', () => {
  it.each([
    ['550 5.1.1 <x@y.example>: user unknown', 'l’adresse est refusée (550 5.1.1)'],
    ['550 5.1.10 recipient not found', 'l’adresse est refusée (550 5.1.10)'],
    ['550 5.2.1 mailbox disabled', 'l’adresse est refusée (550 5.2.1)'],
    ['550 no such user here', 'l’adresse est refusée (550)'],
    ['550 5.0.0 unrouteable', 'l’adresse est refusée (550 5.0.0)'],
  ])('%j to a recipient says that the mailbox is not there', (response, fault) => {
    expect(answerOf(at('RCPT TO', response))).toEqual({ kind: 'refused', status: 550, fault });
  });

  it.each([
    ['RCPT TO', '451 4.7.1 greylisted, try again', 'le relais demande d’attendre (451 4.7.1)'],
    ['RCPT TO', '452 4.2.2 mailbox full', 'le relais demande d’attendre (452 4.2.2)'],
    ['RCPT TO', '552 5.2.2 mailbox full', 'le relais refuse la lettre (552 5.2.2)'],
    ['RCPT TO', '554 5.7.1 relay access denied', 'le relais refuse la lettre (554 5.7.1)'],
    ['DATA', '554 5.7.1 spam', 'le relais refuse la lettre (554 5.7.1)'],
    ['DATA', '550 5.1.1 too late to say so', 'le relais refuse la lettre (550 5.1.1)'],
    ['DATA', '451 4.3.0 try again', 'le relais demande d’attendre (451 4.3.0)'],
  ])('at %s %j sends this letter again, and says nothing of the mailbox', (command, response, fault) => {
    expect(answerOf(at(command, response))).toEqual({ kind: 'later', status: Number(response.slice(0, 3)), fault });
  });

  it.each([
    [{ code: 'ESOCKET' }, 'injoignable, ou certificat refusé'],
    [{ code: 'ECONNECTION', command: 'CONN' }, 'connexion coupée'],
    [{ code: 'ETIMEDOUT', command: 'CONN' }, 'pas de réponse à temps'],
    [{ code: 'ETLS', command: 'STARTTLS' }, 'pas de TLS'],
    [at('AUTH PLAIN', '535 5.7.8 refused'), '535 5.7.8'],
    [at('MAIL FROM', '553 5.7.1 sender refused'), '553 5.7.1'],
    [at('RCPT TO', '421 4.3.2 closing'), '421 4.3.2'],
    [{}, 'sans réponse'],
  ])('%j is of everybody’s letters', (error, words) => {
    const { responseCode: status = null } = error as { responseCode?: number };
    expect(answerOf(error)).toEqual({ kind: 'away', status, fault: `le relais ne prend rien (${words})` });
  });

  it('is never repeated in the server’s own words', () => {
    const { fault } = answerOf(at('RCPT TO', '550 5.1.1 <script>maire@ville.example</script>'));
    expect(fault).not.toMatch(/script|maire/);
  });
});
