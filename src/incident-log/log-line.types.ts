import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { AccountType } from '../access/account.types.ts';
import { PublicOrganisationType } from '../access/organisations/organisation.types.ts';
import { CommuneCodeScalar, DateTimeScalar } from '../graphql/scalars.ts';
import { connectionOf } from '../paging/connection.types.ts';
import { graphqlEnum } from '../publications/enum.types.ts';
import { LOG_AUDIENCES, LOG_KINDS, type LogAudience, type LogKind } from './log-line.rules.ts';
import type { LogLineView } from './log-lines.queries.ts';

export const LogKindEnum = graphqlEnum('LogKind', LOG_KINDS, 'What a line of a log tells of.', {
  DEED: 'Something that was done in the hub; the hub alone writes such a line.',
  MESSAGE_IN: 'A message that came in: a call, a radio message, an e-mail.',
  MESSAGE_OUT: 'A message that went out.',
  FACT: 'Something that happened.',
  DECISION: 'Something that was decided.',
  REQUEST: 'Something that somebody is asked for.',
  ANSWER: 'The answer to a request.',
  CORRECTION: 'It says what another line should have said; that line stays.',
});
export const LogAudienceEnum = graphqlEnum('LogAudience', LOG_AUDIENCES, 'The readers that a line is meant for.', {
  CELL: 'The staff of the cell.',
  PARTICIPANTS: 'Those who take part in the incident as well. So far staff alone read logs.',
});

@ObjectType('LogLine', {
  description:
    'A line of the log of an incident. It never changes, but for people who are taken out of it. Staff only.',
})
export class LogLineType implements Omit<LogLineView, 'incident' | ResolvedField> {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
  @Field(() => Int, { description: 'Its number in the log: 1 for the first line, without a gap.' })
  number!: number;
  @Field(() => LogKindEnum, { description: 'What it tells of.' })
  kind!: LogKind;
  @Field(() => DateTimeScalar, { description: 'When it happened, as its writer says.' })
  happenedAt!: string;
  @Field(() => DateTimeScalar, { description: 'When it was written; no line before it was written later.' })
  writtenAt!: string;
  @Field(() => AccountType, { nullable: true, description: 'The person who wrote it; null for what the clock did.' })
  by!: AccountType | null;
  @Field(() => PublicOrganisationType, {
    nullable: true,
    description: 'The organisation of that person, as it was called then; null for what the clock did.',
  })
  organisation!: PublicOrganisationType | null;
  @Field(() => String, { nullable: true, description: 'From whom a message came; null where not given.' })
  sender!: string | null;
  @Field(() => String, { nullable: true, description: 'To whom a message went; null where not given.' })
  recipient!: string | null;
  @Field(() => String, { nullable: true, description: 'How a message came or left; null where not given.' })
  means!: string | null;
  @Field(() => String, { description: 'What it says, as plain text.' })
  text!: string;
  @Field(() => Boolean, { description: 'Whether its writer marked it as important.' })
  important!: boolean;
  @Field(() => LogAudienceEnum, { description: 'The readers that it is meant for.' })
  audience!: LogAudience;
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When people were last taken out of its words; null where nobody was.',
  })
  maskedAt!: string | null;
}
type ResolvedField =
  | 'corrects'
  | 'correctsNumber'
  | 'correctedBy'
  | 'correctedByNumber'
  | 'dossier'
  | 'report'
  | 'communes';

export const LogLineConnectionType = connectionOf('LogLine', () => LogLineType, {
  description: 'A page of the log of an incident, the newest line first.',
  nodes: 'The lines of this page.',
});

@InputType('LogFilter', { description: 'Lines that meet every field that is given; all lines without any.' })
export class LogFilter {
  @Field(() => [LogKindEnum], { nullable: true, description: 'Of one of these kinds.' })
  kinds!: LogKind[] | null;
  @Field(() => LogAudienceEnum, { nullable: true, description: 'Meant for these readers.' })
  audience!: LogAudience | null;
  @Field(() => DateTimeScalar, { nullable: true, description: 'Happened then or later.' })
  from!: string | null;
  @Field(() => DateTimeScalar, { nullable: true, description: 'Happened before.' })
  to!: string | null;
  @Field(() => [ID], { nullable: true, description: 'Written by somebody of one of these organisations then.' })
  organisations!: string[] | null;
  @Field(() => [CommuneCodeScalar], { nullable: true, description: 'Naming one of these communes.' })
  communes!: string[] | null;
  @Field(() => Boolean, { nullable: true, description: 'Whether they are marked as important.' })
  important!: boolean | null;
  @Field(() => ID, { nullable: true, description: 'Naming this publication, or its dossier: the id is the same.' })
  publication!: string | null;
  @Field(() => String, {
    nullable: true,
    description:
      'Words of the text, the sender or the recipient, whatever accents and endings; at most 200 characters.',
  })
  search!: string | null;
}

@InputType('LogLineInput', { description: 'A line of a log.' })
export class LogLineInput {
  @Field(() => LogKindEnum, { description: 'What it tells of; never DEED.' })
  kind!: LogKind;
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it happened, not in the future; null: now.' })
  happenedAt!: string | null;
  @Field(() => String, { nullable: true, description: 'From whom a message came; at most 200 characters.' })
  sender!: string | null;
  @Field(() => String, { nullable: true, description: 'To whom a message went; at most 200 characters.' })
  recipient!: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'How it came or left, such as téléphone; at most 60 characters.',
  })
  means!: string | null;
  @Field(() => String, { description: 'What it says; plain text, at most 4,000 characters.' })
  text!: string;
  @Field(() => Boolean, { defaultValue: false, description: 'Whether it is important.' })
  important!: boolean;
  @Field(() => LogAudienceEnum, { defaultValue: 'CELL', description: 'The readers that it is meant for.' })
  audience!: LogAudience;
  @Field(() => ID, { nullable: true, description: 'The id of the line that a CORRECTION puts right, of the same log.' })
  corrects!: string | null;
  @Field(() => ID, { nullable: true, description: 'The id of a publication, or of its dossier, that it is about.' })
  publication!: string | null;
  @Field(() => ID, { nullable: true, description: 'The id of a report that it is about.' })
  report!: string | null;
  @Field(() => [CommuneCodeScalar], { defaultValue: [], description: 'The communes that it is about.' })
  communes!: string[];
}
