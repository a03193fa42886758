import { HubError } from '../errors.ts';
import { type Actor, ROLES, type Role } from './actor.ts';

/**
 * Who may do what: the one table. ADMIN manages accounts, keys and endpoints, and may not publish by that role.
 * A VALIDATOR who edits becomes an editor of that content, and so may not approve it: the commands and PostgreSQL refuse
 * that; roles alone cannot.
 */
const WRITERS: readonly Role[] = ['EDITOR', 'VALIDATOR', 'DUTY_OFFICER'];
/** They lead the crisis cell. */
const HEADS: readonly Role[] = ['VALIDATOR', 'DUTY_OFFICER'];
const STAFF: readonly Role[] = ['EDITOR', 'VALIDATOR', 'DUTY_OFFICER', 'CHECKER'];
/** They approve for another organisation, and only what a rule of signature asks it for: the commands and queries of dossiers see to that. */
const SIGNERS: readonly Role[] = ['VALIDATOR', 'SIGNATORY'];
/** People whom a call may ring. */
const CALLED: readonly Role[] = ['VOLUNTEER', ...STAFF, 'SIGNATORY', 'ADMIN'];
const REPORTERS: readonly Role[] = ['VOLUNTEER', 'CHECKER'];
/** A MARSHAL holds a telephone in the street, which may be lost: it tells the hub what is seen there, and reads no desk. */
const MARSHALS: readonly Role[] = ['MARSHAL'];
/** A SCHEDULER sees and changes what it owns, an ADMIN everybody's: the commands of webhooks see to that. */
const SENDERS: readonly Role[] = ['SCHEDULER', 'ADMIN'];

export const PERMISSIONS = {
  draft: ['EDITOR'],
  adoptMessage: ['EDITOR', 'VALIDATOR'],
  revise: ['EDITOR', 'VALIDATOR'],
  openIncident: WRITERS,
  reviseIncident: WRITERS,
  /** A SIGNATORY those in which their organisation takes part. */
  readIncidentFiles: [...STAFF, 'SIGNATORY'],
  setIncidentLevel: HEADS,
  closeIncident: HEADS,
  reopenIncident: HEADS,
  readDutyRoster: ['VOLUNTEER', ...STAFF],
  readDutyCandidates: STAFF,
  saveShift: HEADS,
  removeShift: HEADS,
  /** Their own shift; HEADS that of others too. */
  handOver: ['VOLUNTEER', ...STAFF],
  takeOver: ['VOLUNTEER', ...STAFF],
  readSituationReports: STAFF,
  draftSituationReport: WRITERS,
  reviseSituationReport: WRITERS,
  removeSituationReport: WRITERS,
  freezeSituationReport: HEADS,
  /** A SIGNATORY those that wait for a signature of their organisation, or rang them for a flash; an ADMIN those to which ADMINs are called. */
  readCalls: [...STAFF, 'SIGNATORY', 'ADMIN'],
  takeCall: [...STAFF, 'SIGNATORY', 'ADMIN'],
  passCall: [...STAFF, 'SIGNATORY', 'ADMIN'],
  testCall: HEADS,
  /** Their own alone: the commands and queries see to that. */
  readContactPoints: CALLED,
  saveContactPoint: CALLED,
  confirmContactPoint: CALLED,
  removeContactPoint: CALLED,
  submitDossier: ['EDITOR'],
  comment: [...WRITERS, 'SIGNATORY'],
  requestDossierChanges: SIGNERS,
  approveDossier: SIGNERS,
  publishDossier: ['VALIDATOR'],
  publishDossierUrgently: ['DUTY_OFFICER'],
  cosignDossier: SIGNERS,
  abandonDossier: ['EDITOR', 'VALIDATOR'],
  verifyPublication: WRITERS,
  /** Those who wrote none of the revisions that hold the order: the command and PostgreSQL refuse the others. */
  confirmDecision: HEADS,
  cancelPublication: ['VALIDATOR'],
  giveAllClear: ['VALIDATOR'],
  observeClosure: [...WRITERS, ...MARSHALS],
  observeAidPoint: WRITERS,
  /** The words beside what was observed are public at once. */
  noteObservation: WRITERS,
  dossier: [...STAFF, 'SIGNATORY'],
  dossiers: [...STAFF, 'SIGNATORY'],
  lintAlert: STAFF,
  deskChanges: STAFF,
  readLog: STAFF,
  addLogLine: STAFF,
  /** Those who read what identifies people in reports. */
  maskLogLine: ['CHECKER', 'DUTY_OFFICER'],
  readReports: ['VOLUNTEER', ...STAFF],
  /** Those who say where something was seen. */
  readAddresses: ['VOLUNTEER', ...MARSHALS, ...STAFF],
  /** Readers of a list may take it away as a file; of what is public, staff. */
  exportReports: ['VOLUNTEER', ...STAFF],
  exportPublications: STAFF,
  exportLog: STAFF,
  /** Those who close an incident. */
  archiveIncident: HEADS,
  submitReport: [...REPORTERS, ...MARSHALS],
  addPicture: [...REPORTERS, ...MARSHALS],
  /** Those who read reports, and those who brought one that waits for its report. */
  readPictures: ['VOLUNTEER', ...STAFF, ...MARSHALS],
  attachPictures: REPORTERS,
  /** One that waits for a report, by its bringer. */
  removePicture: [...REPORTERS, ...MARSHALS],
  /** The same. */
  veilPicture: [...REPORTERS, ...MARSHALS],
  /** Either of one that a report has. */
  erasePicture: ['CHECKER'],
  claimReport: REPORTERS,
  /** Groups of questions, and the replies to paste: those who read reports. */
  readQuestions: ['VOLUNTEER', ...STAFF],
  groupQuestions: ['CHECKER'],
  addQuestions: ['CHECKER'],
  splitQuestionGroup: ['CHECKER'],
  dropQuestions: ['CHECKER'],
  reviseQuestionGroup: ['CHECKER'],
  /** The publication that answers is public already: nobody says anything new by it. */
  answerQuestions: STAFF,
  redirectQuestions: STAFF,
  /** A VOLUNTEER while on duty in a cell that sits, a MARSHAL of what they reported: the commands of flashes see to that. */
  flashReport: ['CHECKER', 'DUTY_OFFICER', 'MARSHAL', 'VOLUNTEER'],
  /** The contact of the Sdis is a SIGNATORY, who knows of what was sent there alone; staff note what they heard. */
  answerFlash: [...STAFF, 'SIGNATORY'],
  /** A VOLUNTEER and a MARSHAL what they sent. */
  withdrawFlash: ['CHECKER', 'DUTY_OFFICER', 'MARSHAL', 'VOLUNTEER'],
  readFlashes: ['VOLUNTEER', ...MARSHALS, 'SIGNATORY', ...STAFF],
  concludeReport: ['CHECKER'],
  markReportDuplicate: ['CHECKER'],
  dismissReport: ['CHECKER'],
  escalateReport: ['CHECKER'],
  reopenReport: ['CHECKER'],
  maskPeople: ['CHECKER'],
  readPersonalData: ['CHECKER', 'DUTY_OFFICER'],
  markReportPublic: ['VALIDATOR'],
  readWatchers: STAFF,
  addWatcher: STAFF,
  reviseWatcher: STAFF,
  removeWatcher: STAFF,
  acknowledgePost: ['SCHEDULER'],
  readWebhooks: SENDERS,
  addWebhook: SENDERS,
  reviseWebhook: SENDERS,
  removeWebhook: SENDERS,
  pauseWebhook: SENDERS,
  resumeWebhook: SENDERS,
  rotateWebhookKey: SENDERS,
  pingWebhook: SENDERS,
  replayWebhookDelivery: SENDERS,
  readAccounts: ['ADMIN'],
  disableAccount: ['ADMIN'],
  enableAccount: ['ADMIN'],
  readApiKeys: ['ADMIN'],
  createApiKey: ['ADMIN'],
  rotateApiKey: ['ADMIN'],
  revokeApiKey: ['ADMIN'],
  readSealedKeys: ['ADMIN'],
  withdrawSealedKey: ['ADMIN'],
  /** No role opens one: it takes the sealed key itself. */
  openSealedKey: [],
  changeAccountRoles: ['ADMIN'],
  approveAccountRoles: ['ADMIN'],
  readOrganisations: [...STAFF, 'ADMIN'],
  createOrganisation: ['ADMIN'],
  renameOrganisation: ['ADMIN'],
  closeOrganisation: ['ADMIN'],
  moveAccount: ['ADMIN'],
  setDirectNumbers: ['ADMIN'],
  readDirectNumbers: [...STAFF, 'ADMIN'],
  readSignatureRules: [...STAFF, 'SIGNATORY', 'ADMIN'],
  /** Two of them together put a rule in force, and end it: the commands and PostgreSQL see to that. */
  proposeSignatureRule: ['ADMIN'],
  approveSignatureRule: ['ADMIN'],
  endSignatureRule: ['ADMIN'],
  readInvitations: ['ADMIN'],
  inviteAccount: ['ADMIN'],
  approveInvitation: ['ADMIN'],
  withdrawInvitation: ['ADMIN'],
  /** So may somebody who has no account yet: see `invitation.resolver.ts`. */
  acceptInvitation: ROLES,
  /** Addresses of people are among what they read. */
  readInstitutions: [...WRITERS, 'ADMIN'],
  saveInstitution: ['EDITOR', 'ADMIN'],
  inviteMailbox: ['EDITOR', 'ADMIN'],
  removeMailbox: ['EDITOR', 'ADMIN'],
  mandateMailbox: ['ADMIN'],
  acknowledgeForInstitution: WRITERS,
  readSentPosts: [...STAFF, 'SCHEDULER'],
  readDeskSessions: ROLES,
  endDeskSession: ROLES,
  /** The same of everybody; without it one's own alone. */
  manageDeskSessions: ['ADMIN'],
} as const satisfies Record<string, readonly Role[]>;
export type Action = keyof typeof PERMISSIONS;

export const permits = (actor: Actor | null, action: Action): boolean =>
  actor?.roles.some((role) => (PERMISSIONS[action] as readonly Role[]).includes(role)) ?? false;

/** The same by another role than SIGNATORY, which may do so only where a signature of its organisation is asked for. */
export const permitsEverywhere = (actor: Actor | null, action: Action): boolean =>
  actor?.roles.some((role) => role !== 'SIGNATORY' && (PERMISSIONS[action] as readonly Role[]).includes(role)) ?? false;

/** Whether somebody may do as SIGNATORY alone what was permitted: only where a signature of their organisation is asked for. */
export const permitsWhereAsked = (actor: Actor, action: Action): boolean =>
  actor.roles.includes('SIGNATORY') && !permitsEverywhere(actor, action);

/** Throws UNAUTHENTICATED without an actor, FORBIDDEN for an actor without any of the roles that the action needs. */
export function demand(actor: Actor | null, action: Action): asserts actor is Actor {
  if (!actor) throw new HubError('UNAUTHENTICATED', `${action} needs a token: send it as "Authorization: Bearer …"`);
  if (!permits(actor, action))
    throw new HubError('FORBIDDEN', `${action} needs one of the roles ${PERMISSIONS[action].join(', ')}`);
}
