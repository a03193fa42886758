import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { ChangeFilter } from '../../board/filter/change-filter.types.ts';
import { DateTimeScalar, UrlScalar } from '../../graphql/scalars.ts';
import { FRENCH } from '../../publications/content/language.rules.ts';
import { LanguageTagScalar } from '../../publications/content/language.types.ts';
import { ModeEnum, PublicationKindEnum, SeverityEnum } from '../../publications/enum.types.ts';
import type { Mode, PublicationKind, Severity } from '../../publications/vocabulary.ts';
import type { PushView } from './push.queries.ts';

@ObjectType('PushFollower', {
  description: 'An app that is told by push while it is closed. Nobody but the app itself is shown it.',
})
export class PushFollowerType implements Omit<PushView, 'communes'> {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
  @Field(() => Boolean, {
    description: 'Whether the app sent the code of its first push back; until then it gets nothing else.',
  })
  confirmed!: boolean;
  @Field(() => [PublicationKindEnum], {
    nullable: true,
    description: 'The kinds that it is told of; null: every kind.',
  })
  kinds!: PublicationKind[] | null;
  @Field(() => SeverityEnum, { nullable: true, description: 'The least severity of alerts; null: all of them.' })
  severityAtLeast!: Severity | null;
  @Field(() => [ModeEnum], { description: 'The modes that it is told of.' })
  modes!: Mode[];
  @Field(() => LanguageTagScalar, {
    description: 'The language of its words, where there are some in it; else French.',
  })
  language!: string;
  @Field(() => DateTimeScalar, {
    description: 'When it is forgotten, unless the app saves it again before: do so each time that the app is opened.',
  })
  expiresAt!: string;
}

@InputType('PushInput', { description: 'A subscription of Web Push or UnifiedPush, and what it is told of.' })
export class PushInput {
  @Field(() => UrlScalar, { description: 'Its `endpoint`: an https address on the public Internet, without a port.' })
  endpoint!: string;
  @Field(() => String, { description: 'Its key `p256dh`: 65 bytes, as base64url.' })
  p256dh!: string;
  @Field(() => String, { description: 'Its key `auth`: 16 bytes, as base64url.' })
  auth!: string;
  @Field(() => String, { description: 'The `pushKey` that it was made with.' })
  key!: string;
  @Field(() => ChangeFilter, {
    description:
      'Which changes are pushed, of those that ring: 20 communes at most; no publications, incidents or hazards. Exercises only where modes name them.',
  })
  where!: ChangeFilter;
  @Field(() => LanguageTagScalar, { defaultValue: FRENCH, description: 'The language of its words (BCP 47).' })
  language!: string;
}
