import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { OrganisationView } from '../accounts/organisations/organisation.queries.ts';
import { OrganisationType } from '../accounts/organisations/organisation.types.ts';
import { CommuneCodeScalar, DateTimeScalar } from '../graphql/scalars.ts';
import { connectionOf } from '../paging/connection.types.ts';
import { FRENCH } from '../publications/content/language.rules.ts';
import { LanguageTagScalar } from '../publications/content/language.types.ts';
import { graphqlEnum, PublicationKindEnum, SeverityEnum } from '../publications/enum.types.ts';
import type { PublicationKind, Severity } from '../publications/vocabulary.ts';
import type { InstitutionView, MailboxView } from './institution.queries.ts';
import { INSTITUTION_KINDS, type InstitutionKind, MAILBOX_STATES, type MailboxState } from './vocabulary.ts';

const InstitutionKindEnum = graphqlEnum(
  'InstitutionKind',
  INSTITUTION_KINDS,
  'The kinds of institutions that are written to.',
  {
    TOWN_HALL: 'A town hall.',
    MEDIA: 'A newspaper, a radio, a television.',
    SCHOOL: 'A school, a college, a nursery.',
    HEALTH: 'A hospital, a home for elderly people.',
    NETWORK_OPERATOR: 'An operator of roads, trains, water, power or telephones.',
    ASSOCIATION: 'An association, such as one of civil protection.',
    STATE_SERVICE: 'A service of the State.',
  },
);

const MailboxStateEnum = graphqlEnum('MailboxState', MAILBOX_STATES, 'Whether letters go to a mailbox.', {
  INVITED: 'It got one letter, and gets nothing else before its holder confirms it.',
  CONFIRMED: 'Its holder confirmed it.',
  MANDATED: 'An ADMIN named the agreement by which it is written to.',
  LEFT: 'Its holder asked for no more letters; invite it anew to write to it.',
});

@ObjectType('Mailbox', { description: 'An e-mail address of an institution.' })
export class MailboxType implements MailboxView {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
  @Field(() => String, { description: 'The address; a domain with accents in its ASCII form.' })
  address!: string;
  @Field(() => String, { description: 'Whose it is, as “Astreinte”.' })
  label!: string;
  @Field(() => Boolean, { description: 'Whether it names a person.' })
  personal!: boolean;
  @Field(() => MailboxStateEnum, { description: 'Whether letters go to it.' })
  state!: MailboxState;
  @Field(() => String, { nullable: true, description: 'By which agreement it is MANDATED; null otherwise.' })
  agreement!: string | null;
  @Field(() => DateTimeScalar, { description: 'When it was invited.' })
  invitedAt!: string;
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was confirmed or mandated; null before.' })
  confirmedAt!: string | null;
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When its holder left; the address is erased 30 days later. Null before.',
  })
  leftAt!: string | null;
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Since when the address is refused; null where the last letter was taken.',
  })
  bouncingSince!: string | null;
  @Field(() => String, { nullable: true, description: 'Why it is refused, in French; null where it is not.' })
  fault!: string | null;
}

@ObjectType('Institution', {
  description: 'A town hall, a newsroom, a school … that gets letters on publications. Staff only.',
})
export class InstitutionType implements Omit<InstitutionView, 'communes' | 'mailboxes'> {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
  @Field(() => Int, { description: 'Grows each time it is saved; send it with the next.' })
  version!: number;
  @Field(() => InstitutionKindEnum, { description: 'The kind of institution.' })
  kind!: InstitutionKind;
  @Field(() => String, { description: 'Its name.' })
  name!: string;
  @Field(() => OrganisationType, {
    nullable: true,
    description: 'The organisation by which it takes part in incidents; null where it has none.',
  })
  organisation!: OrganisationView | null;
  @Field(() => [PublicationKindEnum], {
    nullable: true,
    description: 'The kinds that it is told of; null: every kind.',
  })
  kinds!: PublicationKind[] | null;
  @Field(() => SeverityEnum, { nullable: true, description: 'The least severity of alerts; null: all of them.' })
  severityAtLeast!: Severity | null;
  @Field(() => LanguageTagScalar, {
    description: 'The language of its letters, where there are words in it; else French.',
  })
  language!: string;
  @Field(() => Boolean, {
    description:
      'Whether it asked for exercises: of an incident that names organisations, it gets them where its own takes part.',
  })
  exercises!: boolean;
  @Field(() => [MailboxType], { description: 'Its mailboxes, those that were left for 30 days.' })
  mailboxes!: MailboxView[];
}

@InputType('InstitutionInput', { description: 'An institution, and what it is told of.' })
export class InstitutionInput {
  @Field(() => ID, { nullable: true, description: 'The one that is saved anew; null: a new one.' })
  id!: string | null;
  @Field(() => Int, { nullable: true, description: 'The version that you saw; null for a new one.' })
  version!: number | null;
  @Field(() => InstitutionKindEnum, { description: 'The kind of institution.' })
  kind!: InstitutionKind;
  @Field(() => String, { description: 'Its name.' })
  name!: string;
  @Field(() => ID, { nullable: true, description: 'The organisation by which it takes part in incidents.' })
  organisation!: string | null;
  @Field(() => [PublicationKindEnum], {
    nullable: true,
    description: 'The kinds that it is told of; null: every kind.',
  })
  kinds!: PublicationKind[] | null;
  @Field(() => [CommuneCodeScalar], { nullable: true, description: 'INSEE codes; null: everywhere.' })
  communes!: string[] | null;
  @Field(() => SeverityEnum, { nullable: true, description: 'The least severity of alerts; null: all of them.' })
  severityAtLeast!: Severity | null;
  @Field(() => LanguageTagScalar, { defaultValue: FRENCH, description: 'The language of its letters (BCP 47).' })
  language!: string;
  @Field(() => Boolean, { defaultValue: false, description: 'Whether it asked for exercises.' })
  exercises!: boolean;
}

export const InstitutionConnectionType = connectionOf('Institution', () => InstitutionType, {
  description: 'A page of institutions, by name.',
  nodes: 'The institutions of this page.',
});

@ObjectType('LetterService', { description: 'Whether letters leave the hub, and how many wait.' })
export class LetterServiceType {
  @Field(() => Boolean, { description: 'False where the operator set no mail relay: nothing is sent.' })
  sends!: boolean;
  @Field(() => String, { nullable: true, description: 'The address that letters come from; null where none leaves.' })
  sender!: string | null;
  @Field(() => Int, { description: 'Letters that wait.' })
  waiting!: number;
  @Field(() => Int, { description: 'How long the oldest of them waits, in seconds; 0 where none does.' })
  oldestSeconds!: number;
}
