import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { AccountType } from '../access/account.types.ts';
import { CommuneCodeScalar, DateTimeScalar, GeoJSONScalar, UrlScalar } from '../graphql/scalars.ts';
import { connectionOf } from '../paging/connection.types.ts';
import { graphqlEnum } from '../publications/enum.types.ts';
import { EvidenceInput, PublicEvidenceType } from '../publications/evidence.types.ts';
import { PointInput } from '../territory/point.types.ts';
import { PictureType } from './pictures/picture.types.ts';
import { type ClosedState, CONCLUSIONS, REPORT_STATES, type ReportState } from './report.rules.ts';
import type { ConclusionView, ReportView } from './report-view.ts';

const FOUND = {
  CONFIRMED: 'True, by two independent sources or an official one.',
  PARTLY_CONFIRMED: 'True in part.',
  UNVERIFIABLE: 'It could not be checked.',
  REFUTED: 'Not true.',
  OUTDATED: 'It was true, and is no longer.',
};
export const ConclusionStateEnum = graphqlEnum('ConclusionState', CONCLUSIONS, 'What checking found.', FOUND);
export const ReportStateEnum = graphqlEnum('FieldReportState', REPORT_STATES, 'Where a report stands.', {
  NEW: 'Nobody is checking it now.',
  CLAIMED: 'Somebody is checking it, for 15 minutes that can be renewed.',
  ...FOUND,
  ANSWERED: 'A question whose group was answered, or sent on to another organisation.',
  DUPLICATE: 'It says the same as another report.',
  NOT_USEFUL: 'It helps nobody.',
});

@ObjectType('Conclusion', { description: 'How a report was closed.' })
export class ConclusionType implements ConclusionView {
  @Field(() => ReportStateEnum, {
    description: 'What was found; ANSWERED, DUPLICATE and NOT_USEFUL close without checking.',
  })
  state!: ClosedState;
  @Field(() => String, { description: 'The reason, in words.' })
  explanation!: string;
  @Field(() => [PublicEvidenceType], { description: 'What it rests on, in the order given.' })
  evidence!: PublicEvidenceType[];
  @Field(() => AccountType, { description: 'The person who drew it.' })
  by!: AccountType;
  @Field(() => DateTimeScalar, { name: 'concludedAt', description: 'When it was drawn.' })
  at!: string;
}

@ObjectType('FieldReport', { description: 'Something that somebody saw. For volunteers and staff; never public.' })
export class ReportType implements Omit<ReportView, ResolvedField> {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
  @Field(() => ReportStateEnum, { description: 'Where it stands now.' })
  state!: ReportState;
  @Field(() => String, { description: 'What was seen or said; a mark such as [téléphone 1] stands for personal data.' })
  text!: string;
  @Field(() => String, { description: 'How it came: the name of a network, CALL, FEED …' })
  channel!: string;
  @Field(() => UrlScalar, {
    nullable: true,
    description: 'Where it can be seen; null where there is no address, or where the address names an account.',
  })
  url!: string | null;
  @Field(() => DateTimeScalar, { description: 'When it was seen.' })
  seenAt!: string;
  @Field(() => DateTimeScalar, { description: 'When it was submitted.' })
  submittedAt!: string;
  @Field(() => GeoJSONScalar, { nullable: true, description: 'The Point where it was seen; null where not given.' })
  point!: ReportView['point'];
  @Field(() => String, {
    nullable: true,
    description: 'What it is about; null where not given. QUESTION: it asks something.',
  })
  category!: string | null;
  @Field(() => AccountType, { description: 'The person who submitted it.' })
  submittedBy!: AccountType;
  @Field(() => AccountType, {
    nullable: true,
    description: 'The person who is checking it; null unless CLAIMED.',
  })
  claimedBy!: AccountType | null;
  @Field(() => DateTimeScalar, { nullable: true, description: 'Until when it is claimed; null unless CLAIMED.' })
  claimedUntil!: string | null;
  @Field(() => Boolean, { description: 'Whether a checker brought it to the attention of staff.' })
  escalated!: boolean;
  @Field(() => Boolean, { description: 'Whether the public map shows it, by position, category and time alone.' })
  markedPublic!: boolean;
  @Field(() => ConclusionType, { nullable: true, description: 'How it was closed; null while it is open.' })
  conclusion!: ConclusionView | null;
  @Field(() => [PictureType], { description: 'Its pictures, at most 10, in the order in which they came.' })
  pictures!: PictureType[];
}
type ResolvedField = 'commune' | 'duplicateOf' | 'questionGroup';

export const ReportConnectionType = connectionOf('FieldReport', () => ReportType, {
  description: 'A page of reports, the newest first.',
  nodes: 'The reports of this page.',
});

@ObjectType('PersonalItem', { description: 'One thing that identifies somebody.' })
export class PersonalItemType {
  @Field(() => String, { description: 'The mark that stands for it in the text, such as [téléphone 1].' })
  mark!: string;
  @Field(() => String, { description: 'What was captured.' })
  value!: string;
}

@ObjectType('PersonalData', { description: 'What identifies people in a report. Erased 90 days after it is closed.' })
export class PersonalDataType {
  @Field(() => String, { description: 'The text as it was captured.' })
  captured!: string;
  @Field(() => UrlScalar, { nullable: true, description: 'The address as it was captured; null where there was none.' })
  url!: string | null;
  @Field(() => [PersonalItemType], { description: 'What was taken out of the text.' })
  items!: readonly PersonalItemType[];
}

@InputType('FieldReportInput', {
  description: 'Something seen. Personal data are taken out of its text and kept apart.',
})
export class FieldReportInput {
  @Field(() => String, { description: 'What was seen or said, as it was; plain text, at most 10,000 characters.' })
  text!: string;
  @Field(() => String, { description: 'How it came: the name of a network, CALL, FEED …' })
  channel!: string;
  @Field(() => UrlScalar, { nullable: true, description: 'Where it can be seen: an absolute http or https address.' })
  url!: string | null;
  @Field(() => DateTimeScalar, { description: 'When it was seen; not in the future.' })
  seenAt!: string;
  @Field(() => CommuneCodeScalar, { nullable: true, description: 'INSEE code; a former code means its successor.' })
  commune!: string | null;
  @Field(() => PointInput, { nullable: true, description: 'Where it was seen; in the Essonne (5 km tolerance).' })
  point!: PointInput | null;
  @Field(() => String, {
    nullable: true,
    description:
      'An address in place of the point: its label as `addresses` answers it, or words that fit no other. Its point is kept, and the address is not.',
  })
  address!: string | null;
  @Field(() => String, {
    nullable: true,
    description:
      'What it is about; the public map shows it if the report gets there. QUESTION, in either case: it asks something, and is answered rather than checked.',
  })
  category!: string | null;
  @Field(() => [String], {
    nullable: true,
    description: 'Names of people that stand in the text, to be taken out. Numbers and accounts are recognised.',
  })
  people!: string[] | null;
  @Field(() => [ID], {
    nullable: true,
    description:
      'The ids of at most 10 pictures that you have brought by `POST /desk/pictures` before, and that no report has.',
  })
  pictures!: string[] | null;
}

@InputType('ConclusionInput', { description: 'What checking found.' })
export class ConclusionInput {
  @Field(() => ConclusionStateEnum, { description: 'What was found.' })
  state!: (typeof CONCLUSIONS)[number];
  @Field(() => String, { description: 'The reason, in words.' })
  explanation!: string;
  @Field(() => [EvidenceInput], {
    description: 'What it rests on. CONFIRMED needs two distinct independence groups, or an official source.',
  })
  evidence!: EvidenceInput[];
}
