import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqlOver } from '../../../src/database/sql.ts';
import { verifyAudit } from '../../../src/office/audit.queries.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { countingDesk } from '../../support/desk/counting-desk.ts';
import { useEveryMutation } from '../../support/desk/every-mutation.ts';
import { LOOPBACK } from '../../support/desk/webhook-desk.ts';
import { DEAD_RELAY } from '../../support/institutions/mail-desk.ts';
import { pushSecrets } from '../../support/push/push-desk.ts';
import { feedServer } from '../../support/receivers/feed-server.ts';
import { pushTargets } from '../../support/receivers/push-service.ts';

/**
 * How many statements each mutation sends at most, over the public API and on all that it can be about: BEGIN and COMMIT,
 * the doorbell, the read of the journal behind it and the reads of the answer are among them. A figure only goes down, but for a
 * rule that is new: pings and replays ask whether the owner is enabled,
 * invitations into an organisation whether that is open; deeds on dossiers and reports ask for their incident and leave a line in its log;
 * those that leave a decision to others open a call; an incident has its first period; a cosignature is an approval as well;
 * people are taken out of the flash about a report, too.
 */
const MOST: Record<string, number> = {
  abandonDossier: 9,
  acceptInvitation: 11,
  acknowledgeForInstitution: 5,
  acknowledgePost: 11,
  addLogLine: 7,
  addQuestions: 11,
  addWatcher: 6,
  addWebhook: 10,
  adoptMessage: 13,
  answerFlash: 14,
  answerQuestions: 13,
  approveAccountRoles: 9,
  approveDossier: 10,
  approveInvitation: 9,
  approveSignatureRule: 9,
  attachPictures: 11,
  cancelPublication: 14,
  changeAccountRoles: 9,
  claimReport: 7,
  closeIncident: 11,
  closeOrganisation: 8,
  concludeReport: 9,
  confirmContactPoint: 8,
  confirmDecision: 12,
  confirmPush: 2,
  cosignDossier: 11,
  createApiKey: 8,
  createOrganisation: 7,
  delayEvent: 26,
  disableAccount: 7,
  dismissReport: 8,
  draftAdvice: 8,
  draftAidPoint: 10,
  draftAlert: 12,
  draftClosure: 10,
  draftCorrection: 11,
  draftEvent: 9,
  draftSituationReport: 7,
  dropQuestions: 10,
  enableAccount: 7,
  endDeskSession: 6,
  endSignatureRule: 9,
  escalateReport: 9,
  flashReport: 15,
  freezeSituationReport: 13,
  giveAllClear: 12,
  groupQuestions: 11,
  handOver: 11,
  inviteAccount: 7,
  inviteMailbox: 8,
  mandateMailbox: 7,
  markReportDuplicate: 10,
  markReportPublic: 7,
  maskLogLine: 8,
  maskPeople: 10,
  moveAccount: 8,
  observeAidPoint: 7,
  observeClosure: 9,
  openIncident: 6,
  openSealedKey: 9,
  passCall: 8,
  pauseWebhook: 12,
  pingWebhook: 8,
  proposeSignatureRule: 7,
  publishDossier: 16,
  publishDossierUrgently: 14,
  readPersonalData: 6,
  removeContactPoint: 8,
  removeMailbox: 7,
  removePicture: 10,
  redirectQuestions: 12,
  removePush: 1,
  removeShift: 7,
  removeSituationReport: 6,
  removeWatcher: 6,
  removeWebhook: 6,
  renameOrganisation: 9,
  reopenIncident: 10,
  reopenReport: 9,
  replayWebhookDelivery: 8,
  requestDossierChanges: 10,
  resumeWebhook: 10,
  reviseAdvice: 12,
  reviseAidPoint: 14,
  reviseAlert: 15,
  reviseClosure: 14,
  reviseCorrection: 14,
  reviseEvent: 13,
  reviseIncident: 9,
  reviseQuestionGroup: 8,
  reviseSituationReport: 8,
  reviseWatcher: 8,
  reviseWebhook: 10,
  revokeApiKey: 11,
  rotateApiKey: 9,
  rotateWebhookKey: 14,
  saveContactPoint: 14,
  saveInstitution: 9,
  savePush: 7,
  saveShift: 10,
  setDirectNumbers: 7,
  setIncidentLevel: 10,
  splitQuestionGroup: 14,
  submitDossier: 15,
  submitReport: 6,
  takeCall: 9,
  takeOver: 13,
  testCall: 7,
  veilPicture: 16,
  verifyPublication: 9,
  withdrawFlash: 13,
  withdrawInvitation: 9,
  withdrawSealedKey: 10,
};

const { url } = await testDatabase();
const feeds = await feedServer();
const push = pushSecrets();
const more = { mail: DEAD_RELAY, push, pushTargets: await pushTargets() };
const desk = await countingDesk({ url, watchable: () => true, webhookTargets: LOOPBACK, more });
afterAll(() => desk.close());
beforeAll(() => useEveryMutation(desk, feeds, push));

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
    // Subscriptions to push are nobody's deed.
    const deeds = desk.calls.filter((name) => !/Push$/.test(name));
    // Drafts and revisions are one action, whatever the kind; a delay is recorded as a revision of its event.
    const actions = deeds.map((name) =>
      name === 'delayEvent'
        ? 'revise'
        : name.replace(/^(draft|revise)(?!Watcher|Webhook|Incident|SituationReport|QuestionGroup)[A-Z]\w+$/, '$1'),
    );
    // The watcher submits the report that is adopted.
    expect(rows.map(({ action }) => action).sort()).toEqual([...actions, 'submitReport'].sort());
    expect((await verifyAudit(sqlOver(session))).fault).toBeNull();
  });
});
