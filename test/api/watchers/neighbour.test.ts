import { afterAll, expect, it } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, publishNew, release, revise, type Written } from '../../support/desk/desk.ts';
import { adoptMessage, confirmReport } from '../../support/desk/relaying.ts';
import { type Brought, watchDesk } from '../../support/desk/watch-desk.ts';
import { startHub } from '../../support/hub/hub.ts';

const SENDER = 'voisin.example';
const { url: theirs } = await testDatabase();
const { url: ours } = await testDatabase();
const neighbour = await startHub({ url: theirs, capSender: SENDER });
const hub = await startHub({ url: ours, watchable: (address) => address === '127.0.0.1' });
afterAll(() => Promise.all([neighbour.close(), hub.close()]));
const desk = watchDesk({ hub, databaseUrl: ours });
const feed = `${neighbour.url}/feeds/alerts.atom`;

/** What is public here of a dossier. */
const publicly = async (id: string) =>
  (
    await hub.as().request<{ publication: object }>(
      `query ($id: ID!) { publication(id: $id) { state revision text { headline description instruction }
         source { name relayed reference } ... on AlertPublication { severity } } }`,
      { id },
    )
  ).publication;

/** The newest report that the neighbour's feed brought, once it has been read again. */
async function newest(id: string, count: number): Promise<Brought> {
  await expect.poll(() => desk.again({ id }), { timeout: 60_000 }).toMatchObject({ fault: null, reports: count });
  const report = (await desk.brought(feed)).at(-1);
  if (!report) throw new Error('nothing was brought');
  return report;
}

it('one Tocsin relays another: its alert, its Update and its Cancel arrive from /feeds/alerts.atom and are adopted', async () => {
  const alert = await publishNew(neighbour);
  const watcher = await desk.watch(feed, { trustedSenders: [SENDER], communes: ['91345'] });
  const first = await newest(watcher.id, 1);
  expect(first.origin).toMatchObject({
    msgType: 'Alert',
    reference: expect.stringContaining(`${SENDER},`),
    firstReportId: null,
  });
  const adopted = await adoptMessage(hub, first.id);
  await confirmReport(hub, first.id);
  const dossier = await release(hub, adopted);
  expect(await publicly(dossier.id)).toEqual({
    state: 'IN_FORCE',
    revision: 1,
    text: {
      headline: 'L’Yvette déborde à Longjumeau',
      description: 'Le bas de la ville est inondé.',
      instruction: 'Éloignez-vous des berges.',
    },
    source: { name: expect.any(String), relayed: true, reference: first.origin.reference },
    severity: 'SEVERE',
  });

  const revised = await release(
    neighbour,
    await revise(neighbour, 'Alert', alert, alertInput({ severity: 'MODERATE' })),
  );
  const update = await newest(watcher.id, 2);
  expect(update.origin).toMatchObject({ msgType: 'Update', firstReportId: first.id });
  const again = await adoptMessage(hub, update.id);
  expect(again.id).toBe(dossier.id);
  await confirmReport(hub, update.id);
  await release(hub, again);
  expect(await publicly(dossier.id)).toMatchObject({ state: 'IN_FORCE', revision: 2, severity: 'MODERATE' });

  await withdraw(revised);
  const cancel = await newest(watcher.id, 3);
  expect(cancel.origin).toMatchObject({ msgType: 'Cancel', firstReportId: first.id });
  expect(await adoptMessage(hub, cancel.id, 'validator')).toMatchObject({ id: dossier.id });
  expect(await publicly(dossier.id)).toMatchObject({ state: 'CANCELLED' });
});

const withdraw = ({ id, version }: Written) =>
  neighbour
    .as('validator')
    .request(
      'mutation ($id: ID!, $version: Int!) { cancelPublication(id: $id, version: $version, reason: "Décrue.") { dossier { id } } }',
      { id, version },
    );
