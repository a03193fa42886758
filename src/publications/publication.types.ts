import { Field, ID, Int, InterfaceType, ObjectType } from 'type-graphql';
import { PublicOrganisationType } from '../access/organisations/organisation.types.ts';
import { DateTimeScalar, GeoJSONScalar, UrlScalar } from '../graphql/scalars.ts';
import { connectionOf } from '../paging/connection.types.ts';
import { CommuneType } from '../territory/commune.types.ts';
import type { GeoJsonGeometry } from '../territory/geometry.rules.ts';
import type { PublicationField } from './changed/changed-fields.rules.ts';
import { PublicationFieldEnum } from './changed/changed-fields.types.ts';
import { LanguageTagScalar } from './content/language.types.ts';
import type { PublicDocument } from './document.ts';
import { EndingKindEnum, ModeEnum, PublicationKindEnum, PublicStateEnum } from './enum.types.ts';
import type { Frozen } from './frozen.ts';
import { kindOf } from './kinds.ts';
import type { EndingKind, Mode, PublicationKind, PublicState } from './vocabulary.ts';

/**
 * What the public may read of every publication. Resolvers return frozen documents; these classes are never made into
 * objects: they are the allow-list of what leaves.
 */
@ObjectType('PublicationText', { description: 'The words of a publication in one language.' })
export class TextType {
  @Field(() => LanguageTagScalar, { description: 'The language of these words.' })
  language!: string;
  @Field(() => String, { description: 'One line that says what, where and how grave.' })
  headline!: string;
  @Field(() => String, { description: 'What is happening, as plain text; paragraphs are separated by a line feed.' })
  description!: string;
  @Field(() => String, { nullable: true, description: 'What to do, as plain text; null where nothing is asked.' })
  instruction!: string | null;
  @Field(() => Boolean, { description: 'True when the French text changed after this translation was made.' })
  outdated!: boolean;
}

@ObjectType('PublicationArea', { description: 'Where a publication applies, or an incident plays.' })
export class AreaType {
  @Field(() => ID, {
    description: 'Its id: that of its revision, and its place in the list; `{incident}.perimeter` of an incident.',
  })
  id!: string;
  @Field(() => String, { description: 'The place in words.' })
  description!: string;
  @Field(() => [CommuneType], { description: 'The communes that it touches, as of today.' })
  communes!: CommuneType[];
  @Field(() => GeoJSONScalar, {
    nullable: true,
    description: 'The shape drawn for it; null where whole communes are meant (see their outlines).',
  })
  geometry!: GeoJsonGeometry | null;
}

@ObjectType('PublicationSource', { description: 'The authority that says so.' })
export class SourceType {
  @Field(() => String, { description: 'The name of the authority.' })
  name!: string;
  @Field(() => Boolean, { description: 'True when these are the words of another authority, relayed unchanged.' })
  relayed!: boolean;
  @Field(() => UrlScalar, { nullable: true, description: 'Where the original stands; null where there is none.' })
  url!: string | null;
  @Field(() => String, { nullable: true, description: 'The original’s own reference; null where there is none.' })
  reference!: string | null;
}

@ObjectType('PublicRevision', { description: 'One published version of a publication.' })
export class PublicRevisionType {
  @Field(() => ID, {
    description:
      'Its id: `{thread}@r2`; of a draft `{thread}@draft`. `publication(id:)` answers all that was public with it.',
  })
  id!: string;
  @Field(() => Int, { description: 'Counted from 1: the first publication.' })
  number!: number;
  @Field(() => DateTimeScalar, { description: 'When this revision became public.' })
  publishedAt!: string;
  @Field(() => [PublicationFieldEnum], {
    description: 'The fields that differ from the revision before; empty for the first.',
  })
  changedFields!: PublicationField[];
  @Field(() => Boolean, {
    description: 'Whether it only mended words, such as a typo: readers of the revision before know all that it says.',
  })
  minor!: boolean;
  @Field(() => PublicOrganisationType, {
    nullable: true,
    description:
      'The organisation in whose name it was published, as it was called then; null for a draft, and where that was not kept yet.',
  })
  publisher!: PublicOrganisationType | null;
  @Field(() => [PublicOrganisationType], {
    description:
      'The organisations whose people had approved it when it was published, each once; none where it left urgently without them, and where that was not kept yet.',
  })
  signatories!: PublicOrganisationType[];
  @Field(() => String, { description: 'SHA-256 of the content, in hexadecimal.' })
  contentHash!: string;
}

@ObjectType('Ending', { description: 'How a publication came to its end.' })
export class EndingType {
  @Field(() => EndingKindEnum, { description: 'What ended it.' })
  kind!: EndingKind;
  @Field(() => DateTimeScalar, { description: 'When it ended.' })
  at!: string;
  @Field(() => String, { nullable: true, description: 'Why it was withdrawn, in French; null for the other kinds.' })
  reason!: string | null;
}

@InterfaceType('Publication', {
  description: 'What the Département publishes: a thread of revisions, of which the newest is shown.',
  resolveType: (document: PublicDocument) => kindOf(document.kind).typeName,
})
export abstract class PublicationType
  implements Pick<Frozen, 'id' | 'revision' | 'publishedAt' | 'revisedAt' | 'verifiedAt' | 'startsAt' | 'endsAt'>
{
  @Field(() => ID, {
    description:
      'The id of this very object: the thread for the publication as it is public now; for a view of another moment `{thread}@r2`, `{thread}@r2.57` or `{thread}@draft`.',
  })
  id!: string;
  @Field(() => ID, { description: 'The thread: the same in every view and revision, and in addresses.' })
  thread!: string;
  @Field(() => Int, {
    description:
      'Grows with every change told of the thread: of two answers the higher one is newer. For a draft: that of what is public of its thread, or 0.',
  })
  position!: number;
  @Field(() => PublicationKindEnum, { description: 'The kind of publication.' })
  kind!: PublicationKind;
  @Field(() => UrlScalar, { description: 'Permalink of the thread.' })
  url!: string;
  @Field(() => ModeEnum, { description: 'Whether it is real, an exercise or a test.' })
  mode!: Mode;
  @Field(() => PublicStateEnum, { description: 'Where it stands now.' })
  state!: PublicState;
  @Field(() => Int, { description: 'The number of the revision shown, from 1.' })
  revision!: number;
  @Field(() => DateTimeScalar, { description: 'When it was first published.' })
  publishedAt!: string;
  @Field(() => DateTimeScalar, { description: 'When the revision shown was published.' })
  revisedAt!: string;
  @Field(() => DateTimeScalar, { description: 'When its author last confirmed that it holds.' })
  verifiedAt!: string;
  @Field(() => DateTimeScalar, { nullable: true, description: 'From when it holds; null: from its publication on.' })
  startsAt!: string | null;
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Until when it holds: the end that came, else the end announced; null where none is known.',
  })
  endsAt!: string | null;
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'The end announced, whatever came of it; null where none is.',
  })
  announcedEndsAt!: string | null;
  @Field(() => [TextType], { description: 'Its words in every language, French first.' })
  translations!: TextType[];
  @Field(() => [AreaType], { description: 'Where it applies.' })
  areas!: AreaType[];
  @Field(() => [CommuneType], { description: 'Every commune that it touches, by code.' })
  communes!: CommuneType[];
  @Field(() => SourceType, { description: 'The authority that says so.' })
  source!: SourceType;
  @Field(() => [PublicRevisionType], { description: 'Every revision up to the one shown, oldest first.' })
  history!: PublicRevisionType[];
}

@ObjectType('Incident', { description: 'A crisis or a big event that several publications belong to.' })
export class IncidentType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
  @Field(() => String, { description: 'A short name for addresses, such as crue-2016.' })
  slug!: string;
  @Field(() => String, { description: 'Its name, in French.' })
  title!: string;
}

export const PublicationConnectionType = connectionOf('Publication', () => PublicationType, {
  description: 'A page of publications.',
  nodes: 'The publications of this page.',
  isPublic: true,
});
