import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import type { DossierLoaders } from '../editorial/dossier/dossier.loaders.ts';
import { DossierType } from '../editorial/dossier/dossier.types.ts';
import type { DossierFile } from '../editorial/dossier/dossier-file.queries.ts';
import type { Context } from '../graphql/context.ts';
import { PayloadMutation } from '../graphql/payload.types.ts';
import { PageCursorScalar } from '../graphql/scalars.ts';
import { present } from '../office/present.rules.ts';
import { AFTER, firstUpTo } from '../paging/connection.types.ts';
import { LARGEST_DESK_PAGE, type Page } from '../paging/page.rules.ts';
import type { PublicView } from '../publications/document.ts';
import { PublicationType } from '../publications/publication.types.ts';
import type { ReportLoaders } from '../reports/report.loaders.ts';
import { ReportType } from '../reports/report.types.ts';
import type { ReportView } from '../reports/report-view.ts';
import { CommuneType } from '../territory/commune.types.ts';
import type { Commune, Territory } from '../territory/territory.ts';
import { addLogLine } from './log-line.commands.ts';
import { LogLineLoaders } from './log-line.loaders.ts';
import { LogFilter, LogLineConnectionType, LogLineInput, LogLineType } from './log-line.types.ts';
import { type LogLineView, logLineViews, logPage } from './log-lines.queries.ts';
import type { LogOffice } from './log-work.ts';
import { maskLogLine } from './mask-log-line.commands.ts';

const INCIDENT = { description: 'The id of the incident.' };
const LINE = { line: { type: () => LogLineType, description: 'The line.' } };

/** The log of an incident: read and written by staff. */
@Resolver(() => LogLineType)
export class LogLineResolver {
  readonly #lines: LogLineLoaders;

  constructor(
    private readonly office: LogOffice,
    private readonly territory: Pick<Territory, 'byCode' | 'communesOf'>,
    private readonly dossiers: DossierLoaders,
    private readonly reports: ReportLoaders,
  ) {
    this.#lines = new LogLineLoaders(office);
  }

  @Query(() => LogLineConnectionType, {
    nullable: true,
    description: 'The log of an incident, the newest line first; NOT_FOUND without the incident. Staff only.',
  })
  log(
    @Ctx() { actor }: Context,
    @Arg('incident', () => ID, INCIDENT) incident: string,
    @Arg('where', () => LogFilter, { nullable: true, description: 'Which lines; null: all.' }) where: LogFilter | null,
    @Arg('first', () => Int, firstUpTo(LARGEST_DESK_PAGE)) first: number,
    @Arg('after', () => PageCursorScalar, AFTER) after: string | null,
  ): Promise<Page<LogLineView>> {
    return logPage({ em: this.office.read(), actor, territory: this.territory }, incident, where, { first, after });
  }

  @PayloadMutation(LINE, {
    description:
      'Writes a line into the log of an incident. It never changes: a mistake is put right by a CORRECTION, once (CONFLICT). For staff.',
  })
  async addLogLine(
    @Ctx() { actor }: Context,
    @Arg('incident', () => ID, INCIDENT) incident: string,
    @Arg('input', () => LogLineInput, { description: 'The line.' }) input: LogLineInput,
  ): Promise<{ line: () => Promise<LogLineView> }> {
    const { id } = await this.office.run(actor, { action: 'addLogLine' }, (work) =>
      addLogLine(work, { incident, input }),
    );
    return { line: () => this.#written(id) };
  }

  @PayloadMutation(LINE, {
    description:
      'Takes people out of the words of a line for good: the names given, and numbers and addresses. Nothing else changes. For checkers and duty officers.',
  })
  async maskLogLine(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, { description: 'The id of the line.' }) id: string,
    @Arg('people', () => [String], { description: 'The names, as they stand in the line; may be empty.' })
    people: string[],
  ): Promise<{ line: () => Promise<LogLineView> }> {
    const deed = { action: 'maskLogLine', subject: id } as const;
    const masked = await this.office.run(actor, deed, (work) => maskLogLine(work, { id, people }));
    return { line: () => this.#written(masked.id) };
  }

  @FieldResolver(() => LogLineType, { nullable: true, description: 'The line that it corrects; null for most.' })
  corrects(@Ctx() { load }: Context, @Root() { corrects }: LogLineView): Promise<LogLineView | null> | null {
    return corrects === null ? null : load(this.#lines.view).load(corrects);
  }

  @FieldResolver(() => LogLineType, { nullable: true, description: 'The line that corrects it; null where none does.' })
  correctedBy(@Ctx() { load }: Context, @Root() { correctedBy }: LogLineView): Promise<LogLineView | null> | null {
    return correctedBy === null ? null : load(this.#lines.view).load(correctedBy);
  }

  @FieldResolver(() => DossierType, {
    nullable: true,
    description: 'The dossier that it is about; null where not given.',
  })
  dossier(@Ctx() { load }: Context, @Root() { dossier }: LogLineView): Promise<DossierFile | null> | null {
    return dossier === null ? null : load(this.dossiers.file).load(dossier);
  }

  @FieldResolver(() => PublicationType, {
    nullable: true,
    description: 'The publication that it is about; null where none was given, and while nothing of it is public.',
  })
  async publication(@Ctx() { load }: Context, @Root() { dossier }: LogLineView): Promise<PublicView | null> {
    return dossier === null ? null : ((await load(this.dossiers.file).load(dossier))?.live ?? null);
  }

  @FieldResolver(() => ReportType, {
    nullable: true,
    description: 'The report that it is about; null where not given.',
  })
  report(@Ctx() { load }: Context, @Root() { report }: LogLineView): Promise<ReportView | null> | null {
    return report === null ? null : load(this.reports.view).load(report);
  }

  @FieldResolver(() => [CommuneType], { description: 'The communes that it is about, as of today.' })
  communes(@Root() { communes }: LogLineView): Commune[] {
    return this.territory.communesOf(communes);
  }

  async #written(id: string): Promise<LogLineView> {
    const [line] = await logLineViews(this.office.read(), [id]);
    return present(line, 'line', id);
  }
}
