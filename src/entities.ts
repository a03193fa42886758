import { Account } from './access/account.entity.ts';
import { ApiKey } from './access/keys/api-key.entity.ts';
import { Organisation } from './access/organisations/organisation.entity.ts';
import { SealedKey } from './access/sealed/sealed-key.entity.ts';
import { Invitation } from './accounts/invitations/invitation.entity.ts';
import { RoleRequest } from './accounts/role-request.entity.ts';
import { AddressLoad, AddressNumber, AddressStreet, AddressWord } from './addresses/address.entity.ts';
import { InForce } from './board/in-force.entity.ts';
import { Call, CallStep } from './calling/call.entity.ts';
import { PushJob, PushProgress, PushService, PushSubscription, PushTold } from './channels/push/push.entity.ts';
import { SocialPostRecord } from './channels/social/sent/social-post.entity.ts';
import { Webhook, WebhookDelivery, WebhookKey } from './channels/webhooks/webhook.entity.ts';
import { ContactPoint } from './contacts/contact-point.entity.ts';
import { ContactMessage } from './contacts/messages/contact-message.entity.ts';
import { DutyShift } from './duty/duty-shift.entity.ts';
import { Dossier, DossierComment } from './editorial/dossier/dossier.entity.ts';
import { Approval, Revision, RevisionEditor } from './editorial/dossier/revision.entity.ts';
import { DossierReport } from './editorial/dossier-reports/dossier-report.entity.ts';
import { Incident, IncidentParticipant } from './editorial/incidents/incident.entity.ts';
import { IncidentLevelChange, IncidentPeriod } from './editorial/incidents/incident-period.entity.ts';
import { DecisionConfirmation } from './editorial/publishing/decision-confirmation.entity.ts';
import { SignatureRule } from './editorial/signatures/signature-rule.entity.ts';
import { DeskExport } from './exports/desk-export.entity.ts';
import { Flash, FlashHead } from './flashes/flash.entity.ts';
import { IncidentArchive } from './incident-archive/incident-archive.entity.ts';
import { LogErasure, LogHead, LogLine, LogWords } from './incident-log/log-line.entity.ts';
import { Institution, Mailbox } from './institutions/institution.entity.ts';
import { LetterProgress, LetterRecord } from './institutions/letters/letter.entity.ts';
import { InstitutionNotice } from './institutions/notices/notice.entity.ts';
import { JournalEntry, JournalHead } from './journal/entry.entity.ts';
import { AuditEntry, AuditHead } from './office/audit.entity.ts';
import { AuditSignature } from './office/audit-signature.entity.ts';
import { KeptAnswer } from './office/kept-answer.entity.ts';
import { CapMessageRecord, CapSeal } from './publications/cap-seal.entity.ts';
import { Publication } from './publications/publication.entity.ts';
import { QuestionGroup } from './questions/question-group.entity.ts';
import { FieldPicture, PictureBytes } from './reports/pictures/picture.entity.ts';
import { Conclusion, Evidence, Report, ReportPersonal } from './reports/report.entity.ts';
import { DeskSession } from './sign-in/desk-session.entity.ts';
import { SituationReport } from './situation-reports/situation-report.entity.ts';
import { TimekeepingLease } from './timekeeping/lease.entity.ts';
import { AnnouncedMessage } from './watchers/following/announced-message.entity.ts';
import { FeedOrigin, FirstReading, Watcher } from './watchers/watcher.entity.ts';

/** Every table of the hub; `npm run orm -- migration:check` compares them with the migrations. */
export const entities = [
  Organisation,
  Account,
  ApiKey,
  SealedKey,
  Invitation,
  RoleRequest,
  Incident,
  IncidentParticipant,
  IncidentPeriod,
  IncidentLevelChange,
  DutyShift,
  Dossier,
  DossierComment,
  Revision,
  RevisionEditor,
  Approval,
  SignatureRule,
  DecisionConfirmation,
  Publication,
  CapMessageRecord,
  CapSeal,
  JournalEntry,
  JournalHead,
  Report,
  ReportPersonal,
  Conclusion,
  Evidence,
  FieldPicture,
  PictureBytes,
  DossierReport,
  Call,
  CallStep,
  ContactPoint,
  ContactMessage,
  AuditEntry,
  AuditHead,
  AuditSignature,
  KeptAnswer,
  Watcher,
  FeedOrigin,
  FirstReading,
  AnnouncedMessage,
  Webhook,
  WebhookKey,
  WebhookDelivery,
  SocialPostRecord,
  Institution,
  Mailbox,
  LetterRecord,
  LetterProgress,
  InstitutionNotice,
  PushSubscription,
  PushJob,
  PushService,
  PushProgress,
  PushTold,
  TimekeepingLease,
  InForce,
  DeskSession,
  DeskExport,
  LogLine,
  LogWords,
  LogHead,
  LogErasure,
  SituationReport,
  IncidentArchive,
  QuestionGroup,
  Flash,
  FlashHead,
  AddressLoad,
  AddressStreet,
  AddressNumber,
  AddressWord,
];
