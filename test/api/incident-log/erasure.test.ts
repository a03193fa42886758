import type { EntityManager } from '@mikro-orm/postgresql';
import { afterAll, expect, it } from 'vitest';
import { openDatabase } from '../../../src/database/connection.ts';
import { sqlOver } from '../../../src/database/sql.ts';
import { entities } from '../../../src/entities.ts';
import { eraseLogPeople } from '../../../src/incident-log/erase-log.commands.ts';
import { verifyLogs } from '../../../src/incident-log/verify-logs.queries.ts';
import { verifyAudit } from '../../../src/office/audit.queries.ts';
import { onIncident } from '../../support/crisis-cell/incident-desk.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { openIncident } from '../../support/desk/desk.ts';
import { addLine, readLog } from '../../support/desk/log-desk.ts';
import { startHub, territory } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());
const database = await openDatabase({ url, entities });
afterAll(() => database.close());

const DAY_MS = 86_400_000;
/** Goes through what is due so many days from now. */
async function eraseAfter(days: number): Promise<number> {
  const now = new Date(Date.now() + days * DAY_MS);
  let seen = 0;
  for (;;) {
    const some = await eraseLogPeople(database.orm.em.fork() as EntityManager, now, territory);
    if (some === 0) return seen;
    seen += some;
  }
}
const close = (id: string, version: number) =>
  onIncident(hub, 'validator', 'closeIncident', { id, version, reason: 'Décrue.', leaveRunning: [] });
const verified = () =>
  withSession(url, async (session) => ({
    log: await verifyLogs(sqlOver(session)),
    audit: (await verifyAudit(sqlOver(session))).fault,
  }));

it('people go from the words of a log 90 days after its incident was closed, and its chain holds (I-60)', async () => {
  const [open, incident] = [await openIncident(hub, 'en-cours'), await openIncident(hub, 'fini')];
  const said = {
    kind: 'MESSAGE_IN',
    text: 'Mme Zerbino, 17 rue du Port, attend au 06 99 88 77 66 ou à z@example.org',
    sender: 'Gaspard Ilot, riverain',
    recipient: 'Maire de Longjumeau',
    means: 'téléphone 06 99 88 77 66',
  };
  const kept = await addLine(hub, open, said);
  await addLine(hub, incident, said);
  const plain = await addLine(hub, incident, { text: 'Le pont tient.' });
  for (let more = 0; more < 60; more++)
    await addLine(hub, incident, { text: `Cote ${more}, appeler le 06 99 88 77 66` });
  const closed = await close(incident, 1);

  expect(await eraseAfter(89.9)).toBe(0);
  const lines = (await readLog(hub, incident)).length;
  expect(await eraseAfter(90.1)).toBe(lines);
  const log = await readLog(hub, incident);
  expect(log.find(({ number }) => number === 1)).toMatchObject({
    text: 'Mme [personne], [numéro] rue du Port, attend au [téléphone 1] ou à [courriel 1]',
    sender: '[personne], riverain',
    recipient: 'Maire de Longjumeau',
    means: 'téléphone [téléphone 1]',
  });
  expect(log.find(({ id }) => id === plain.id)).toEqual(plain);
  for (const word of ['Zerbino', 'Gaspard', '99 88', 'z@example']) expect(JSON.stringify(log)).not.toContain(word);
  expect((await readLog(hub, open))[0]).toEqual(kept);
  expect(await verified()).toEqual({
    log: { logs: 2, lines: expect.any(Number), masked: 61, fault: null },
    audit: null,
  });

  // Once is enough; what is written after it has its own 90 days, and an incident that runs again keeps everything.
  expect(await eraseAfter(91)).toBe(0);
  const late = await addLine(hub, incident, said);
  expect(await eraseAfter(89)).toBe(0);
  const reopened = await onIncident(hub, 'validator', 'reopenIncident', {
    ...{ id: incident, version: closed.version, reason: 'L’eau remonte.' },
  });
  expect(await eraseAfter(200)).toBe(0);
  expect((await readLog(hub, incident)).find(({ id }) => id === late.id)).toEqual(late);
  await close(incident, reopened.version);
  expect(await eraseAfter(91)).toBeGreaterThan(0);
  expect((await readLog(hub, incident)).find(({ id }) => id === late.id)?.sender).toBe('[personne], riverain');
});

it('an erasure that the audit log does not tell of is found', async () => {
  await withSession(url, async (session) => {
    await session.query('set session_replication_role = replica');
    await session.query(`update audit_entry set action = 'addLogLine' where action = 'eraseLogLine'`);
  });
  expect((await verified()).log.fault).toMatch(/people were taken out of line 1 .* and the audit log does not say so/);
});
