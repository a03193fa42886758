import { afterAll, expect, it } from 'vitest';
import { sqlOver } from '../../../src/database/sql.ts';
import { until } from '../../../src/development/embedded/processes.ts';
import { takeBounce } from '../../../src/process/take-bounce.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, publishNew } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';
import { institutions, lettersTo, mailBy, mandated } from '../../support/institutions/mail-desk.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { deliveryReport } from '../../support/receivers/delivery-reports.ts';
import { startMailServer } from '../../support/receivers/mail-server.ts';

/** Reports of mail servers behind the relay, as they come to the sender of letters. */
const { url } = await testDatabase();
const relay = await startMailServer({ closes: afterAll });
const hub = await startHub({ url, more: { mail: mailBy(relay) } });
afterAll(() => hub.close());

const alert = (headline: string) =>
  alertInput({ texts: [{ language: 'fr-FR', headline, description: 'En bas.', instruction: 'Montez.' }] });
const take = (text: string): Promise<string> =>
  withSession(url, (session) =>
    takeBounce(
      sqlOver(session),
      (async function* () {
        yield Buffer.from(text);
      })(),
    ),
  );
const mailboxOf = async (address: string) => (await institutions(hub, address))[0]!.mailboxes[0]!;
const stateOf = async (letter: string) =>
  withSession(url, async (session) => {
    const { rows } = await session.query<{ state: string; status: number | null; fault: string | null }>(
      'select state, status, fault from letter where id = $1',
      [letter],
    );
    return rows[0];
  });
/** Has a letter on an alert taken; answers its id and all that a server gives back of it. */
async function sent(address: string, headline: string) {
  const { id: publication } = await publishNew(hub, 'Alert', alert(headline));
  const [letter] = await lettersTo(relay, address, 1, headline);
  const id = /<([\da-f-]{36})@/.exec(letter!.messageId)?.[1] ?? '';
  await until(async () => (await stateOf(id))?.state === 'SENT', PATIENCE_MS);
  const returned = relay.taken.find(({ raw }) => raw.includes(id))!.raw.toString();
  return { id, publication, returned };
}

it('marks the mailbox that is not there for the desk, and the alert as not received', async () => {
  const address = 'partie@ville.example';
  await mandated(hub, address);
  const { id, publication, returned } = await sent(address, 'Renvoi un');
  const report = deliveryReport({ returned });
  expect(await take(report)).toBe(`Letter ${id} did not arrive (5.1.1): its mailbox is marked for the desk.`);
  expect(await stateOf(id)).toEqual({ state: 'REFUSED', status: null, fault: 'l’adresse n’existe pas (5.1.1)' });
  expect(await mailboxOf(address)).toMatchObject({
    state: 'MANDATED',
    bouncingSince: expect.any(String),
    fault: 'l’adresse n’existe pas (5.1.1)',
  });
  const { notices } = await hub
    .as('editor')
    .request<{ notices: { nodes: { state: string }[] } }>(
      'query ($publication: ID!) { notices(publication: $publication) { nodes { state } } }',
      { publication },
    );
  expect(notices.nodes).toEqual([{ state: 'REFUSED' }]);
  expect(await take(report)).toBe(`Letter ${id} is not on its way from here: nothing is changed.`);

  // The relay takes the next one as well, which proves nothing.
  await sent(address, 'Renvoi deux');
  expect((await mailboxOf(address)).bouncingSince).not.toBeNull();
  // After a week without a further report it does.
  await withSession(url, (session) =>
    session.query(`update letter set ended_at = ended_at - interval '8 days' where id = $1`, [id]),
  );
  await sent(address, 'Renvoi trois');
  expect(await until(async () => (await mailboxOf(address)).bouncingSince === null, PATIENCE_MS)).toBe(true);
});

it('tells a letter that did not arrive otherwise, and leaves its mailbox', async () => {
  const address = 'pleine@ville.example';
  await mandated(hub, address);
  const { id, returned } = await sent(address, 'Boîte pleine');
  expect(await take(deliveryReport({ status: '5.2.2', diagnosis: 'smtp; 552 5.2.2 full', returned }))).toBe(
    `Letter ${id} did not arrive (5.2.2): its mailbox stays as it is.`,
  );
  expect(await stateOf(id)).toMatchObject({ state: 'REFUSED', fault: 'la lettre n’est pas arrivée (5.2.2)' });
  expect((await mailboxOf(address)).bouncingSince).toBeNull();
});

it('leaves everything as it is after any other message, and tells no word of it', async () => {
  const address = 'bien@ville.example';
  await mandated(hub, address);
  const { id, returned } = await sent(address, 'Bien arrivée');
  const forged = returned.replaceAll(id, '00000000-0000-4000-8000-000000000001');
  for (const message of [
    deliveryReport({ action: 'delayed', status: '4.4.1', returned }),
    deliveryReport({ returned: forged }),
    `${returned}\n\nAction: failed\nStatus: 5.1.1`,
    deliveryReport({ returned: `${returned}${'x'.repeat(300_000)}` }),
  ])
    expect(await take(message)).toMatch(/^[^@]*: nothing is changed\.$/);
  expect(await stateOf(id)).toMatchObject({ state: 'SENT' });
  expect((await mailboxOf(address)).bouncingSince).toBeNull();
});
