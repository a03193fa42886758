import { Client } from 'pg';
import { afterAll, expect, it } from 'vitest';
import { CHANNEL } from '../../../src/journal/listen.ts';
import { AUDIT_CHANNEL } from '../../../src/office/audit.commands.ts';
import { testDatabase } from '../../support/database/database.ts';
import { draft, hoursFromNow, publishNew, refusal, step } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const hub = await startHub({ url });
const session = new Client({ connectionString: url });
let heard: string[] = [];
let ends = 0;
session.on('notification', ({ channel, payload }) => {
  if (payload === 'end') ends += 1;
  else heard.push(channel);
});
await session.connect();
for (const channel of [CHANNEL, AUDIT_CHANNEL]) await session.query(`listen ${channel}`);
afterAll(async () => {
  await session.end();
  await hub.close();
});

/** Waits until all that was notified so far was heard: PostgreSQL notifies in the order of commits, and a client hears it later. */
async function catchUp(): Promise<void> {
  const end = ends + 1;
  await session.query(`select pg_notify('${AUDIT_CHANNEL}', 'end')`);
  await expect.poll(() => ends).toBe(end);
}

/** The channels that were notified while something was done; none that was notified before. */
async function notifiedBy<T>(act: () => Promise<T>): Promise<{ channels: string[]; result: T }> {
  await catchUp();
  heard = [];
  const result = await act();
  await catchUp();
  return { channels: heard, result };
}

const submitReport = () =>
  hub
    .as('volunteer')
    .request<{ submitReport: { report: { id: string } } }>(
      'mutation ($input: FieldReportInput!) { submitReport(input: $input) { report { id } } }',
      { input: { text: 'De l’eau rue Gambetta', channel: 'CALL', seenAt: hoursFromNow(-1), commune: '91326' } },
    );

it('notifies the journal’s channel where a command publishes', async () => {
  const { channels } = await notifiedBy(() => publishNew(hub));
  expect(channels).toContain(CHANNEL);
});

it('does not where a command publishes nothing, and notifies of each audit entry all the same', async () => {
  const { channels, result } = await notifiedBy(submitReport);
  expect(channels).toEqual([AUDIT_CHANNEL]);
  const { id } = result.submitReport.report;
  const claimed = await notifiedBy(() =>
    hub.as('checker').request('mutation ($id: ID!) { claimReport(id: $id) { report { id } } }', { id }),
  );
  expect(claimed.channels).toEqual([AUDIT_CHANNEL]);
  const written = await notifiedBy(() => draft(hub, 'Alert'));
  expect(written.channels).toEqual([AUDIT_CHANNEL]);
});

it('notifies nobody where a command is refused', async () => {
  const written = await draft(hub, 'Alert');
  const { channels, result } = await notifiedBy(() => refusal(step(hub, 'publishDossier', 'validator', written)));
  expect(result.code).toBe('WRONG_STAGE');
  expect(channels).toEqual([]);
});
