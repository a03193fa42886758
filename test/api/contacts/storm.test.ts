import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { parisTime } from '../../../src/clock.ts';
import {
  type CallingDesk,
  callAbout,
  callingDesk,
  callsOf,
  takeCall,
  untilCall,
} from '../../support/crisis-cell/calling-desk.ts';
import {
  confirmedPoint,
  linkOf,
  mailTo,
  pointInput,
  pointsOf,
  savePoint,
} from '../../support/crisis-cell/contact-desk.ts';
import { withSession } from '../../support/database/cluster.ts';
import { alertInput, draft, refusal, step, type Written } from '../../support/desk/desk.ts';
import { mailBy } from '../../support/institutions/mail-desk.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { startMailServer } from '../../support/receivers/mail-server.ts';

/** Many calls at once, and calls at night: what a person gets of them at a contact point. */
const relay = await startMailServer({ closes: afterAll });
let desk: CallingDesk | undefined;
afterEach(async () => {
  await desk?.close();
  desk = undefined;
});
let count = 0;
async function onDuty(quiet: string | null = null): Promise<CallingDesk & { address: string }> {
  desk = await callingDesk({ more: { mail: mailBy(relay) } });
  await desk.onDuty('validator', 'VALIDATOR');
  count += 1;
  const address = `orage-${count}@essonne.example`;
  const point = await confirmedPoint(desk.url, desk.account('validator'), address);
  if (quiet !== null)
    await withSession(desk.url, (session) =>
      session.query('update contact_point set quiet_from = $2, quiet_to = $3 where id = $1', [
        point,
        ...quiet.split('-'),
      ]),
    );
  return { ...desk, address };
}
const submitted = async ({ hub }: CallingDesk, more: object = {}): Promise<Written> =>
  step(hub, 'submitDossier', 'editor', await draft(hub, 'Alert', alertInput(more)));
const emailOf = async ({ hub }: CallingDesk, { id }: Written) =>
  (await callAbout(hub, id)).steps.filter(({ way }) => way === 'EMAIL').map(({ outcome }) => outcome);
const takenFor = (address: string) => relay.taken.filter(({ to }) => to[0] === address).length;

describe('twenty calls within a minute', () => {
  it('are one message, then one for all others that wait, and what was answered is not among them', async () => {
    const at = await onDuty();
    const dossiers: Written[] = [];
    for (let made = 0; made < 20; made += 1) dossiers.push(await submitted(at));
    const last = dossiers.at(-1)!;
    await untilCall(at.hub, last.id, ({ steps }) => steps.some(({ way }) => way === 'EMAIL'));
    await mailTo(relay, at.address, 1);
    await expect.poll(() => emailOf(at, dossiers[0]!), { timeout: PATIENCE_MS }).toEqual(['ACCEPTED']);
    const waiting = (await Promise.all(dossiers.map((one) => emailOf(at, one)))).filter(([one]) => one === 'WAITING');
    expect(waiting).toHaveLength(19);
    await step(at.hub, 'approveDossier', 'validator', dossiers[7]!);
    await takeCall(at.hub, 'validator2', (await callAbout(at.hub, dossiers[8]!.id)).id);
    at.pass(2);
    const letters = await mailTo(relay, at.address, 2);
    expect(letters[1]!.subject).toBe('Tocsin 91 : 17 appels vous attendent.');
    expect(linkOf(letters[1]!)).not.toBe('');
    for (const one of dossiers.slice(9))
      await expect.poll(() => emailOf(at, one), { timeout: PATIENCE_MS }).toEqual(['ACCEPTED']);
    expect(await emailOf(at, dossiers[7]!)).toEqual(['STOPPED']);
    expect(await emailOf(at, dossiers[8]!)).toEqual(['STOPPED']);
    expect(takenFor(at.address)).toBe(2);
  });

  it('hold no second signature back', async () => {
    const at = await onDuty();
    for (let made = 0; made < 3; made += 1) await submitted(at);
    await mailTo(relay, at.address, 1);
    const urgent = await draft(at.hub, 'Alert', alertInput({ urgency: 'IMMEDIATE' }));
    await at.hub
      .as('duty')
      .request(
        `mutation ($id: ID!, $version: Int!) { publishDossierUrgently(id: $id, version: $version, reason: "Vies en danger") { asOf } }`,
        { id: urgent.id, version: urgent.version },
      );
    const letters = await mailTo(relay, at.address, 2);
    expect(letters[1]!.subject).toContain('seconde signature demandée');
  });
});

describe('quiet hours', () => {
  /** Ends in three hours, as clocks in Paris go. */
  const night = (at: Date) => {
    const hour = (hours: number) =>
      parisTime(new Date(at.getTime() + hours * 3600_000))
        .slice(11, 14)
        .concat('00');
    return `${hour(-2)}-${hour(3)}`;
  };

  it('hold back what can wait until they end, and nothing that is grave', async () => {
    const at = await onDuty(night(new Date()));
    const mild = await submitted(at, { severity: 'MODERATE' });
    await expect.poll(() => emailOf(at, mild), { timeout: PATIENCE_MS }).toEqual(['WAITING']);
    await submitted(at, { severity: 'SEVERE' });
    const [grave] = await mailTo(relay, at.address, 1);
    expect(grave!.subject).toContain('gravité forte');
    const now = at.clock.now().getTime();
    const end = Math.floor((now + 3 * 3600_000) / 3600_000) * 3600_000;
    at.pass(Math.ceil((end - now) / 60_000));
    await expect.poll(async () => (await emailOf(at, mild))[0], { timeout: PATIENCE_MS }).toBe('ACCEPTED');
    expect((await callsOf(at.hub)).length).toBeGreaterThan(0);
  });

  it('are a person’s own, and are read strictly', async () => {
    const at = await onDuty();
    const { hub } = at;
    const input = pointInput('nuit@essonne.example', { quietHours: { from: '22:00', to: '06:30' } });
    await savePoint(hub, 'editor', input);
    expect((await pointsOf(hub, 'editor'))[0]).toMatchObject({ quietHours: { from: '22:00', to: '06:30' } });
    for (const [quietHours, path] of [
      [{ from: '24:00', to: '06:30' }, 'input.quietHours.from'],
      [{ from: '22:00', to: '6:30' }, 'input.quietHours.to'],
      [{ from: '22:00', to: '22:00' }, 'input.quietHours.to'],
    ] as const) {
      const { code, fields } = await refusal(savePoint(hub, 'checker', { ...input, quietHours }));
      expect([code, (fields as { path: string }[])[0]?.path]).toEqual(['INVALID_INPUT', path]);
    }
  });
});
