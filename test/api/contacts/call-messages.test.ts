import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import {
  type CallingDesk,
  callAbout,
  callingDesk,
  callsOf,
  passCall,
  takeCall,
  testCall,
  untilCall,
  untilRung,
} from '../../support/crisis-cell/calling-desk.ts';
import { confirmedPoint, linkOf, mailTo, pointInput, savePoint } from '../../support/crisis-cell/contact-desk.ts';
import { withSession } from '../../support/database/cluster.ts';
import { alertInput, draft, openIncident, step, type Written } from '../../support/desk/desk.ts';
import { mailBy } from '../../support/institutions/mail-desk.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { startMailServer } from '../../support/receivers/mail-server.ts';

/** Calls that ring at contact points, by a relay that a test has answer as it likes. */
const relay = await startMailServer({ closes: afterAll });
const printed = new PassThrough();
let log = '';
printed.on('data', (chunk: Buffer) => {
  log += chunk.toString();
});
const withMail = { logger: pino({ level: 'trace' }, printed), more: { mail: mailBy(relay) } };
let desk: CallingDesk | undefined;
afterEach(async () => {
  relay.onRecipient(() => undefined);
  relay.onLetter(() => undefined);
  await desk?.close();
  desk = undefined;
});

let count = 0;
/** Puts two validators on duty, each with a contact point; answers their addresses. */
async function twoOnDuty({ account, url, onDuty }: CallingDesk): Promise<[string, string]> {
  count += 1;
  const addresses = [`un-${count}@essonne.example`, `deux-${count}@essonne.example`] as const;
  await onDuty('validator', 'VALIDATOR');
  await onDuty('validator2', 'VALIDATOR', { rank: 2 });
  await confirmedPoint(url, account('validator'), addresses[0]);
  await confirmedPoint(url, account('validator2'), addresses[1]);
  return [...addresses];
}
const submitted = async ({ hub }: CallingDesk, more: object = {}): Promise<Written> =>
  step(hub, 'submitDossier', 'editor', await draft(hub, 'Alert', alertInput(more)));
const stepsOf = async ({ hub }: CallingDesk, { id }: { id: string }) =>
  (await callAbout(hub, id)).steps.map(({ way, outcome }) => `${way} ${outcome}`);
const untilSteps = (at: CallingDesk, dossier: { id: string }, wanted: string[]) =>
  expect.poll(() => stepsOf(at, dossier), { timeout: PATIENCE_MS }).toEqual(wanted);
const takenFor = (address: string) => relay.taken.filter(({ to }) => to[0] === address).length;
const rows = async ({ url }: CallingDesk, query: string) =>
  withSession(url, async (session) => (await session.query(query)).rows as Record<string, unknown>[]);

/** Words of a dossier that no message, log line or figure may hold. */
const CANARY = {
  headline: 'Kanarienvogel évacuez',
  description: 'Le lieudit Serinusville est sous l’eau.',
  instruction: 'Rejoignez le gymnase Canariste.',
};
const WORDS = /kanarienvogel|serinusville|canariste|longjumeau|inond|évacu|editeur|claire/i;

describe('a call', () => {
  it('rings by e-mail, without a word of what it is about (I-59)', async () => {
    desk = await callingDesk(withMail);
    const { hub, account, url } = desk;
    await desk.onDuty('validator', 'VALIDATOR');
    const address = 'canari@essonne.example';
    await confirmedPoint(url, account('validator'), address);
    const dossier = await submitted(desk, { texts: [{ language: 'fr-FR', ...CANARY }], severity: 'EXTREME' });
    const [letter] = await mailTo(relay, address, 1);
    const { nextAt } = await callAbout(hub, dossier.id);
    const hour = nextAt?.slice(11, 16).replace(':', ' h ');
    expect(letter!.subject).toBe(`Tocsin 91 : relecture demandée, gravité extrême. Avant ${hour}.`);
    expect(letter!.text).toMatch(
      /^Tocsin 91 : relecture demandée, gravité extrême\. Avant \d\d h \d\d\. http\S+\/desk\/a\/[\w-]{22}$/,
    );
    expect(letter!.text.startsWith(letter!.subject)).toBe(true);
    expect(letter!.html).toBe('');
    expect(letter!.headers['list-unsubscribe']).toBeUndefined();
    expect(letter!.headers['auto-submitted']).toBe('auto-generated');
    await untilSteps(desk, dossier, ['DESK ACCEPTED', 'EMAIL ACCEPTED']);
    const raw = relay.taken.find(({ to }) => to[0] === address)!.raw.toString();
    const stored = JSON.stringify(await rows(desk, `select words, fault from contact_message`));
    const audit = JSON.stringify(await rows(desk, 'select * from audit_entry'));
    const figures = await (await fetch(`${hub.url}/metrics`)).text();
    for (const text of [letter!.subject, letter!.text, raw, stored]) expect(text).not.toMatch(WORDS);
    for (const text of [log, audit, figures]) expect(text).not.toMatch(/canari|kanari/i);
  });

  it('of an exercise says so first', async () => {
    desk = await callingDesk(withMail);
    const { hub, account, url, onDuty } = desk;
    const id = await openIncident(hub, 'exercice-appels', 'EXERCISE');
    await onDuty('validator', 'VALIDATOR', { incident: id });
    await confirmedPoint(url, account('validator'), 'exercice@essonne.example');
    const texts = [{ language: 'fr-FR', headline: 'EXERCICE Crue', description: 'Essai.', instruction: 'Rien.' }];
    await submitted(desk, { mode: 'EXERCISE', incidentId: id, texts });
    const [letter] = await mailTo(relay, 'exercice@essonne.example', 1);
    expect(letter!.subject).toMatch(/^EXERCICE Tocsin 91 : relecture demandée/);
  });

  it('rings the next people by their own points, and a test the person tested', async () => {
    desk = await callingDesk(withMail);
    const { hub, account, pass } = desk;
    const [first, second] = await twoOnDuty(desk);
    const dossier = await submitted(desk);
    await mailTo(relay, first, 1);
    expect(takenFor(second)).toBe(0);
    pass(10);
    await mailTo(relay, second, 1);
    await untilSteps(desk, dossier, ['DESK ACCEPTED', 'EMAIL ACCEPTED', 'DESK ACCEPTED', 'EMAIL ACCEPTED']);
    // A point gets one message in two minutes.
    pass(2);
    await testCall(hub, 'duty', account('validator2'));
    const letters = await mailTo(relay, second, 2);
    expect(letters[1]!.subject).toContain('essai d’appel. Avant');
    await takeCall(hub, 'validator', (await callAbout(hub, dossier.id)).id);
    await untilSteps(desk, dossier, ['DESK ANSWERED', 'EMAIL ANSWERED', 'DESK ACCEPTED', 'EMAIL ACCEPTED']);
  });

  it('rings nobody at a point that is not confirmed, or whose account is disabled', async () => {
    desk = await callingDesk(withMail);
    const { hub, account, url, onDuty } = desk;
    await onDuty('validator', 'VALIDATOR');
    await savePoint(hub, 'validator', pointInput('pas-encore@essonne.example'));
    await mailTo(relay, 'pas-encore@essonne.example', 1);
    const unconfirmed = await submitted(desk);
    await untilRung(hub, unconfirmed.id, [account('validator')]);
    expect(await stepsOf(desk, unconfirmed)).toEqual(['DESK ACCEPTED']);
    relay.onRecipient(() => '451 4.7.1 later');
    await confirmedPoint(url, account('validator'), 'ferme@essonne.example');
    const other = await submitted(desk);
    await untilSteps(desk, other, ['DESK ACCEPTED', 'EMAIL WAITING']);
    await expect.poll(() => relay.asked.includes('ferme@essonne.example'), { timeout: PATIENCE_MS }).toBe(true);
    await withSession(url, (session) =>
      session.query(`update account set disabled_at = now(), version = version + 1 where id = $1`, [
        account('validator'),
      ]),
    );
    relay.onRecipient(() => undefined);
    desk.pass(1);
    await testCall(hub, 'duty', account('checker'));
    await expect.poll(async () => (await callsOf(hub, { reasons: ['TEST'] }))[0]?.steps.length).toBe(1);
    expect(takenFor('ferme@essonne.example')).toBe(0);
  });
});

describe('an answer', () => {
  /** Has the relay put letters off, until a message waits; answers the dossier and how to let letters through. */
  async function waiting(at: CallingDesk) {
    const [first, second] = await twoOnDuty(at);
    relay.onRecipient(() => '451 4.7.1 later');
    const dossier = await submitted(at);
    await untilSteps(at, dossier, ['DESK ACCEPTED', 'EMAIL WAITING']);
    await expect.poll(() => relay.asked.includes(first), { timeout: PATIENCE_MS }).toBe(true);
    const { id } = await callAbout(at.hub, dossier.id);
    return { first, second, dossier, call: id };
  }
  /** Lets letters through, and a message that would still wait leave: another call has rung by then. */
  async function letThrough(at: CallingDesk) {
    relay.onRecipient(() => undefined);
    at.pass(2);
    const probe = `sonde-${count}@essonne.example`;
    await confirmedPoint(at.url, at.account('checker'), probe);
    await testCall(at.hub, 'duty', at.account('checker'));
    await mailTo(relay, probe, 1);
  }

  it.each(['takeCall', 'passCall', 'approveDossier'] as const)(
    'by %s stops what was not sent yet, on every hub, for good (I-58)',
    async (deed) => {
      desk = await callingDesk(withMail);
      const { hub } = desk;
      const second = await desk.second({ more: { mail: mailBy(relay) } });
      const { first, dossier, call } = await waiting(desk);
      if (deed === 'takeCall') await takeCall(second, 'validator2', call);
      else if (deed === 'passCall') await passCall(second, 'validator', call);
      else await step(second, 'approveDossier', 'validator', dossier);
      expect((await stepsOf(desk, dossier)).slice(0, 2)).toEqual([
        deed === 'passCall' ? 'DESK ANSWERED' : 'DESK ACCEPTED',
        'EMAIL STOPPED',
      ]);
      await letThrough(desk);
      expect(takenFor(first)).toBe(0);
      expect(await callsOf(hub)).not.toEqual([]);
    },
  );
});

describe('a relay', () => {
  it('that died after it had taken a message gets it again with the same Message-ID', async () => {
    desk = await callingDesk(withMail);
    const [first] = await twoOnDuty(desk);
    relay.onLetter(() => 'die');
    const dossier = await submitted(desk);
    await expect.poll(() => takenFor(first), { timeout: PATIENCE_MS }).toBeGreaterThan(0);
    relay.onLetter(() => undefined);
    const at = desk;
    await expect
      .poll(
        async () => {
          at.clock.set(new Date(at.clock.now().getTime() + 1000));
          return (await stepsOf(at, dossier))[1];
        },
        { timeout: PATIENCE_MS },
      )
      .toBe('EMAIL ACCEPTED');
    const letters = await mailTo(relay, first, 2);
    expect(new Set(letters.map(({ messageId }) => messageId)).size).toBe(1);
    expect(new Set(relay.taken.filter(({ to }) => to[0] === first).map(({ raw }) => raw.toString())).size).toBe(1);
  });

  it('that refuses the address ends that step, and the next people are rung all the same', async () => {
    desk = await callingDesk(withMail);
    const [first, second] = await twoOnDuty(desk);
    relay.onRecipient((address) => (address === first ? '550 5.1.1 unknown' : undefined));
    const dossier = await submitted(desk);
    await untilSteps(desk, dossier, ['DESK ACCEPTED', 'EMAIL FAILED']);
    desk.pass(10);
    await mailTo(relay, second, 1);
  });

  it('that takes nothing until others are rung makes the step fail', async () => {
    desk = await callingDesk(withMail);
    await twoOnDuty(desk);
    relay.onRecipient(() => '451 4.7.1 later');
    const dossier = await submitted(desk);
    await untilSteps(desk, dossier, ['DESK ACCEPTED', 'EMAIL WAITING']);
    desk.pass(10);
    await untilSteps(desk, dossier, ['DESK ACCEPTED', 'EMAIL FAILED', 'DESK ACCEPTED', 'EMAIL WAITING']);
  });
});

describe('of several hubs', () => {
  it('one sends each message, however many look at once', async () => {
    desk = await callingDesk(withMail);
    for (let more = 0; more < 2; more += 1) await desk.second({ more: { mail: mailBy(relay) } });
    const { hub, pass } = desk;
    const [first, second] = await twoOnDuty(desk);
    const dossier = await submitted(desk);
    await mailTo(relay, first, 1);
    pass(16);
    await mailTo(relay, second, 1);
    pass(10);
    await untilCall(hub, dossier.id, ({ state }) => state === 'EXHAUSTED');
    for (const address of [first, second]) expect((await mailTo(relay, address, 1)).map(linkOf)).toHaveLength(1);
  });

  it('another one sends what a hub that died had in hand (I-52)', async () => {
    desk = await callingDesk(withMail);
    const { url } = desk;
    const [first] = await twoOnDuty(desk);
    relay.onRecipient(() => '451 4.7.1 later');
    const dossier = await submitted(desk);
    await untilSteps(desk, dossier, ['DESK ACCEPTED', 'EMAIL WAITING']);
    await expect.poll(() => relay.asked.includes(first), { timeout: PATIENCE_MS }).toBe(true);
    // As a hub leaves it that is killed in the middle of an attempt.
    await expect
      .poll(
        () =>
          withSession(
            url,
            async (session) =>
              (
                await session.query(
                  `update contact_message set lease = gen_random_uuid(), leased_until = clock_timestamp() + interval '2 seconds'
                   where outcome = 'WAITING' and lease is null`,
                )
              ).rowCount,
          ),
        { timeout: PATIENCE_MS },
      )
      .toBe(1);
    relay.onRecipient(() => undefined);
    desk.pass(1);
    await mailTo(relay, first, 1);
    await untilSteps(desk, dossier, ['DESK ACCEPTED', 'EMAIL ACCEPTED']);
  });
});
