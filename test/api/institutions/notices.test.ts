import { afterAll, describe, expect, it } from 'vitest';
import { SetClock } from '../../../src/clock.ts';
import { until } from '../../../src/development/embedded/processes.ts';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, closureInput, publishNew, refusal, release, revise } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';
import { lettersTo, linkIn, mailBy, mandated, post } from '../../support/institutions/mail-desk.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { startMailServer } from '../../support/receivers/mail-server.ts';

const { url } = await testDatabase();
const relay = await startMailServer({ closes: afterAll });
const clock = new SetClock(new Date());
const hub = await startHub({ url, clock, more: { mail: mailBy(relay) } });
afterAll(() => hub.close());

interface SeenNotice {
  state: string;
  revision: number;
  acknowledgedAs: string | null;
  institution: { id: string; name: string };
}

async function notices(publication: string, unreadForMinutes: number | null = null): Promise<SeenNotice[]> {
  const { notices: page } = await hub.as('duty').request<{ notices: { nodes: SeenNotice[] } }>(
    `query ($publication: ID!, $unreadForMinutes: Int) {
       notices(publication: $publication, unreadForMinutes: $unreadForMinutes, first: 100) {
         nodes { id state revision acknowledgedAs institution { id name } } } }`,
    { publication, unreadForMinutes },
  );
  return page.nodes;
}
const alert = (headline: string, more: object = {}) =>
  alertInput({
    texts: [{ language: 'fr-FR', headline, description: `${headline}, en bas.`, instruction: 'Montez.' }],
    ...more,
  });
const note = (institution: string, publication: string, takenBy = 'Astreinte, par téléphone') =>
  hub
    .as('duty')
    .request(
      'mutation ($institution: ID!, $publication: ID!, $takenBy: String!) { acknowledgeForInstitution(institution: $institution, publication: $publication, takenBy: $takenBy) { notice { state } } }',
      { institution, publication, takenBy },
    );
const sent = (publication: string, count = 1) =>
  until(async () => (await notices(publication)).filter(({ state }) => state === 'SENT').length >= count, PATIENCE_MS);

describe('an alert', () => {
  it('is read where a person says who takes charge, and by nothing else (I-56)', async () => {
    const [one, other] = ['maire@lu.example', 'astreinte@lu.example'] as const;
    await mandated(hub, one, { communes: ['91345'] });
    await mandated(hub, other, { communes: ['91345'] });
    const { id } = await publishNew(hub, 'Alert', alert('Lu un'));
    const [letter] = await lettersTo(relay, one, 1, 'Lu un');
    await lettersTo(relay, other, 1, 'Lu un');
    await sent(id, 2);
    const link = linkIn(letter!, 'read');
    // Programs that check mail: one looks at every link, one sends the forms that it finds, one follows the one-click link's way.
    for (const method of ['GET', 'HEAD']) await fetch(`${hub.url}${link}`, { method });
    for (const body of ['', 'as=', 'as=x', 'as=constructor', 'List-Unsubscribe=One-Click', 'as=mayor&as=on-call'])
      expect((await post(hub, link, body)).status).toBe(400);
    expect((await notices(id)).map(({ state }) => state)).toEqual(['SENT', 'SENT']);
    const page = await (await fetch(`${hub.url}${link}`)).text();
    expect(page).toContain('type="radio"');
    expect(page).not.toContain('checked');
    expect((await post(hub, link, 'as=on-call')).status).toBe(200);
    // The first who says so stays.
    expect(await (await post(hub, link, 'as=mayor')).text()).toContain('Astreinte');
    const read = (await notices(id)).map(({ state, acknowledgedAs }) => [state, acknowledgedAs]);
    expect(read.sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1))).toEqual([
      ['ACKNOWLEDGED', 'Astreinte'],
      ['SENT', null],
    ]);
  });

  it('asks anew when it rings, and not when it is no louder', async () => {
    const address = 'a@sonne.example';
    const { id: institution } = await mandated(hub, address, { communes: ['91345'] });
    const first = await publishNew(hub, 'Alert', alert('Sonne un', { severity: 'MODERATE' }));
    await lettersTo(relay, address, 1, 'Sonne');
    await note(institution, first.id);
    const quiet = await release(hub, await revise(hub, 'Alert', first, alert('Sonne deux', { severity: 'MODERATE' })));
    await lettersTo(relay, address, 2, 'Sonne');
    const mine = async () => (await notices(first.id)).find((one) => one.institution.id === institution);
    expect(await mine()).toMatchObject({
      state: 'ACKNOWLEDGED',
      revision: 1,
      acknowledgedAs: 'Astreinte, par téléphone',
    });
    const louder = alert('Sonne trois', { severity: 'SEVERE' });
    await release(hub, await revise(hub, 'Alert', quiet, louder));
    await lettersTo(relay, address, 3, 'Sonne');
    await until(async () => (await mine())?.state === 'SENT', PATIENCE_MS);
    expect(await mine()).toMatchObject({ revision: 3, acknowledgedAs: null });
  });

  it('that nobody has read for ten minutes is told to the desk', async () => {
    const { id: institution } = await mandated(hub, 'b@tard.example', { communes: ['91345'] });
    const { id } = await publishNew(hub, 'Alert', alert('Tard un'));
    await lettersTo(relay, 'b@tard.example', 1, 'Tard');
    const names = async () => (await notices(id, 10)).map((one) => one.institution.id);
    expect(await names()).toEqual([]);
    clock.set(new Date(clock.now().getTime() + 11 * 60_000));
    expect(await names()).toContain(institution);
    await note(institution, id);
    expect(await names()).not.toContain(institution);
    expect(await refusal(notices(id, -1))).toMatchObject({ code: 'INVALID_INPUT' });
  });
});

it('a closed road asks nobody who takes charge, and an institution that was not written to has read nothing', async () => {
  const address = 'c@route.example';
  const { id: institution } = await mandated(hub, address, { kinds: ['CLOSURE'] });
  const { id } = await publishNew(hub, 'Closure', closureInput());
  const [letter] = await lettersTo(relay, address, 1, 'D31');
  expect(letter!.text).not.toContain('/mail/read/');
  expect(await notices(id)).toEqual([]);
  expect(await refusal(note(institution, id))).toMatchObject({ code: 'NOT_FOUND' });
});
