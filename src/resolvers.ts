// type-graphql's decorators want it there before any class is read.
import 'reflect-metadata';

import { ViewerResolver } from './access/viewer.resolver.ts';
import {
  AdviceResolver,
  AlertResolver,
  ClosureResolver,
  CorrectionResolver,
  EventResolver,
  HazardResolver,
  PassageResolver,
  RoadResolver,
} from './board/kind.resolver.ts';
import { CommuneResolver, PublicResolver } from './board/public.resolver.ts';
import type { PublicReads } from './board/public-reads.ts';
import {
  AreaResolver,
  IncidentResolver,
  PublicationResolver,
  PublicRevisionResolver,
} from './board/publication.resolver.ts';
import { SentPostResolver } from './channels/social/sent/sent.resolver.ts';
import { SocialPostResolver } from './channels/social/social.resolver.ts';
import { WebhookDeliveryResolver } from './channels/webhooks/delivery/delivery.resolver.ts';
import { PUBLIC_TARGETS, type Targets } from './channels/webhooks/target.ts';
import { WebhookResolver } from './channels/webhooks/webhook.resolver.ts';
import { DeskChangeResolver } from './editorial/desk-changes/desk-change.resolver.ts';
import { ApprovalResolver, CommentResolver, DossierResolver } from './editorial/dossier/dossier.resolver.ts';
import { DossierReportsResolver, ReportDossiersResolver } from './editorial/dossier-reports/dossier-report.resolver.ts';
import { AdoptResolver } from './editorial/drafting/adopt.resolver.ts';
import { WorkflowResolver } from './editorial/workflow.resolver.ts';
import { ChangesResolver } from './live/following/changes.resolver.ts';
import type { Newsroom } from './office/newsroom.ts';
import { ConclusionResolver, ReportResolver } from './reports/report.resolver.ts';
import { TriageResolver } from './reports/triage.resolver.ts';
import { ReportOriginResolver, WatcherResolver } from './watchers/watcher.resolver.ts';

/** Every resolver of the schema, with what it needs. */
export function resolversOf(reads: PublicReads, newsroom: Newsroom, targets: Targets = PUBLIC_TARGETS): object[] {
  return [
    new PublicResolver(reads),
    new CommuneResolver(reads),
    new PublicationResolver(reads),
    new AreaResolver(reads),
    new PublicRevisionResolver(),
    new IncidentResolver(reads),
    new AlertResolver(reads),
    new AdviceResolver(),
    new CorrectionResolver(),
    new HazardResolver(),
    new EventResolver(reads),
    new PassageResolver(reads),
    new RoadResolver(reads),
    new ClosureResolver(reads),
    new ChangesResolver(reads),
    new SocialPostResolver(reads),
    new SentPostResolver(newsroom),
    new WebhookResolver(newsroom, reads, targets),
    new WebhookDeliveryResolver(newsroom),
    new ViewerResolver(),
    new DossierResolver(newsroom, reads.territory),
    new ApprovalResolver(),
    new CommentResolver(),
    new WorkflowResolver(newsroom),
    new DeskChangeResolver(),
    new DossierReportsResolver(newsroom),
    new ReportResolver(newsroom, reads.territory),
    new ReportDossiersResolver(newsroom),
    new ConclusionResolver(),
    new TriageResolver(newsroom),
    new AdoptResolver(newsroom),
    new WatcherResolver(newsroom, reads.territory),
    new ReportOriginResolver(newsroom),
  ];
}
