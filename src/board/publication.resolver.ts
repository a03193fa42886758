import { Arg, Extensions, FieldResolver, ID, Int, Resolver, Root } from 'type-graphql';
import { VOLATILE } from '../graphql/document-facts.ts';
import { DateTimeScalar, UrlScalar } from '../graphql/scalars.ts';
import { type PublicationField, publicationFields } from '../publications/changed/changed-fields.rules.ts';
import { LANGUAGES, LanguageTagScalar } from '../publications/content/language.types.ts';
import type { PublicDocument, PublicView } from '../publications/document.ts';
import { endingAt, endsAtOf, type PublicEnding } from '../publications/ending/ending.rules.ts';
import { PublicStateEnum } from '../publications/enum.types.ts';
import type { PublishedRevision } from '../publications/frozen.ts';
import {
  AreaType,
  EndingType,
  IncidentType,
  PublicationType,
  PublicRevisionType,
  TextType,
} from '../publications/publication.types.ts';
import { type Announced, revisionId, viewId } from '../publications/view.ts';
import { CommuneType } from '../territory/commune.types.ts';
import type { Commune } from '../territory/territory.ts';
import type { PublicReads } from './public-reads.ts';
import { type PublicText, publicTexts, textIn } from './public-texts.ts';

type AreaView = PublicDocument['areas'][number] & { id: string };
type RevisionView = Omit<PublishedRevision, 'changedFields' | 'minor' | 'publisher' | 'signatories'> & {
  id: string;
  publisher: NonNullable<PublishedRevision['publisher']> | null;
  signatories: NonNullable<PublishedRevision['signatories']>;
  changedFields: PublicationField[];
  minor: boolean;
};

@Resolver(() => PublicationType)
export class PublicationResolver {
  constructor(private readonly reads: PublicReads) {}

  @FieldResolver(() => ID)
  id(@Root() publication: Announced<PublicDocument>): string {
    return viewId(publication);
  }

  @FieldResolver(() => ID)
  thread(@Root() { id }: PublicDocument): string {
    return id;
  }

  @FieldResolver(() => [AreaType])
  areas(@Root() view: Announced<PublicDocument>): AreaView[] {
    return view.areas.map((area, index) => ({ ...area, id: `${revisionId(view)}.areas.${index}` }));
  }

  @FieldResolver(() => [PublicRevisionType])
  history(@Root() view: Announced<PublicDocument>): RevisionView[] {
    return view.history.map((revision) => ({
      ...revision,
      id: revisionId(view, revision.number),
      changedFields: publicationFields(revision.type, revision.changedFields),
      minor: revision.minor ?? false,
      publisher: revision.publisher ?? null,
      signatories: revision.signatories ?? [],
    }));
  }

  @FieldResolver(() => Int)
  position(@Root() { id, position }: Announced<PublicDocument>): number {
    // The board shows what a mutation has announced before that is answered.
    return position ?? this.reads.board.get(id)?.position ?? 0;
  }

  @FieldResolver(() => UrlScalar)
  url(@Root() document: PublicDocument): string {
    return `${this.reads.publicUrl}/publications/${document.id}`;
  }

  @Extensions(VOLATILE)
  @FieldResolver(() => PublicStateEnum)
  state(@Root() document: PublicDocument): string {
    return this.reads.board.state(document);
  }

  @FieldResolver(() => DateTimeScalar, { nullable: true })
  endsAt(@Root() document: PublicDocument): string | null {
    return endsAtOf(document);
  }

  @FieldResolver(() => DateTimeScalar, { nullable: true })
  announcedEndsAt(@Root() document: PublicDocument): string | null {
    return document.endsAt;
  }

  @Extensions(VOLATILE)
  @FieldResolver(() => EndingType, {
    nullable: true,
    description: 'How it came to its end; null while it holds or is still to come.',
  })
  ending(@Root() document: PublicDocument): PublicEnding | null {
    return endingAt(document, this.reads.board.now);
  }

  @FieldResolver(() => TextType, { description: 'Its words in the first of these languages that there is.' })
  text(
    @Root() document: PublicDocument,
    @Arg('languages', () => [LanguageTagScalar], LANGUAGES) languages: string[],
  ): PublicText {
    return textIn(document.texts, languages);
  }

  @FieldResolver(() => [TextType])
  translations(@Root() document: PublicDocument): PublicText[] {
    return publicTexts(document.texts);
  }

  @FieldResolver(() => [CommuneType])
  communes(@Root() document: PublicDocument): Commune[] {
    return this.reads.territory.communesOf(document.communes);
  }

  @FieldResolver(() => IncidentType, { nullable: true, description: 'The incident that it belongs to; null for none.' })
  incident(@Root() document: PublicDocument): PublicDocument['incident'] {
    return document.incident;
  }
}

@Resolver(() => EndingType)
export class EndingResolver {
  @FieldResolver(() => TextType, {
    nullable: true,
    description: 'The words of the all clear, in the first of these languages that there is; null for the other kinds.',
  })
  text(
    @Root() { texts }: PublicEnding,
    @Arg('languages', () => [LanguageTagScalar], LANGUAGES) languages: string[],
  ): PublicText | null {
    return texts && textIn(texts, languages);
  }
}

@Resolver(() => AreaType)
export class AreaResolver {
  constructor(private readonly reads: PublicReads) {}

  @FieldResolver(() => [CommuneType])
  communes(@Root() area: PublicDocument['areas'][number]): Commune[] {
    return this.reads.territory.communesOf(area.communes);
  }
}

@Resolver(() => PublicRevisionType)
export class PublicRevisionResolver {
  @FieldResolver(() => TextType, { description: 'Its words in the first of these languages that there is.' })
  text(
    @Root() revision: PublishedRevision,
    @Arg('languages', () => [LanguageTagScalar], LANGUAGES) languages: string[],
  ): PublicText {
    return textIn(revision.texts, languages);
  }
}

@Resolver(() => IncidentType)
export class IncidentResolver {
  constructor(private readonly reads: PublicReads) {}

  @Extensions(VOLATILE)
  @FieldResolver(() => [PublicationType], {
    description: 'Its publications that are live now, newest first, without exercises and tests.',
  })
  publications(@Root() incident: { id: string }): PublicView[] {
    return this.reads.board
      .ofIncident(incident.id)
      .filter(({ brief }) => brief.mode === 'ACTUAL')
      .sort((a, b) => b.revised - a.revised)
      .map(({ document }) => document);
  }
}
