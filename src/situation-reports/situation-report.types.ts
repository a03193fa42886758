import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { AccountType } from '../access/account.types.ts';
import type { NamedOrganisation } from '../access/organisations/organisation.rules.ts';
import { PublicOrganisationType } from '../access/organisations/organisation.types.ts';
import { OrganisationType } from '../accounts/organisations/organisation.types.ts';
import { DateTimeScalar } from '../graphql/scalars.ts';
import { graphqlEnum, ModeEnum } from '../publications/enum.types.ts';
import { IncidentType } from '../publications/publication.types.ts';
import type { Mode } from '../publications/vocabulary.ts';
import { SITUATION_REPORT_STATES, type SituationReportState } from './situation-report.rules.ts';

export const SituationReportStateEnum = graphqlEnum(
  'SituationReportState',
  SITUATION_REPORT_STATES,
  'How far a situation report has come.',
  {
    DRAFT: 'Its words are being written, and its figures are those of now.',
    FROZEN: 'In force: it never changes.',
    REPLACED: 'Its next edition is in force; what it says never changes.',
  },
);

@ObjectType('SourcedFigure', { description: 'A figure that an authority gave: the hub counts none of these.' })
export class SourcedFigureType {
  @Field(() => String, { description: 'The figure, in words.' })
  figure!: string;
  @Field(() => OrganisationType, { description: 'The préfecture that gave it, as it is called now.' })
  source!: OrganisationType;
  @Field(() => DateTimeScalar, { description: 'The hour of the figure.' })
  countedAt!: string;
}

@ObjectType('SituationParts', { description: 'What people write in a situation report.' })
export class SituationPartsType {
  @Field(() => String, { nullable: true, description: 'What is happening; null until somebody writes it.' })
  situation!: string | null;
  @Field(() => String, { nullable: true, description: 'What is done about it; null for nothing to say.' })
  measures!: string | null;
  @Field(() => String, { nullable: true, description: 'What is expected next; null for nothing to say.' })
  outlook!: string | null;
  @Field(() => String, { nullable: true, description: 'What the cell asks of others; null for nothing.' })
  wanted!: string | null;
  @Field(() => SourcedFigureType, {
    nullable: true,
    description: 'The toll as the préfecture tells it; null where none is given.',
  })
  toll!: SourcedFigureType | null;
  @Field(() => DateTimeScalar, { nullable: true, description: 'When the next report is due; null where nobody said.' })
  nextAt!: string | null;
}

@ObjectType('SituationReport', {
  description:
    'A situation report (point de situation) of an incident: figures that the hub counts, words that people write, frozen and numbered, on one page. Staff only.',
})
export class SituationReportType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
  @Field(() => Int, { description: 'Grows with each mutation; send it with the next.' })
  version!: number;
  @Field(() => IncidentType, { description: 'The incident.' })
  incident!: IncidentType;
  @Field(() => ModeEnum, { description: 'That of the incident: an exercise says so first.' })
  mode!: Mode;
  @Field(() => Int, { description: 'Its number within the incident, without a gap from 1 on.' })
  number!: number;
  @Field(() => Int, { description: '1, and one more for each time that its number was put right.' })
  edition!: number;
  @Field(() => SituationReportStateEnum, { description: 'How far it has come.' })
  state!: SituationReportState;
  @Field(() => String, {
    nullable: true,
    description: 'SHA-256, in hex, of all that it says, as canonical JSON (RFC 8785); null for a draft.',
  })
  contentHash!: string | null;
  @Field(() => AccountType, { nullable: true, description: 'The person who froze it; null for a draft.' })
  frozenBy!: AccountType | null;
  @Field(() => PublicOrganisationType, {
    nullable: true,
    description: 'The organisation of that person, as it was called then; null for a draft.',
  })
  organisation!: NamedOrganisation | null;
}

@InputType('SourcedFigureInput', { description: 'A figure that an authority gave.' })
export class SourcedFigureInput {
  @Field(() => String, { description: 'The figure, in words: one line of the page.' })
  figure!: string;
  @Field(() => ID, { description: 'The id of an organisation of kind PREFECTURE.' })
  source!: string;
  @Field(() => DateTimeScalar, { description: 'The hour of the figure; not in the future.' })
  countedAt!: string;
}

@InputType('SituationPartsInput', {
  description:
    'The words of a situation report; the whole of them is replaced. Each part has so many lines of the page, of some 100 characters. Name no person: what is frozen stays.',
})
export class SituationPartsInput {
  @Field(() => String, { description: 'What is happening: at most 10 lines.' })
  situation!: string;
  @Field(() => String, { nullable: true, description: 'What is done about it: at most 7 lines.' })
  measures!: string | null;
  @Field(() => String, { nullable: true, description: 'What is expected next: at most 5 lines.' })
  outlook!: string | null;
  @Field(() => String, { nullable: true, description: 'What the cell asks of others: at most 4 lines.' })
  wanted!: string | null;
  @Field(() => SourcedFigureInput, { nullable: true, description: 'The toll as the préfecture tells it.' })
  toll!: SourcedFigureInput | null;
  @Field(() => DateTimeScalar, { nullable: true, description: 'When the next report is due; in the future.' })
  nextAt!: string | null;
}
