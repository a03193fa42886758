import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
  abandon: 16,
  acknowledgePost: 14,
  addWatcher: 7,
  addWebhook: 11,
  adoptMessage: 19,
  allClear: 36,
  approve: 19,
  cancel: 37,
  changeWatcher: 10,
  changeWebhook: 12,
  claimReport: 11,
  concludeReport: 14,
  confirmStillTrue: 13,
  cosign: 18,
  delayEvent: 43,
  dismissReport: 13,
  draftAdvice: 14,
  draftAlert: 18,
  draftClosure: 16,
  draftCorrection: 17,
  draftEvent: 15,
  escalateReport: 10,
  markDuplicate: 15,
  markReportPublic: 12,
  maskPeople: 12,
  observeClosure: 13,
  openIncident: 6,
  pauseWebhook: 14,
  pingWebhook: 9,
  publish: 49,
  publishUrgently: 45,
  readPersonalData: 8,
  removeWatcher: 8,
  removeWebhook: 8,
  reopenReport: 12,
  replayWebhookDelivery: 9,
  requestChanges: 18,
  resumeWebhook: 12,
  reviseAdvice: 21,
  reviseAlert: 24,
  reviseClosure: 23,
  reviseCorrection: 23,
  reviseEvent: 22,
  rotateWebhookKey: 16,
  submitForReview: 39,
  submitReport: 8,
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
