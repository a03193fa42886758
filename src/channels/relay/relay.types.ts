import { Field, Int, ObjectType } from 'type-graphql';
import { LanguageTagScalar } from '../../publications/content/language.types.ts';

@ObjectType('RelayPanel', { description: 'What a message panel of a town shows.' })
export class RelayPanelType {
  @Field(() => [[String]], {
    description: 'At most two pages, shown in turn, each a list of lines; none where even the subject has no room.',
  })
  pages!: string[][];
  @Field(() => Boolean, {
    description:
      'False where something was left out for want of room: then let a person decide. No order is shown in part.',
  })
  complete!: boolean;
}

@ObjectType('RelayKit', {
  description:
    'What a town hall passes on of a publication as it stands now: made anew after each change. An exercise says so first in every form; what is over says that it is, and orders nothing of what it ordered.',
})
export class RelayKitType {
  @Field(() => Int, { description: 'The number of the revision that it is made of.' })
  revision!: number;
  @Field(() => LanguageTagScalar, {
    description: 'The language of `short`, `title` and `body`: the first of those asked for that there is.',
  })
  language!: string;
  @Field(() => Boolean, { description: 'True where that is a translation older than the French; `body` says so.' })
  outdated!: boolean;
}
