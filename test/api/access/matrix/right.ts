/**
 * What is right: who may use which field, at which stage, and who is shown what. Written by hand, from the documents; it
 * imports nothing, so that no fault of the hub can make itself right here.
 */
export const CALLERS = [
  'NOBODY',
  'UNINVITED',
  'VOLUNTEER',
  'CHECKER',
  'EDITOR',
  'VALIDATOR',
  'SIGNATORY',
  'DUTY_OFFICER',
  'SCHEDULER',
  'MARSHAL',
  'ADMIN',
] as const;
export type Caller = (typeof CALLERS)[number];
type May = Readonly<Record<string, readonly Caller[]>>;

const WRITERS: Caller[] = ['EDITOR', 'VALIDATOR', 'DUTY_OFFICER'];
const STAFF: Caller[] = [...WRITERS, 'CHECKER'];
/** They lead the crisis cell. */
const HEADS: Caller[] = ['VALIDATOR', 'DUTY_OFFICER'];
/** In the matrix a rule asks everybody's organisation for a signature of every alert, which one approval meets. */
const SIGNERS: Caller[] = ['VALIDATOR', 'SIGNATORY'];
/** People whom a call may ring. */
const CALLED: Caller[] = ['VOLUNTEER', ...STAFF, 'SIGNATORY', 'ADMIN'];
const REPORTERS: Caller[] = ['VOLUNTEER', 'CHECKER'];
const SENDERS: Caller[] = ['SCHEDULER', 'ADMIN'];

/** Which roles may use each field that is not public. */
export const MAY: May = {
  dossier: [...STAFF, 'SIGNATORY'],
  dossiers: [...STAFF, 'SIGNATORY'],
  lintAlert: STAFF,
  reports: ['VOLUNTEER', ...STAFF],
  report: ['VOLUNTEER', ...STAFF],
  questionGroups: ['VOLUNTEER', ...STAFF],
  questionGroup: ['VOLUNTEER', ...STAFF],
  questions: ['VOLUNTEER', ...STAFF],
  similarQuestions: ['VOLUNTEER', ...STAFF],
  groupQuestions: ['CHECKER'],
  addQuestions: ['CHECKER'],
  splitQuestionGroup: ['CHECKER'],
  dropQuestions: ['CHECKER'],
  reviseQuestionGroup: ['CHECKER'],
  answerQuestions: STAFF,
  redirectQuestions: STAFF,
  flashes: ['VOLUNTEER', 'MARSHAL', 'SIGNATORY', ...STAFF],
  flash: ['VOLUNTEER', 'MARSHAL', 'SIGNATORY', ...STAFF],
  flashReport: ['CHECKER', 'DUTY_OFFICER', 'MARSHAL', 'VOLUNTEER'],
  answerFlash: [...STAFF, 'SIGNATORY'],
  withdrawFlash: ['CHECKER', 'DUTY_OFFICER', 'MARSHAL', 'VOLUNTEER'],
  addresses: ['VOLUNTEER', 'MARSHAL', ...STAFF],
  addressAt: ['VOLUNTEER', 'MARSHAL', ...STAFF],
  draftAlert: ['EDITOR'],
  draftAdvice: ['EDITOR'],
  draftEvent: ['EDITOR'],
  draftClosure: ['EDITOR'],
  draftCorrection: ['EDITOR'],
  draftAidPoint: ['EDITOR'],
  reviseAlert: ['EDITOR', 'VALIDATOR'],
  reviseAdvice: ['EDITOR', 'VALIDATOR'],
  reviseEvent: ['EDITOR', 'VALIDATOR'],
  reviseClosure: ['EDITOR', 'VALIDATOR'],
  reviseCorrection: ['EDITOR', 'VALIDATOR'],
  reviseAidPoint: ['EDITOR', 'VALIDATOR'],
  adoptMessage: ['EDITOR', 'VALIDATOR'],
  openIncident: WRITERS,
  reviseIncident: WRITERS,
  incidentFile: [...STAFF, 'SIGNATORY'],
  incidentFiles: [...STAFF, 'SIGNATORY'],
  setIncidentLevel: HEADS,
  closeIncident: HEADS,
  reopenIncident: HEADS,
  dutyRoster: ['VOLUNTEER', ...STAFF],
  rosterHoles: ['VOLUNTEER', ...STAFF],
  dutyCandidates: STAFF,
  saveShift: HEADS,
  removeShift: HEADS,
  handOver: ['VOLUNTEER', ...STAFF],
  takeOver: ['VOLUNTEER', ...STAFF],
  situationReport: STAFF,
  printSituationReport: STAFF,
  draftSituationReport: WRITERS,
  reviseSituationReport: WRITERS,
  removeSituationReport: WRITERS,
  freezeSituationReport: HEADS,
  calls: [...STAFF, 'SIGNATORY', 'ADMIN'],
  takeCall: [...STAFF, 'SIGNATORY', 'ADMIN'],
  passCall: [...STAFF, 'SIGNATORY', 'ADMIN'],
  testCall: HEADS,
  contactPoints: CALLED,
  saveContactPoint: CALLED,
  confirmContactPoint: CALLED,
  removeContactPoint: CALLED,
  delayEvent: ['EDITOR', 'VALIDATOR'],
  submitDossier: ['EDITOR'],
  requestDossierChanges: SIGNERS,
  approveDossier: SIGNERS,
  publishDossier: ['VALIDATOR'],
  publishDossierUrgently: ['DUTY_OFFICER'],
  cosignDossier: SIGNERS,
  abandonDossier: ['EDITOR', 'VALIDATOR'],
  verifyPublication: WRITERS,
  confirmDecision: HEADS,
  cancelPublication: ['VALIDATOR'],
  giveAllClear: ['VALIDATOR'],
  observeClosure: [...WRITERS, 'MARSHAL'],
  observeAidPoint: WRITERS,
  submitReport: [...REPORTERS, 'MARSHAL'],
  addPicture: [...REPORTERS, 'MARSHAL'],
  readPictures: ['VOLUNTEER', 'MARSHAL', ...STAFF],
  attachPictures: REPORTERS,
  removePicture: [...REPORTERS, 'MARSHAL'],
  veilPicture: [...REPORTERS, 'MARSHAL'],
  claimReport: REPORTERS,
  concludeReport: ['CHECKER'],
  markReportDuplicate: ['CHECKER'],
  dismissReport: ['CHECKER'],
  escalateReport: ['CHECKER'],
  reopenReport: ['CHECKER'],
  maskPeople: ['CHECKER'],
  readPersonalData: ['CHECKER', 'DUTY_OFFICER'],
  markReportPublic: ['VALIDATOR'],
  watchers: STAFF,
  addWatcher: STAFF,
  reviseWatcher: STAFF,
  removeWatcher: STAFF,
  institutions: [...WRITERS, 'ADMIN'],
  letterService: [...WRITERS, 'ADMIN'],
  saveInstitution: ['EDITOR', 'ADMIN'],
  inviteMailbox: ['EDITOR', 'ADMIN'],
  removeMailbox: ['EDITOR', 'ADMIN'],
  mandateMailbox: ['ADMIN'],
  notices: [...WRITERS, 'ADMIN'],
  acknowledgeForInstitution: WRITERS,
  webhooks: SENDERS,
  webhookDeliveries: SENDERS,
  addWebhook: SENDERS,
  reviseWebhook: SENDERS,
  removeWebhook: SENDERS,
  pauseWebhook: SENDERS,
  resumeWebhook: SENDERS,
  rotateWebhookKey: SENDERS,
  pingWebhook: SENDERS,
  replayWebhookDelivery: SENDERS,
  acknowledgePost: ['SCHEDULER'],
  accounts: ['ADMIN'],
  disableAccount: ['ADMIN'],
  enableAccount: ['ADMIN'],
  changeAccountRoles: ['ADMIN'],
  approveAccountRoles: ['ADMIN'],
  organisations: [...STAFF, 'ADMIN'],
  createOrganisation: ['ADMIN'],
  renameOrganisation: ['ADMIN'],
  closeOrganisation: ['ADMIN'],
  setDirectNumbers: ['ADMIN'],
  moveAccount: ['ADMIN'],
  signatureRules: [...STAFF, 'SIGNATORY', 'ADMIN'],
  proposeSignatureRule: ['ADMIN'],
  approveSignatureRule: ['ADMIN'],
  endSignatureRule: ['ADMIN'],
  invitations: ['ADMIN'],
  inviteAccount: ['ADMIN'],
  approveInvitation: ['ADMIN'],
  withdrawInvitation: ['ADMIN'],
  acceptInvitation: CALLERS.filter((caller) => isLetIn(caller)),
  apiKeys: ['ADMIN'],
  createApiKey: ['ADMIN'],
  rotateApiKey: ['ADMIN'],
  revokeApiKey: ['ADMIN'],
  sealedKeys: ['ADMIN'],
  withdrawSealedKey: ['ADMIN'],
  // No role opens one: it takes the sealed key itself.
  openSealedKey: [],
  outdatedPosts: [...STAFF, 'SCHEDULER'],
  deskChanges: STAFF,
  log: STAFF,
  logLines: STAFF,
  addLogLine: STAFF,
  maskLogLine: ['CHECKER', 'DUTY_OFFICER'],
  exportReports: ['VOLUNTEER', ...STAFF],
  exportPublications: STAFF,
  exportLog: STAFF,
  archiveIncident: HEADS,
  deskSessions: CALLERS.filter((caller) => isLetIn(caller)),
  endDeskSession: CALLERS.filter((caller) => isLetIn(caller)),
};

/** What is no field: the addresses at which staff take lists, and archives of incidents, away as files. */
export const EXPORTS: Readonly<Record<string, string>> = {
  exportReports: '/desk/exports/reports.csv',
  exportPublications: '/desk/exports/publications.csv',
  exportLog: '/desk/exports/log.csv',
  archiveIncident: '/desk/exports/incident.ndjson',
};

/** Nor are the pages of the desk. */
export const DESK_PAGES: Readonly<Record<string, string>> = { printSituationReport: '/desk/situation-reports' };

/** The addresses at which pictures come, and are looked at. */
export const PICTURE_ADDRESSES: Readonly<Record<string, string>> = {
  addPicture: '/desk/pictures',
  readPictures: '/desk/pictures/{id}',
};

/** What anybody may ask. */
export const PUBLIC = [
  'alerts',
  'changes',
  'commune',
  'communes',
  // Anybody has an app told by push, and shows by a code and a secret that it is theirs.
  'confirmPush',
  'hazards',
  'incident',
  'incidents',
  'publication',
  'publications',
  'pushKey',
  'removePush',
  'savePush',
  'situation',
  'situations',
  'socialPosts',
  'viewer',
];

/** Why a caller is refused before anything else is looked at; undefined where the caller is let in. */
export function refusalOf(field: string, caller: Caller, may: May = MAY): string | undefined {
  return isLetIn(caller) ? mayUse(field, caller, may) : 'UNAUTHENTICATED';
}

/** Whether a caller is somebody of the desk. A good token of somebody to whom nobody gave a role lets nobody in. */
export function isLetIn(caller: Caller): boolean {
  return caller !== 'NOBODY' && caller !== 'UNINVITED';
}

function mayUse(field: string, caller: Caller, may: May): string | undefined {
  return may[field]?.includes(caller) ? undefined : 'FORBIDDEN';
}

/** How far a dossier has come. URGENT: published urgently, and not cosigned; REVISED: public, and a new revision in hand. */
export const DOSSIER_STAGES = [
  'DRAFT',
  'IN_REVIEW',
  'CHANGES_REQUESTED',
  'APPROVED',
  'SCHEDULED',
  'PUBLISHED',
  'URGENT',
  'REVISED',
  'ABANDONED',
  'CANCELLED',
  'CLEARED',
  'ABSENT',
] as const;
export type DossierStage = (typeof DOSSIER_STAGES)[number];
export type Kind = 'Alert' | 'Event' | 'Closure' | 'Advice' | 'Correction' | 'AidPoint';

const OPEN: DossierStage[] = ['PUBLISHED', 'URGENT', 'REVISED'];
const IN_HAND: DossierStage[] = ['DRAFT', 'IN_REVIEW', 'CHANGES_REQUESTED', 'APPROVED', 'SCHEDULED', 'REVISED'];
const NEVER_PUBLIC: DossierStage[] = [
  'DRAFT',
  'IN_REVIEW',
  'CHANGES_REQUESTED',
  'APPROVED',
  'SCHEDULED',
  'ABANDONED',
  'ABSENT',
];

interface Deed {
  /** The kinds that it is tried on; alerts where none is named. */
  kinds?: readonly Kind[];
  /** The stages at which it is done. */
  at: readonly DossierStage[];
  /** Whether it names what is public alone, so that what never was public is not there for it. */
  ofPublic?: true;
}

const REVISE = { at: [...IN_HAND, 'PUBLISHED', 'URGENT'] } as const;
export const DOSSIER_DEEDS: Readonly<Record<string, Deed>> = {
  reviseAlert: REVISE,
  reviseEvent: { ...REVISE, kinds: ['Event'] },
  reviseClosure: { ...REVISE, kinds: ['Closure'] },
  reviseAdvice: { ...REVISE, kinds: ['Advice'] },
  reviseCorrection: { ...REVISE, kinds: ['Correction'] },
  reviseAidPoint: { ...REVISE, kinds: ['AidPoint'] },
  delayEvent: { ...REVISE, kinds: ['Event'] },
  submitDossier: { at: ['DRAFT', 'CHANGES_REQUESTED', 'REVISED'] },
  requestDossierChanges: { at: ['IN_REVIEW'] },
  approveDossier: { at: ['IN_REVIEW'] },
  publishDossier: { at: ['APPROVED', 'SCHEDULED'] },
  // A signature is missing of what was sent back.
  publishDossierUrgently: { at: ['DRAFT', 'IN_REVIEW', 'CHANGES_REQUESTED', 'REVISED'] },
  cosignDossier: { at: ['URGENT'] },
  abandonDossier: { at: IN_HAND },
  verifyPublication: { at: OPEN, ofPublic: true },
  confirmDecision: { at: OPEN, ofPublic: true },
  cancelPublication: { at: OPEN },
  giveAllClear: { at: OPEN },
  observeClosure: { at: OPEN, ofPublic: true, kinds: ['Closure'] },
  observeAidPoint: { at: OPEN, ofPublic: true, kinds: ['AidPoint'] },
};

/** How a deed on a dossier ends. */
export function dossierDeedEnds(field: string, stage: DossierStage, caller: Caller, may?: May): string {
  const refusal = refusalOf(field, caller, may);
  if (refusal) return refusal;
  const deed = DOSSIER_DEEDS[field];
  if (deed?.at.includes(stage)) return 'done';
  return stage === 'ABSENT' || (deed?.ofPublic && NEVER_PUBLIC.includes(stage)) ? 'NOT_FOUND' : 'WRONG_STAGE';
}

export const DOSSIER_FIELDS = [
  'approvals',
  'author',
  'comments',
  'contentHash',
  'cosignDueAt',
  'editors',
  'id',
  'kind',
  'lint',
  'minor',
  'orderCall',
  'outdatedNetworks',
  'posts',
  'preview',
  'publication',
  'publishAt',
  'reports',
  'revision',
  'signaturesMissing',
  'stage',
  'version',
] as const;

export const REPORT_STATES = [
  'NEW',
  'CLAIMED',
  'CONFIRMED',
  'PARTLY_CONFIRMED',
  'UNVERIFIABLE',
  'REFUTED',
  'OUTDATED',
  'ANSWERED',
  'DUPLICATE',
  'NOT_USEFUL',
  'ABSENT',
] as const;
export type ReportState = (typeof REPORT_STATES)[number];
const CHECKED: ReportState[] = ['CONFIRMED', 'PARTLY_CONFIRMED', 'UNVERIFIABLE', 'REFUTED', 'OUTDATED'];
const CLOSED: ReportState[] = [...CHECKED, 'DUPLICATE', 'NOT_USEFUL'];
const THERE = REPORT_STATES.filter((state) => state !== 'ABSENT');

/** The states in which a deed on a report is done. An ANSWERED question is opened again by splitting its group alone. */
export const REPORT_DEEDS: Readonly<Record<string, readonly ReportState[]>> = {
  claimReport: ['NEW'],
  concludeReport: ['CLAIMED'],
  markReportDuplicate: ['NEW', 'CLAIMED'],
  dismissReport: ['NEW', 'CLAIMED'],
  escalateReport: ['NEW', 'CLAIMED', ...CHECKED],
  reopenReport: CLOSED,
  markReportPublic: ['CONFIRMED'],
  maskPeople: THERE,
  readPersonalData: THERE,
  adoptMessage: [],
};

export function reportDeedEnds(field: string, state: ReportState, caller: Caller, may?: May): string {
  const refusal = refusalOf(field, caller, may);
  if (refusal) return refusal;
  if (REPORT_DEEDS[field]?.includes(state)) return 'done';
  // What a person reported is no message of an authority: there is nothing to adopt.
  if (state === 'ABSENT' || field === 'adoptMessage') return 'NOT_FOUND';
  // Somebody else has claimed it.
  return field === 'claimReport' && state === 'CLAIMED' ? 'CONFLICT' : 'WRONG_STAGE';
}

export const REPORT_FIELDS = [
  'category',
  'channel',
  'claimedBy',
  'claimedUntil',
  'commune',
  'conclusion',
  'dossiers',
  'duplicateOf',
  'escalated',
  'flash',
  'id',
  'markedPublic',
  'origin',
  'pictures',
  'point',
  'questionGroup',
  'seenAt',
  'state',
  'submittedAt',
  'submittedBy',
  'text',
  'url',
] as const;

/** How a field of a dossier or report is answered. */
export function fieldEnds(root: 'dossier' | 'report', stage: string, caller: Caller, may?: May): string {
  return refusalOf(root, caller, may) ?? (stage === 'ABSENT' ? 'absent' : 'answered');
}

const EVER: DossierStage[] = [...OPEN, 'CANCELLED', 'CLEARED'];
/** Lists of news say that something was withdrawn; once it is over they speak in the words of the all clear. */
const NEWS: DossierStage[] = [...OPEN, 'CANCELLED'];
/** Where the public reads, and at which stages an alert stands there in its own words. */
export const PUBLIC_READS: Readonly<Record<string, readonly DossierStage[]>> = {
  publication: EVER,
  publications: OPEN,
  alerts: OPEN,
  situation: OPEN,
  situations: OPEN,
  incident: EVER,
  socialPosts: OPEN,
  // A kit passes on what holds: of what ended it gives the reason, or the words of the all clear.
  relayKit: OPEN,
  changes: EVER,
  '/': OPEN,
  '/?commune=': OPEN,
  '/publications/{id}': EVER,
  '/publications/{id}/r/1': EVER,
  '/publications/{id}.jsonld': NEWS,
  '/cap/{id}/latest.xml': NEWS,
  '/cards/{id}/r/1/fr-FR-wide.png': EVER,
  '/feeds/alerts.atom': NEWS,
  '/feeds/publications.rss': NEWS,
  '/feeds/publications.json': NEWS,
  '/feeds/social/x.rss': OPEN,
  '/feeds/social/x.json': OPEN,
  '/feeds/social/x.csv': OPEN,
  '/geo/alerts.geojson': OPEN,
};

/**
 * Whether a read shows what the public was told at a stage. A caller's roles change nothing of it; GraphQL refuses a token
 * that lets nobody in, and pages read no token.
 */
export function isShown(read: string, stage: DossierStage, caller: Caller): string {
  if (caller === 'UNINVITED' && !read.startsWith('/')) return 'UNAUTHENTICATED';
  return PUBLIC_READS[read]?.includes(stage) ? 'shown' : 'hidden';
}

/** Whether somebody who follows hears of an alert that came to a stage; the code where the caller may not follow. */
export function hears(field: 'changes' | 'deskChanges', stage: DossierStage, caller: Caller, may?: May): string {
  if (caller === 'UNINVITED') return 'UNAUTHENTICATED';
  if (field === 'changes') return EVER.includes(stage) ? 'heard' : 'not heard';
  return refusalOf(field, caller, may) ?? 'heard';
}

/** The maps of reports, and who is shown a report of each state there. */
export const REPORT_MAPS = ['/geo/reports.geojson', '/desk/reports.geojson'] as const;

/** Of the reports of the matrix, the confirmed one is marked public. What repeats another, or helps nobody, is on no map. */
export function onMap(map: string, state: ReportState, caller: Caller, may?: May): string {
  if (map === '/geo/reports.geojson') return state === 'CONFIRMED' ? 'shown' : 'hidden';
  const shown = ['NEW', 'CLAIMED', ...CHECKED].includes(state) ? 'shown' : 'hidden';
  return refusalOf('reports', caller, may) ?? shown;
}

/** A picture as the caller finds it: OWN and ANOTHERS wait for a report, OF_REPORT has one. */
export const PICTURE_STAGES = ['OWN', 'ANOTHERS', 'OF_REPORT', 'ERASED', 'ABSENT'] as const;
export type PictureStage = (typeof PICTURE_STAGES)[number];
export const PICTURE_DEEDS = ['readPictures', 'attachPictures', 'veilPicture', 'removePicture'] as const;

/** Nobody learns of what waits for somebody else's report; those who read no reports learn of none that a report has. */
export function pictureDeedEnds(field: string, stage: PictureStage, caller: Caller, may?: May): string {
  const refusal = refusalOf(field, caller, may);
  if (refusal) return refusal;
  if (stage === 'OWN') return 'done';
  if (field === 'attachPictures') return 'INVALID_INPUT';
  if (stage !== 'OF_REPORT') return 'NOT_FOUND';
  if (field === 'readPictures') return refusalOf('report', caller, may) === undefined ? 'done' : 'NOT_FOUND';
  return caller === 'CHECKER' ? 'done' : 'FORBIDDEN';
}

/** A file of reports has them in every state. */
export const inFile = (state: ReportState, caller: Caller, may?: May): string =>
  refusalOf('exportReports', caller, may) ?? (state === 'ABSENT' ? 'hidden' : 'shown');

/** What has neither stage nor owner: refused, or not. */
export const NEW_THINGS = [
  'draftAlert',
  'draftEvent',
  'draftClosure',
  'draftAdvice',
  'draftCorrection',
  'draftAidPoint',
  'lintAlert',
  'openIncident',
  'incidentFiles',
  'dutyRoster',
  'rosterHoles',
  'dutyCandidates',
  'calls',
  'submitReport',
  'addWatcher',
  'addWebhook',
  'createApiKey',
  'acknowledgePost',
  'institutions',
  'letterService',
  'notices',
  'saveInstitution',
  'dossiers',
  'reports',
  'questionGroups',
  'flashes',
  'addresses',
  'addressAt',
  'watchers',
  'webhooks',
  'outdatedPosts',
  'accounts',
  'apiKeys',
  'sealedKeys',
  'openSealedKey',
  'organisations',
  'createOrganisation',
  'signatureRules',
  'proposeSignatureRule',
  'invitations',
  'inviteAccount',
  'acceptInvitation',
] as const;

/** How what has neither stage nor owner ends. An invitation is accepted by people whom nobody let in yet; here its secret is wrong. */
export function newThingEnds(field: string, _stage: string, caller: Caller, may?: May): string {
  if (field === 'acceptInvitation' && caller === 'UNINVITED') return 'NOT_FOUND';
  return refusalOf(field, caller, may) ?? (field === 'acceptInvitation' ? 'NOT_FOUND' : 'done');
}

/** A webhook as the caller finds it. THEIRS is the caller's own; of NOBODY and of roles without webhooks none is. */
export const WEBHOOK_STAGES = ['THEIRS', 'THEIRS_PAUSED', 'ANOTHERS', 'ANOTHERS_PAUSED', 'ABSENT'] as const;
export type WebhookStage = (typeof WEBHOOK_STAGES)[number];
/** Deeds on webhooks. Pausing one that is paused changes nothing, and neither does resuming one that runs. */
export const WEBHOOK_DEEDS = [
  'reviseWebhook',
  'removeWebhook',
  'rotateWebhookKey',
  'webhookDeliveries',
  'replayWebhookDelivery',
  'pingWebhook',
  'pauseWebhook',
  'resumeWebhook',
] as const;

export function webhookDeedEnds(field: string, stage: WebhookStage, caller: Caller, may?: May): string {
  const refusal = refusalOf(field, caller, may);
  if (refusal) return refusal;
  if (stage === 'ABSENT') return 'NOT_FOUND';
  // Of others' webhooks an ADMIN alone knows, and who may add none has none.
  const isTheirs = stage.startsWith('THEIRS') && MAY.addWebhook?.includes(caller);
  if (!isTheirs && caller !== 'ADMIN') return 'NOT_FOUND';
  // Nothing is sent again while a webhook is paused.
  return field === 'replayWebhookDelivery' && stage.endsWith('PAUSED') ? 'WRONG_STAGE' : 'done';
}

export const PRESENCES = ['PRESENT', 'ABSENT'] as const;
export type Presence = (typeof PRESENCES)[number];
export const WATCHER_DEEDS = ['reviseWatcher', 'removeWatcher'] as const;
/** How a deed ends that is done to whatever is there. */
export const presentDeedEnds = (field: string, stage: Presence, caller: Caller, may?: May): string =>
  refusalOf(field, caller, may) ?? (stage === 'ABSENT' ? 'NOT_FOUND' : 'done');

/** An account as the caller finds it; OWN is the caller's. */
export const ACCOUNT_STAGES = ['ENABLED', 'DISABLED', 'OWN', 'ABSENT'] as const;
export type AccountStage = (typeof ACCOUNT_STAGES)[number];
export const ACCOUNT_DEEDS = [
  'disableAccount',
  'enableAccount',
  'changeAccountRoles',
  'approveAccountRoles',
  'moveAccount',
] as const;

export function accountDeedEnds(field: string, stage: AccountStage, caller: Caller, may?: May): string {
  const refusal = refusalOf(field, caller, may);
  if (refusal) return refusal;
  if (stage === 'ABSENT') return 'NOT_FOUND';
  if (field === 'enableAccount') return stage === 'DISABLED' ? 'done' : 'WRONG_STAGE';
  if (stage === 'OWN') return 'INVALID_INPUT';
  // Nobody asked for roles that wait.
  if (field === 'approveAccountRoles') return 'WRONG_STAGE';
  return field === 'disableAccount' && stage === 'DISABLED' ? 'WRONG_STAGE' : 'done';
}

/** An invitation that another ADMIN gave; WAITING is one whose roles a second ADMIN has to approve. */
export const INVITATION_STAGES = ['WAITING', 'OPEN', 'WITHDRAWN', 'ABSENT'] as const;
export type InvitationStage = (typeof INVITATION_STAGES)[number];
export const INVITATION_DEEDS = ['approveInvitation', 'withdrawInvitation'] as const;

export function invitationDeedEnds(field: string, stage: InvitationStage, caller: Caller, may?: May): string {
  const refusal = refusalOf(field, caller, may);
  if (refusal) return refusal;
  if (stage === 'ABSENT') return 'NOT_FOUND';
  if (stage === 'WAITING') return 'done';
  return stage === 'OPEN' && field === 'withdrawInvitation' ? 'done' : 'WRONG_STAGE';
}

/** An organisation; FULL is one to which somebody belongs. */
export const ORGANISATION_STAGES = ['EMPTY', 'FULL', 'CLOSED', 'ABSENT'] as const;
export type OrganisationStage = (typeof ORGANISATION_STAGES)[number];
export const ORGANISATION_DEEDS = ['renameOrganisation', 'setDirectNumbers', 'closeOrganisation'] as const;

export function organisationDeedEnds(field: string, stage: OrganisationStage, caller: Caller, may?: May): string {
  const refusal = refusalOf(field, caller, may);
  if (refusal) return refusal;
  if (stage === 'ABSENT') return 'NOT_FOUND';
  if (stage === 'CLOSED') return 'WRONG_STAGE';
  return stage === 'FULL' && field === 'closeOrganisation' ? 'WRONG_STAGE' : 'done';
}

/** A rule of signature that another ADMIN proposed; of END_ASKED another ADMIN asked for the end. */
export const RULE_STAGES = ['PROPOSED', 'IN_FORCE', 'END_ASKED', 'ENDED', 'ABSENT'] as const;
export type RuleStage = (typeof RULE_STAGES)[number];
export const RULE_DEEDS = ['approveSignatureRule', 'endSignatureRule'] as const;

export function ruleDeedEnds(field: string, stage: RuleStage, caller: Caller, may?: May): string {
  const refusal = refusalOf(field, caller, may);
  if (refusal) return refusal;
  if (stage === 'ABSENT') return 'NOT_FOUND';
  if (stage === 'ENDED') return 'WRONG_STAGE';
  return field === 'approveSignatureRule' && stage !== 'PROPOSED' ? 'WRONG_STAGE' : 'done';
}

/** Deeds on the log of an incident, or on a line, that is there, or is not. */
export const LOG_DEEDS = ['log', 'logLines', 'addLogLine', 'maskLogLine'] as const;

/** An incident; RUNNING is one of which something is in force, and which the caller names nothing of to leave running. */
export const INCIDENT_STAGES = ['QUIET', 'RUNNING', 'CLOSED', 'ABSENT'] as const;
export type IncidentStage = (typeof INCIDENT_STAGES)[number];
export const INCIDENT_DEEDS = [
  'incidentFile',
  'reviseIncident',
  'setIncidentLevel',
  'closeIncident',
  'reopenIncident',
] as const;

export function incidentDeedEnds(field: string, stage: IncidentStage, caller: Caller, may?: May): string {
  const refusal = refusalOf(field, caller, may);
  if (refusal) return refusal;
  // A query for what is not there is answered null.
  if (field === 'incidentFile') return 'done';
  if (stage === 'ABSENT') return 'NOT_FOUND';
  if (field === 'closeIncident' && stage === 'RUNNING') return 'WRONG_STAGE';
  return (stage === 'CLOSED') === (field === 'reopenIncident') ? 'done' : 'WRONG_STAGE';
}

/** A group of two questions as the caller finds it. */
export const QUESTION_STAGES = ['OPEN', 'ANSWERED', 'REDIRECTED', 'DROPPED', 'ABSENT'] as const;
export type QuestionStage = (typeof QUESTION_STAGES)[number];
export const QUESTION_DEEDS = [
  'questionGroup',
  'questions',
  'similarQuestions',
  'groupQuestions',
  'addQuestions',
  'splitQuestionGroup',
  'answerQuestions',
  'redirectQuestions',
  'dropQuestions',
  'reviseQuestionGroup',
] as const;

export function questionDeedEnds(field: string, stage: QuestionStage, caller: Caller, may?: May): string {
  const refusal = refusalOf(field, caller, may);
  if (refusal) return refusal;
  // A query for what is not there is answered null, or an empty page; a new group needs no other one.
  if (field === 'questionGroup' || field === 'questions' || field === 'groupQuestions') return 'done';
  if (stage === 'ABSENT') return 'NOT_FOUND';
  if (field === 'similarQuestions' || field === 'reviseQuestionGroup') return 'done';
  if (field === 'dropQuestions') return stage === 'OPEN' ? 'done' : 'WRONG_STAGE';
  return stage === 'DROPPED' ? 'WRONG_STAGE' : 'done';
}

/** A report of somebody else as the caller finds it, and the flash that a checker sent about it; of NONE there is none. */
export const FLASH_STAGES = ['NONE', 'SENT', 'ANSWERED', 'WITHDRAWN', 'ABSENT'] as const;
export type FlashStage = (typeof FLASH_STAGES)[number];
export const FLASH_DEEDS = ['flash', 'flashReport', 'answerFlash', 'withdrawFlash'] as const;

/** Nobody is on duty: no volunteer sits in a cell, and nothing was sent to the organisation of a SIGNATORY. */
export function flashDeedEnds(field: string, stage: FlashStage, caller: Caller, may?: May): string {
  const refusal = refusalOf(field, caller, may);
  if (refusal) return refusal;
  // A query for what is not there is answered null.
  if (field === 'flash') return 'done';
  // Marshals know of what they reported alone.
  if (stage === 'ABSENT' || caller === 'MARSHAL') return 'NOT_FOUND';
  if (field === 'flashReport') {
    if (stage !== 'NONE') return 'CONFLICT';
    return caller === 'VOLUNTEER' ? 'FORBIDDEN' : 'done';
  }
  if (stage === 'NONE' || caller === 'SIGNATORY') return 'NOT_FOUND';
  if (field === 'withdrawFlash' && caller === 'VOLUNTEER') return 'FORBIDDEN';
  if (stage === 'SENT') return 'done';
  return stage === 'ANSWERED' && field === 'answerFlash' ? 'CONFLICT' : 'WRONG_STAGE';
}

/** A situation report; BLANK is a draft of which nobody has written a word. */
export const SITUATION_STAGES = ['BLANK', 'WRITTEN', 'FROZEN', 'REPLACED', 'ABSENT'] as const;
export type SituationStage = (typeof SITUATION_STAGES)[number];
export const SITUATION_DEEDS = [
  'situationReport',
  'printSituationReport',
  'draftSituationReport',
  'reviseSituationReport',
  'removeSituationReport',
  'freezeSituationReport',
] as const;

export function situationDeedEnds(field: string, stage: SituationStage, caller: Caller, may?: May): string {
  const refusal = refusalOf(field, caller, may);
  if (refusal) return refusal;
  // A query for what is not there is answered null.
  if (field === 'situationReport') return 'done';
  if (stage === 'ABSENT') return 'NOT_FOUND';
  if (field === 'printSituationReport') return 'done';
  const isDraft = stage === 'BLANK' || stage === 'WRITTEN';
  // The next one of its incident.
  if (field === 'draftSituationReport') return isDraft ? 'CONFLICT' : 'done';
  return isDraft && !(stage === 'BLANK' && field === 'freezeSituationReport') ? 'done' : 'WRONG_STAGE';
}

/** A shift as the caller finds it: PLANNED and OWN are the caller's, HANDED is another's and was handed to the caller. */
export const SHIFT_STAGES = ['PLANNED', 'OWN', 'ANOTHERS', 'HANDED', 'ABSENT'] as const;
export type ShiftStage = (typeof SHIFT_STAGES)[number];
export const SHIFT_DEEDS = ['saveShift', 'removeShift', 'handOver', 'takeOver'] as const;

export function shiftDeedEnds(field: string, stage: ShiftStage, caller: Caller, may?: May): string {
  const refusal = refusalOf(field, caller, may);
  if (refusal) return refusal;
  if (stage === 'ABSENT') return 'NOT_FOUND';
  const begins: Readonly<Record<string, readonly ShiftStage[]>> = {
    saveShift: ['PLANNED', 'OWN', 'ANOTHERS'],
    removeShift: ['PLANNED'],
    handOver: ['OWN', 'ANOTHERS', 'HANDED'],
    takeOver: ['HANDED'],
  };
  if (!begins[field]?.includes(stage)) return 'WRONG_STAGE';
  // Of others, only those hand shifts over who plan the roster.
  return field === 'handOver' && stage !== 'OWN' ? (refusalOf('saveShift', caller, may) ?? 'done') : 'done';
}

/** A mailbox of an institution; of one that is absent the institution is, too. */
export const MAILBOX_STAGES = ['INVITED', 'LEFT', 'ABSENT'] as const;
export type MailboxStage = (typeof MAILBOX_STAGES)[number];
export const MAILBOX_DEEDS = ['inviteMailbox', 'mandateMailbox', 'removeMailbox', 'acknowledgeForInstitution'] as const;

export function mailboxDeedEnds(field: string, stage: MailboxStage, caller: Caller, may?: May): string {
  const refusal = refusalOf(field, caller, may);
  if (refusal) return refusal;
  if (stage === 'ABSENT') return 'NOT_FOUND';
  return stage === 'LEFT' && field === 'mandateMailbox' ? 'WRONG_STAGE' : 'done';
}

/** A call as the caller finds it: TAKEN by somebody else, CAUSED by the caller, ENDED. */
export const CALL_STAGES = ['RINGING', 'EXHAUSTED', 'TAKEN', 'CAUSED', 'ENDED', 'ABSENT'] as const;
export type CallStage = (typeof CALL_STAGES)[number];
export const CALL_DEEDS = ['takeCall', 'passCall', 'testCall'] as const;

export function callDeedEnds(field: string, stage: CallStage, caller: Caller, may?: May): string {
  const refusal = refusalOf(field, caller, may);
  if (refusal) return refusal;
  // A person is tested, who is there or not: no call.
  if (field === 'testCall') return stage === 'ABSENT' ? 'INVALID_INPUT' : 'done';
  // No rule asks for a signature of their organisation, and ADMINs are called to no review.
  if (caller === 'SIGNATORY' || caller === 'ADMIN') return 'NOT_FOUND';
  const ends: Readonly<Record<CallStage, string>> = {
    RINGING: 'done',
    EXHAUSTED: 'done',
    TAKEN: 'CONFLICT',
    CAUSED: 'FORBIDDEN',
    ENDED: 'WRONG_STAGE',
    ABSENT: 'NOT_FOUND',
  };
  return ends[stage];
}

/** A contact point: UNCONFIRMED and CONFIRMED are the caller's, ANOTHERS is somebody else's. */
export const POINT_STAGES = ['UNCONFIRMED', 'CONFIRMED', 'ANOTHERS', 'ABSENT'] as const;
export type PointStage = (typeof POINT_STAGES)[number];
export const POINT_DEEDS = ['contactPoints', 'saveContactPoint', 'confirmContactPoint', 'removeContactPoint'] as const;

/** Everybody has their own, and nobody learns whether somebody else has one. */
export function pointDeedEnds(field: string, stage: PointStage, caller: Caller, may?: May): string {
  const refusal = refusalOf(field, caller, may);
  if (refusal || field === 'contactPoints') return refusal ?? 'done';
  if (stage === 'ANOTHERS' || stage === 'ABSENT') return 'NOT_FOUND';
  return stage === 'CONFIRMED' && field === 'confirmContactPoint' ? 'WRONG_STAGE' : 'done';
}

export const SEALED_DEEDS = ['withdrawSealedKey'] as const;

/** The key of a machine. */
export const KEY_STAGES = ['GOOD', 'REVOKED', 'ABSENT'] as const;
export type KeyStage = (typeof KEY_STAGES)[number];
export const KEY_DEEDS = ['rotateApiKey', 'revokeApiKey'] as const;

export function keyDeedEnds(field: string, stage: KeyStage, caller: Caller, may?: May): string {
  const refusal = refusalOf(field, caller, may);
  if (refusal) return refusal;
  return { GOOD: 'done', REVOKED: 'WRONG_STAGE', ABSENT: 'NOT_FOUND' }[stage];
}

/** A session of the desk; ANOTHERS is somebody else's. */
export const SESSION_STAGES = ['OWN', 'ANOTHERS', 'ABSENT'] as const;
export type SessionStage = (typeof SESSION_STAGES)[number];
export const SESSION_FIELDS = ['deskSessions', 'endDeskSession'] as const;

/** Everybody sees and ends their own; those of others an ADMIN alone, and nobody else learns whether they are there. */
export function sessionFieldEnds(field: string, stage: SessionStage, caller: Caller, may?: May): string {
  const refusal = refusalOf(field, caller, may);
  if (refusal) return refusal;
  if (stage === 'OWN' || (stage === 'ANOTHERS' && caller === 'ADMIN')) return 'done';
  return 'NOT_FOUND';
}
