import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { permits } from '../access/permissions.rules.ts';
import type { IncidentFile } from '../editorial/incidents/incident-file.queries.ts';
import { IncidentFileType } from '../editorial/incidents/incident-file.types.ts';
import type { Context } from '../graphql/context.ts';
import { type Batch, batchById } from '../graphql/loaders.ts';
import { PayloadMutation, REMOVED } from '../graphql/payload.types.ts';
import { CursorScalar, DateTimeScalar, UrlScalar } from '../graphql/scalars.ts';
import { encodeCursor } from '../journal/cursor.rules.ts';
import { present } from '../office/present.rules.ts';
import type { Territory } from '../territory/territory.ts';
import {
  draftSituationReport,
  removeSituationReport,
  reviseSituationReport,
} from './draft-situation-report.commands.ts';
import { freezeSituationReport } from './freeze-situation-report.commands.ts';
import { situationSnapshots } from './situation-figures.queries.ts';
import type { SituationFigures } from './situation-figures.ts';
import { SituationFiguresType } from './situation-figures.types.ts';
import type { SituationSnapshot } from './situation-report.rules.ts';
import { SituationPartsInput, SituationPartsType, SituationReportType } from './situation-report.types.ts';
import {
  contentOf,
  type SituationReportView,
  situationReportNamed,
  situationReports,
  situationReportsOf,
  writtenSituationReport,
} from './situation-reports.queries.ts';
import type { SituationOffice } from './situation-work.ts';

const ID_ARG = { description: 'The id of the situation report.' };
const VERSION = { description: 'The version that you saw.' };
const REPORT = {
  situationReport: { type: () => SituationReportType, description: 'The situation report as it then stood.' },
};

interface SituationReportPayload {
  situationReport: () => Promise<SituationReportView>;
}

/** Situation reports of incidents: figures of the hub, words of people. */
@Resolver(() => SituationReportType)
export class SituationReportResolver {
  readonly #view: Batch<string, SituationReportView | null>;
  /** The figures of now, which drafts show. */
  readonly #live: Batch<string, SituationSnapshot | null>;

  /** `reads` says where people find the pages of this hub. */
  constructor(
    private readonly office: SituationOffice,
    private readonly reads: { readonly publicUrl: string; readonly territory: Pick<Territory, 'communesOf'> },
  ) {
    this.#view = batchById((ids) => situationReports(office.read(), ids));
    this.#live = batchById((ids) => situationSnapshots(office.read(), ids, office.now, reads.territory));
  }

  @Query(() => SituationReportType, {
    nullable: true,
    description: 'A situation report of an incident, by its number. Null where there is none. For staff.',
  })
  situationReport(
    @Ctx() { actor }: Context,
    @Arg('incident', () => ID, { description: 'The id of the incident.' }) incident: string,
    @Arg('number', () => Int, { description: 'Its number.' }) number: number,
    @Arg('edition', () => Int, { nullable: true, description: 'Which edition; null: the last one.' })
    edition: number | null,
  ): Promise<SituationReportView | null> {
    return situationReportNamed({ em: this.office.read(), actor }, { incident, number, edition });
  }

  @PayloadMutation(REPORT, {
    description:
      'Begins the next situation report of an incident, or the next edition of its last one, which begins with its words. CONFLICT while there is a draft. For an EDITOR, a VALIDATOR or a DUTY_OFFICER.',
  })
  async draftSituationReport(
    @Ctx() { actor }: Context,
    @Arg('incident', () => ID, { description: 'The id of the incident.' }) incident: string,
    @Arg('replaces', () => ID, {
      nullable: true,
      description: 'The last situation report of the incident, where there is a mistake in it.',
    })
    replaces: string | null,
  ): Promise<SituationReportPayload> {
    const { id } = await this.office.run(actor, { action: 'draftSituationReport' }, (work) =>
      draftSituationReport(work, { incident, replaces }),
    );
    return this.#payload(id);
  }

  @PayloadMutation(REPORT, {
    description:
      'Replaces the words of a draft; no figure is ever given. A part that is too long for the page is INVALID_INPUT. For an EDITOR, a VALIDATOR or a DUTY_OFFICER.',
  })
  async reviseSituationReport(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
    @Arg('parts', () => SituationPartsInput, { description: 'The whole of its words.' }) parts: SituationPartsInput,
  ): Promise<SituationReportPayload> {
    const deed = { action: 'reviseSituationReport', subject: id } as const;
    await this.office.run(actor, deed, (work) => reviseSituationReport(work, { id, version, parts }));
    return this.#payload(id);
  }

  @PayloadMutation(REMOVED, {
    description: 'Takes a draft away: its number is free again. For an EDITOR, a VALIDATOR or a DUTY_OFFICER.',
  })
  async removeSituationReport(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
  ): Promise<{ removedId: string }> {
    const deed = { action: 'removeSituationReport', subject: id } as const;
    const removed = await this.office.run(actor, deed, (work) => removeSituationReport(work, { id, version }));
    return { removedId: removed.id };
  }

  @PayloadMutation(REPORT, {
    description:
      'Freezes a draft with the figures of this moment: it is in force and never changes; a mistake makes another edition. WRONG_STAGE while nobody has written the situation. For a VALIDATOR or a DUTY_OFFICER.',
  })
  async freezeSituationReport(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
  ): Promise<SituationReportPayload> {
    const deed = { action: 'freezeSituationReport', subject: id } as const;
    await this.office.run(actor, deed, (work) => freezeSituationReport(work, { id, version }));
    return this.#payload(id);
  }

  @FieldResolver(() => DateTimeScalar, { description: 'The moment of its figures; of a draft, now.' })
  async asOf(@Ctx() { load }: Context, @Root() report: SituationReportView): Promise<string> {
    return (await this.#snapshot(load, report)).asOf;
  }

  @FieldResolver(() => CursorScalar, { description: 'Where the journal stood then: what came later is not counted.' })
  async cursor(@Ctx() { load }: Context, @Root() report: SituationReportView): Promise<string> {
    return encodeCursor(await this.#snapshot(load, report));
  }

  @FieldResolver(() => Int, { description: 'The last line of the incident’s log then; 0 for none.' })
  async logNumber(@Ctx() { load }: Context, @Root() report: SituationReportView): Promise<number> {
    return (await this.#snapshot(load, report)).logNumber;
  }

  @FieldResolver(() => SituationFiguresType, { description: 'What the hub counted; of a draft, what it counts now.' })
  async figures(@Ctx() { load }: Context, @Root() report: SituationReportView): Promise<SituationFigures> {
    return (await this.#snapshot(load, report)).figures;
  }

  @FieldResolver(() => SituationPartsType, { description: 'What people wrote.' })
  parts(@Root() { parts, tollSource }: SituationReportView): object {
    return { ...parts, toll: parts.toll && { ...parts.toll, source: tollSource } };
  }

  @FieldResolver(() => SituationReportType, {
    nullable: true,
    description: 'The edition that it replaces; null for the first of its number.',
  })
  replaces(
    @Ctx() { load }: Context,
    @Root() { replaces }: SituationReportView,
  ): Promise<SituationReportView | null> | null {
    return replaces === null ? null : load(this.#view).load(replaces);
  }

  @FieldResolver(() => UrlScalar, { description: 'Its page, one A4 sheet once it is printed. For staff, as it is.' })
  printUrl(@Root() { id }: SituationReportView): string {
    return `${this.reads.publicUrl}/desk/situation-reports/${id}`;
  }

  async #snapshot(load: Context['load'], report: SituationReportView): Promise<SituationSnapshot> {
    const frozen = contentOf(report);
    return frozen ?? present(await load(this.#live).load(report.id), 'situation report', report.id);
  }

  #payload(id: string): SituationReportPayload {
    return { situationReport: () => writtenSituationReport(this.office.read(), id) };
  }
}

/** The situation reports of an incident, beside the rest of its file. */
@Resolver(() => IncidentFileType)
export class IncidentSituationReportsResolver {
  readonly #ofIncident: Batch<string, SituationReportView[]>;

  constructor(office: SituationOffice) {
    this.#ofIncident = async (ids) => {
      const found = await situationReportsOf(office.read(), [...new Set(ids)]);
      return ids.map((id) => found.get(id) ?? []);
    };
  }

  @FieldResolver(() => [SituationReportType], {
    description:
      'Its situation reports, drafts included, the last first; none for a SIGNATORY, who reads the file alone.',
  })
  async situationReports(
    @Ctx() { actor, load }: Context,
    @Root() { id }: IncidentFile,
  ): Promise<SituationReportView[]> {
    return permits(actor, 'readSituationReports') ? load(this.#ofIncident).load(id) : [];
  }
}
