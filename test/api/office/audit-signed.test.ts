import { afterAll, expect, it } from 'vitest';
import { SetClock } from '../../../src/clock.ts';
import { sqlOver } from '../../../src/database/sql.ts';
import { verifyAudit } from '../../../src/office/audit.queries.ts';
import { verifySignatures } from '../../../src/office/audit-signature.queries.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { draft } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const clock = new SetClock(new Date());
const hub = await startHub({ url, clock });
afterAll(() => hub.close());

const signatures = () => withSession(url, (session) => verifySignatures(sqlOver(session)));
const later = (minutes: number) => clock.set(new Date(clock.now().getTime() + minutes * 60_000));

it('a running hub signs what was done, an hour after it signed last', async () => {
  await draft(hub, 'Alert');
  // It looked once at an empty log, and looks again within a minute.
  later(2);
  await expect.poll(async () => (await signatures()).count).toBe(1);
  await draft(hub, 'Alert');
  later(61);
  await expect.poll(async () => (await signatures()).count).toBe(2);
  const { sound } = await withSession(url, (session) => verifyAudit(sqlOver(session)));
  expect(await signatures()).toMatchObject({ fault: null, last: { position: sound, at: clock.now() } });
});
