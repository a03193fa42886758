import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqlOver } from '../../../src/database/sql.ts';
import { verifyAudit } from '../../../src/office/audit.queries.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { countingDesk } from '../../support/desk/counting-desk.ts';
import { useEveryMutation } from '../../support/desk/every-mutation.ts';
import { LOOPBACK } from '../../support/desk/webhook-desk.ts';
import { feedServer } from '../../support/receivers/feed-server.ts';

/**
 * How many statements each mutation sends at most, over the public API and on all that it can be about: BEGIN and COMMIT,
 * the doorbell, the read of the journal behind it and the reads of the answer are among them. A figure only goes down.
 */
const MOST: Record<string, number> = {
  abandon: 14,
  acknowledgePost: 12,
  addWatcher: 6,
  addWebhook: 10,
  adoptMessage: 18,
  allClear: 18,
  approve: 14,
  cancel: 19,
  changeWatcher: 8,
  changeWebhook: 10,
  claimReport: 9,
  concludeReport: 12,
  confirmStillTrue: 10,
  cosign: 16,
  delayEvent: 39,
  dismissReport: 11,
  draftAdvice: 13,
  draftAlert: 17,
  draftClosure: 15,
  draftCorrection: 16,
  draftEvent: 14,
  escalateReport: 8,
  markDuplicate: 13,
  markReportPublic: 10,
  maskPeople: 10,
  observeClosure: 10,
  openIncident: 5,
  pauseWebhook: 12,
  pingWebhook: 7,
  publish: 30,
  publishUrgently: 25,
  readPersonalData: 6,
  removeWatcher: 6,
  removeWebhook: 6,
  reopenReport: 10,
  replayWebhookDelivery: 7,
  requestChanges: 14,
  resumeWebhook: 10,
  reviseAdvice: 18,
  reviseAlert: 21,
  reviseClosure: 20,
  reviseCorrection: 20,
  reviseEvent: 19,
  rotateWebhookKey: 14,
  submitForReview: 21,
  submitReport: 7,
};

const { url } = await testDatabase();
const feeds = await feedServer();
const desk = await countingDesk({ url, watchable: () => true, webhookTargets: LOOPBACK });
afterAll(() => desk.close());
beforeAll(() => useEveryMutation(desk, feeds));

describe('the statements of a mutation', () => {
  it('are counted for every mutation of the API', () => {
    expect(Object.keys(desk.counts).sort()).toEqual([...desk.mutations].sort());
  });

  it.each(Object.entries(MOST))('%s are at most %i', (name, most) => {
    expect(desk.counts[name]).toBeLessThanOrEqual(most);
  });
});

it('every call of every mutation leaves an audit entry with the person who made it, in one chain (I-14)', async () => {
  await withSession(url, async (session) => {
    const { rows } = await session.query<{ action: string }>('select action from audit_entry where actor is not null');
    // Drafts and revisions are one action, whatever the kind; a delay is recorded as a revision of its event.
    const actions = desk.calls.map((name) =>
      name === 'delayEvent' ? 'revise' : name.replace(/^(draft|revise)[A-Z]\w+$/, '$1'),
    );
    // The watcher submits the report that is adopted.
    expect(rows.map(({ action }) => action).sort()).toEqual([...actions, 'submitReport'].sort());
    expect((await verifyAudit(sqlOver(session))).fault).toBeNull();
  });
});
