import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { demand } from '../../access/permissions.rules.ts';
import type { Context } from '../../graphql/context.ts';
import { loadFound } from '../../graphql/loaders.ts';
import { PageCursorScalar } from '../../graphql/scalars.ts';
import { AFTER, firstUpTo } from '../../paging/connection.types.ts';
import { demandFirst, LARGEST_DESK_PAGE, type Page } from '../../paging/page.rules.ts';
import { AlertInput } from '../../publications/alert/alert.types.ts';
import type { LintFinding } from '../../publications/content/lint.rules.ts';
import { readContent } from '../../publications/content/read-content.ts';
import { type OrderCall, orderCallOf } from '../../publications/decision/decision.content.ts';
import { OrderCallType } from '../../publications/decision/decision.types.ts';
import type { PublicView } from '../../publications/document.ts';
import { PublicationKindEnum } from '../../publications/enum.types.ts';
import { PublicationType } from '../../publications/publication.types.ts';
import type { PublicationKind } from '../../publications/vocabulary.ts';
import type { ReportLoaders } from '../../reports/report.loaders.ts';
import type { ReportState } from '../../reports/report.rules.ts';
import type { Territory } from '../../territory/territory.ts';
import { findingsOf, signatureFindings } from '../review/lint.rules.ts';
import { askedOf, mayKnowOf } from '../signatures/asked.queries.ts';
import type { DossierLoaders } from './dossier.loaders.ts';
import { dossierPage } from './dossier.queries.ts';
import { DossierConnectionType, DossierType, LintFindingType, StageEnum } from './dossier.types.ts';
import type { DossierFile } from './dossier-file.queries.ts';
import type { EditorialOffice } from './editorial-work.ts';
import type { Stage } from './stage.rules.ts';

@Resolver(() => DossierType)
export class DossierResolver {
  constructor(
    private readonly office: EditorialOffice,
    private readonly territory: Territory,
    private readonly loaders: DossierLoaders,
    private readonly reports: ReportLoaders,
  ) {}

  @Query(() => DossierType, {
    nullable: true,
    description:
      'One dossier; null where there is none. For staff, and a SIGNATORY where rules ask for their organisation.',
  })
  async dossier(
    @Ctx() { actor, load }: Context,
    @Arg('id', () => ID, { description: 'The id of the dossier.' }) id: string,
  ): Promise<DossierFile | null> {
    demand(actor, 'dossier');
    const file = await load(this.loaders.file).load(id);
    return file && (await mayKnowOf(this.office.read(), actor, 'dossier', file.id)) ? file : null;
  }

  @Query(() => DossierConnectionType, {
    nullable: true,
    description:
      'Dossiers, most recently changed first. For staff; for a SIGNATORY those of which rules ask for their organisation.',
  })
  async dossiers(
    @Ctx() { actor, load }: Context,
    @Arg('stages', () => [StageEnum], { nullable: true, description: 'At one of these stages.' }) stages:
      | Stage[]
      | null,
    @Arg('kinds', () => [PublicationKindEnum], { nullable: true, description: 'Of one of these kinds.' })
    kinds: PublicationKind[] | null,
    @Arg('search', () => String, { nullable: true, description: 'Words of its texts, whatever accents and endings.' })
    search: string | null,
    @Arg('first', () => Int, firstUpTo(LARGEST_DESK_PAGE)) first: number,
    @Arg('after', () => PageCursorScalar, AFTER) after: string | null,
  ): Promise<Page<DossierFile>> {
    demand(actor, 'dossiers');
    demandFirst(first, LARGEST_DESK_PAGE);
    const filter = { stages, kinds, search, conditions: askedOf(actor, 'dossiers') };
    return dossierPage(this.office.read(), filter, { first, after }, (ids) => loadFound(load(this.loaders.file), ids));
  }

  @Query(() => [LintFindingType], {
    nullable: true,
    description: 'The linter’s findings on an alert, without saving it. Staff only.',
  })
  async lintAlert(
    @Ctx() { actor, load }: Context,
    @Arg('input', () => AlertInput, { description: 'The content to check.' }) input: AlertInput,
  ): Promise<LintFinding[]> {
    demand(actor, 'lintAlert');
    const content = readContent('ALERT', input, this.territory);
    const states = await this.statesOf(load, content.reportIds);
    return findingsOf('ALERT', content, { states, confirmed: null }, this.office.now);
  }

  @FieldResolver(() => Int, { description: 'The number of the revision in hand, else of the live one.' })
  revision(@Root() { revision }: DossierFile): number {
    return revision.number;
  }

  @FieldResolver(() => String, { description: 'SHA-256 of the content shown, in hexadecimal.' })
  contentHash(@Root() { revision }: DossierFile): string {
    return revision.contentHash;
  }

  @FieldResolver(() => Boolean, {
    description: 'Whether the revision shown only mends words of what was public before: it brings no new post.',
  })
  minor(@Root() { revision }: DossierFile): boolean {
    return revision.minor;
  }

  @FieldResolver(() => OrderCallType, {
    nullable: true,
    description: 'How the desk made sure of the order by telephone that the revision shown rests on; null for none.',
  })
  orderCall(@Root() { revision }: DossierFile): OrderCall | null {
    return orderCallOf(revision.content);
  }

  @FieldResolver(() => PublicationType, { description: 'The revision in hand as the public would see it.' })
  preview(@Ctx() { load }: Context, @Root() file: DossierFile): Promise<PublicView> {
    return load(this.loaders.preview).load(file);
  }

  @FieldResolver(() => PublicationType, {
    nullable: true,
    description: 'Its publication; null where nothing is public.',
  })
  publication(@Root() { live }: DossierFile): PublicView | null {
    return live;
  }

  @FieldResolver(() => [LintFindingType], { description: 'The findings of the linter.' })
  async lint(@Ctx() { load }: Context, @Root() file: DossierFile): Promise<LintFinding[]> {
    const { kind, revision, confirmed } = file;
    const { now } = this.office;
    const states = await this.statesOf(load, revision.content.reportIds);
    return [...signatureFindings(file, now), ...findingsOf(kind, revision.content, { states, confirmed }, now)];
  }

  /** The states of the reports that a content rests on, by their ids. */
  private async statesOf(load: Context['load'], reportIds: readonly string[]): Promise<Map<string, ReportState>> {
    const reports = await loadFound(load(this.reports.view), reportIds);
    return new Map(reports.map(({ id, state }) => [id, state]));
  }
}
