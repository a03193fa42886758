// type-graphql's decorators want it there before any class is read.
import 'reflect-metadata';

import { AccountResolver } from './accounts/account.resolver.ts';
import { ApiKeyResolver } from './accounts/api-keys/api-key.resolver.ts';
import { InvitationResolver } from './accounts/invitations/invitation.resolver.ts';
import { OrganisationResolver } from './accounts/organisations/organisation.resolver.ts';
import { RoleResolver } from './accounts/role.resolver.ts';
import { SealedKeyResolver } from './accounts/sealed-keys/sealed-key.resolver.ts';
import type { AddressSources } from './addresses/address.queries.ts';
import { AddressResolver } from './addresses/address.resolver.ts';
import { KnownWords } from './addresses/known-words.ts';
import { CommuneResolver, PublicResolver } from './board/public.resolver.ts';
import type { PublicReads } from './board/public-reads.ts';
import {
  AreaResolver,
  EndingResolver,
  IncidentResolver,
  PublicationResolver,
  PublicRevisionResolver,
} from './board/publication.resolver.ts';
import { CallLoaders } from './calling/call.loaders.ts';
import { CallResolver, DeskChangeCallResolver } from './calling/call.resolver.ts';
import { type PushDesk, PushResolver } from './channels/push/push.resolver.ts';
import { PublicationRelayResolver, RelayKitResolver } from './channels/relay/relay.resolver.ts';
import { SentPostLoaders } from './channels/social/sent/sent.loaders.ts';
import { SentPostResolver } from './channels/social/sent/sent.resolver.ts';
import { SocialPostResolver } from './channels/social/social.resolver.ts';
import { WebhookDeliveryResolver } from './channels/webhooks/delivery/delivery.resolver.ts';
import type { WebhookTargets } from './channels/webhooks/target.ts';
import { WebhookResolver } from './channels/webhooks/webhook.resolver.ts';
import type { WebhookResources } from './channels/webhooks/webhook-work.ts';
import type { CodeTries } from './contacts/code-tries.ts';
import { ContactPointResolver } from './contacts/contact-point.resolver.ts';
import type { ContactResources } from './contacts/contact-work.ts';
import { DutyResolver, IncidentDutyResolver } from './duty/duty.resolver.ts';
import { DeskChangeResolver } from './editorial/desk-changes/desk-change.resolver.ts';
import { DossierLoaders } from './editorial/dossier/dossier.loaders.ts';
import { DossierResolver } from './editorial/dossier/dossier.resolver.ts';
import type { EditorialResources } from './editorial/dossier/editorial-work.ts';
import { DossierReportLoaders } from './editorial/dossier-reports/dossier-report.loaders.ts';
import { DossierReportsResolver, ReportDossiersResolver } from './editorial/dossier-reports/dossier-report.resolver.ts';
import { AdoptResolver } from './editorial/drafting/adopt.resolver.ts';
import { draftingOf } from './editorial/drafting/drafting.resolver.ts';
import { IncidentsResolver } from './editorial/incidents/incident.resolver.ts';
import { IncidentFileResolver } from './editorial/incidents/incident-file.resolver.ts';
import { observingOf } from './editorial/publishing/observing.resolver.ts';
import { SignatureRuleResolver } from './editorial/signatures/signature-rule.resolver.ts';
import { WorkflowResolver } from './editorial/workflow.resolver.ts';
import { FlashLoaders } from './flashes/flash.loaders.ts';
import { FlashResolver } from './flashes/flash.resolver.ts';
import { CallFlashResolver, DeskChangeFlashResolver, ReportFlashResolver } from './flashes/flash-links.resolver.ts';
import { LogChangeResolver } from './incident-log/following/log-change.resolver.ts';
import { LogLineResolver } from './incident-log/log-line.resolver.ts';
import { InstitutionResolver } from './institutions/institution.resolver.ts';
import type { InstitutionResources } from './institutions/institution-work.ts';
import { NoticeResolver } from './institutions/notices/notice.resolver.ts';
import { ChangeResolver, ChangesResolver } from './live/following/changes.resolver.ts';
import type { Office } from './office/office.ts';
import { PUBLIC_TARGETS } from './outgoing/checked-connection.ts';
import { PicturePress } from './pictures/picture-press.ts';
import { typesOf } from './publications/kinds.types.ts';
import { KINDS } from './publications/vocabulary.ts';
import { QuestionGroupResolver } from './questions/group.resolver.ts';
import { QuestionLoaders, QuestionResolver, ReportQuestionResolver } from './questions/question.resolver.ts';
import { PictureResolver, PictureTwinResolver } from './reports/pictures/picture.resolver.ts';
import { ReportLoaders } from './reports/report.loaders.ts';
import { ReportResolver } from './reports/report.resolver.ts';
import { TriageResolver } from './reports/triage.resolver.ts';
import { DeskSessionResolver } from './sign-in/desk-session.resolver.ts';
import { DEFAULT_SESSION_TIMES, type SessionTimes } from './sign-in/session.rules.ts';
import {
  IncidentSituationReportsResolver,
  SituationReportResolver,
} from './situation-reports/situation-report.resolver.ts';
import { WatcherLoaders } from './watchers/watcher.loaders.ts';
import { ReportOriginResolver, WatcherResolver } from './watchers/watcher.resolver.ts';

/** The resources of every subject. */
export type OfficeResources = EditorialResources & WebhookResources & InstitutionResources & ContactResources;

/** The office of the whole hub. */
export type HubOffice = Office<OfficeResources>;

/**
 * Every resolver of the schema, with what it needs. `addresses` says what reads for the desk; where it is left out, addresses are read on the
 * public's connections. `sender`: the address that letters come from; none leaves where it is left out. `tries` counts codes that people give.
 * `push`: what pushes need, where they are offered.
 */
export function resolversOf(
  reads: PublicReads,
  office: HubOffice,
  targets: WebhookTargets = PUBLIC_TARGETS,
  addresses: Omit<AddressSources, 'territory' | 'words'> = { sql: (...query) => reads.journal.sql(...query) },
  times: SessionTimes = DEFAULT_SESSION_TIMES,
  press: Pick<PicturePress, 'press'> = new PicturePress({ onDeath: () => undefined }),
  sender?: string,
  tries: Pick<CodeTries, 'count'> = { count: async () => undefined },
  push?: PushDesk,
): object[] {
  const dossiers = new DossierLoaders(office);
  const reports = new ReportLoaders(office);
  const watchers = new WatcherLoaders(office);
  const addressSources = { ...addresses, territory: reads.territory, words: new KnownWords(addresses.sql) };
  return [
    ...[new PublicResolver(reads), new CommuneResolver(reads)],
    new AddressResolver(addressSources),
    new PublicationResolver(reads),
    new AreaResolver(reads),
    ...[new EndingResolver(), new PublicRevisionResolver()],
    new IncidentResolver(reads),
    ...KINDS.flatMap((kind) => [
      ...typesOf(kind).resolvers(reads),
      draftingOf(kind, office),
      ...observingOf(kind, office),
    ]),
    ...[new ChangesResolver(reads), new ChangeResolver()],
    new SocialPostResolver(reads),
    ...[new PublicationRelayResolver(reads), new RelayKitResolver(reads)],
    new SentPostResolver(office, new SentPostLoaders(office)),
    ...[new WebhookResolver(office, reads, targets), new WebhookDeliveryResolver(office)],
    ...[new InstitutionResolver(office, reads.territory, sender), new NoticeResolver(office)],
    ...[new PushResolver(office, reads, push), new AccountResolver(office)],
    new ApiKeyResolver(office),
    new SealedKeyResolver(office),
    ...[new RoleResolver(office), new InvitationResolver(office)],
    new OrganisationResolver(office),
    ...[new DeskSessionResolver(office, times), new ContactPointResolver(office, tries)],
    new DossierResolver(office, reads.territory, dossiers, reports),
    new WorkflowResolver(office),
    new SignatureRuleResolver(office),
    new IncidentsResolver(office, reads.inTurn),
    new IncidentFileResolver(office),
    ...[new DutyResolver(office), new IncidentDutyResolver(office)],
    ...[new SituationReportResolver(office, reads), new IncidentSituationReportsResolver(office)],
    ...[new CallResolver(office, dossiers, reports, watchers), new DeskChangeCallResolver(new CallLoaders(office))],
    new DeskChangeResolver(),
    new LogLineResolver(office, reads.territory, dossiers, reports),
    new LogChangeResolver(office),
    new DossierReportsResolver(reports),
    new ReportResolver(office, reports, reads.territory),
    new ReportDossiersResolver(new DossierReportLoaders(office), dossiers),
    new TriageResolver(office, reports, addressSources),
    ...[...resolversOfQuestions(office, reports, reads), ...resolversOfFlashes(office, reports)],
    ...[new PictureResolver(office, { reports, press }), new PictureTwinResolver(reports)],
    new AdoptResolver(office),
    ...[new WatcherResolver(office, reads.territory), new ReportOriginResolver(watchers)],
  ];
}

function resolversOfQuestions(office: HubOffice, reports: ReportLoaders, reads: PublicReads): object[] {
  const questions = new QuestionLoaders(office);
  return [
    new QuestionResolver(office, questions, reports, reads),
    new QuestionGroupResolver(office),
    new ReportQuestionResolver(questions),
  ];
}

function resolversOfFlashes(office: HubOffice, reports: ReportLoaders): object[] {
  const flashes = new FlashLoaders(office);
  return [
    new FlashResolver(office, reports),
    ...[new ReportFlashResolver(flashes), new CallFlashResolver(flashes), new DeskChangeFlashResolver(flashes)],
  ];
}
