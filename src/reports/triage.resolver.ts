import { Arg, Ctx, ID, Resolver } from 'type-graphql';
import type { Actor } from '../access/actor.ts';
import type { AddressSources } from '../addresses/address.queries.ts';
import type { Context } from '../graphql/context.ts';
import { PayloadMutation } from '../graphql/payload.types.ts';
import type { Deed } from '../office/audit.commands.ts';
import { present } from '../office/present.rules.ts';
import { maskPeople, type PersonalData, readPersonalData } from './personal/personal.commands.ts';
import {
  claimReport,
  concludeReport,
  dismissReport,
  escalateReport,
  markReportDuplicate,
  markReportPublic,
  reopenReport,
} from './report.commands.ts';
import type { ReportLoaders } from './report.loaders.ts';
import { ConclusionInput, FieldReportInput, PersonalDataType, ReportType } from './report.types.ts';
import { withPlaceOfAddress } from './report-place.queries.ts';
import type { ReportView } from './report-view.ts';
import type { ReportOffice, ReportWork } from './report-work.ts';
import { submitReport } from './submit.commands.ts';

const ID_ARG = { description: 'The id of the report.' };
const REASON = { description: 'The reason, in words.' };

const REPORT = { report: { type: () => ReportType, description: 'The report as it then stood.' } };
const PERSONAL_DATA = {
  personalData: {
    type: () => PersonalDataType,
    nullable: true,
    description: 'What identifies people in it; null where nothing does, or where it was erased.',
  },
};

/** Every mutation of reports: translate, run the command in its transaction, answer the report as it then stands. */
@Resolver()
export class TriageResolver {
  constructor(
    private readonly office: ReportOffice,
    private readonly reports: ReportLoaders,
    private readonly addresses: AddressSources,
  ) {}

  @PayloadMutation(REPORT, {
    description: 'Submits a report of something seen. For volunteers, checkers and marshals.',
  })
  async submitReport(
    @Ctx() { actor }: Context,
    @Arg('input', () => FieldReportInput, { description: 'What was seen.' }) input: FieldReportInput,
  ) {
    const placed = await withPlaceOfAddress(this.addresses, actor, input);
    return this.run(actor, { action: 'submitReport' }, (work) => submitReport(work, placed));
  }

  @PayloadMutation(REPORT, {
    description:
      'Claims a report for 15 minutes, or renews the claim. CONFLICT while somebody else has claimed it. For volunteers and checkers.',
  })
  claimReport(@Ctx() { actor }: Context, @Arg('id', () => ID, ID_ARG) id: string) {
    return this.run(actor, { action: 'claimReport', subject: id }, (work) => claimReport(work, { id }));
  }

  @PayloadMutation(REPORT, {
    description:
      'Closes a report with what checking found. For checkers; FORBIDDEN for the person who submitted the report.',
  })
  concludeReport(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('conclusion', () => ConclusionInput, { description: 'What was found, and the evidence it rests on.' })
    conclusion: ConclusionInput,
  ) {
    return this.run(actor, { action: 'concludeReport', subject: id }, (work) =>
      concludeReport(work, { id, conclusion }),
    );
  }

  @PayloadMutation(REPORT, { description: 'Closes a report that says the same as another. For checkers.' })
  markReportDuplicate(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('duplicateOf', () => ID, {
      description: 'The id of the report that it repeats, which is not a duplicate itself.',
    })
    duplicateOf: string,
  ) {
    return this.run(actor, { action: 'markReportDuplicate', subject: id }, (work) =>
      markReportDuplicate(work, { id, duplicateOf }),
    );
  }

  @PayloadMutation(REPORT, { description: 'Closes a report that helps nobody. For checkers.' })
  dismissReport(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('reason', () => String, REASON) reason: string,
  ) {
    return this.run(actor, { action: 'dismissReport', subject: id }, (work) => dismissReport(work, { id, reason }));
  }

  @PayloadMutation(REPORT, { description: 'Brings a report to the attention of staff. For checkers.' })
  escalateReport(@Ctx() { actor }: Context, @Arg('id', () => ID, ID_ARG) id: string) {
    return this.run(actor, { action: 'escalateReport', subject: id }, (work) => escalateReport(work, { id }));
  }

  @PayloadMutation(REPORT, { description: 'Opens a closed report again; its conclusion is kept. For checkers.' })
  reopenReport(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('reason', () => String, REASON) reason: string,
  ) {
    return this.run(actor, { action: 'reopenReport', subject: id }, (work) => reopenReport(work, { id, reason }));
  }

  @PayloadMutation(REPORT, {
    description:
      'Shows a confirmed report on the public map, by position, category and time alone, or hides it again. For validators.',
  })
  markReportPublic(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('shown', () => Boolean, { description: 'True to show it, false to hide it.' }) shown: boolean,
  ) {
    return this.run(actor, { action: 'markReportPublic', subject: id }, (work) =>
      markReportPublic(work, { id, shown }),
    );
  }

  @PayloadMutation(REPORT, {
    description: 'Takes names out of the text of a report and keeps them apart. For checkers.',
  })
  maskPeople(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('people', () => [String], { description: 'The names, as they stand in the text.' }) people: string[],
  ) {
    return this.run(actor, { action: 'maskPeople', subject: id }, (work) => maskPeople(work, { id, people }));
  }

  @PayloadMutation(PERSONAL_DATA, {
    description:
      'Reads what identifies people in a report. A mutation, because every reading is recorded. For checkers and duty officers; for 24 hours also for the contact of the Sdis to whom a flash about the report was sent.',
  })
  async readPersonalData(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
  ): Promise<{ personalData: PersonalData | null }> {
    const deed = { action: 'readPersonalData', subject: id } as const;
    return { personalData: await this.office.run(actor, deed, (work) => readPersonalData(work, { id })) };
  }

  private async run(
    actor: Actor | null,
    deed: Deed,
    command: (work: ReportWork) => Promise<{ id: string }>,
  ): Promise<{ report: () => Promise<ReportView> }> {
    const { id } = await this.office.run(actor, deed, command);
    return { report: () => this.view(id) };
  }

  private async view(id: string): Promise<ReportView> {
    const [view] = await this.reports.view([id]);
    return present(view, 'report', id);
  }
}
