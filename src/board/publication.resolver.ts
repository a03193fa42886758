import { Arg, Extensions, FieldResolver, Resolver, Root } from 'type-graphql';
import { VOLATILE } from '../graphql/document-facts.ts';
import { FRENCH, type TextContent } from '../publications/content/content.ts';
import { bestText, isStale } from '../publications/content/translations.rules.ts';
import type { PublicDocument } from '../publications/document.ts';
import { PublicStateEnum } from '../publications/enum.types.ts';
import type { PublishedRevision } from '../publications/frozen.ts';
import {
  AreaType,
  IncidentType,
  PublicationType,
  PublicRevisionType,
  TextType,
} from '../publications/publication.types.ts';
import { CommuneType } from '../territory/commune.types.ts';
import type { Commune } from '../territory/territory.ts';
import type { PublicReads } from './public-reads.ts';

interface PublicText {
  language: string;
  headline: string;
  description: string;
  instruction: string | null;
  stale: boolean;
}

// The list of texts belongs to an immutable document: what is derived from it is derived once.
const known = new WeakMap<readonly TextContent[], PublicText[]>();

/** Texts as the public reads them, French first, each marked where the French has moved on. */
function publicTexts(texts: readonly TextContent[]): PublicText[] {
  const found = known.get(texts);
  if (found) return found;
  const made = texts
    .map(({ language, headline, description, instruction, ...text }) => ({
      language,
      headline,
      description,
      instruction,
      stale: isStale({ language, headline, description, instruction, ...text }, texts),
    }))
    .sort((a, b) => Number(b.language === FRENCH) - Number(a.language === FRENCH));
  known.set(texts, made);
  return made;
}

function textIn(texts: readonly TextContent[], language: string): PublicText {
  const text = bestText(publicTexts(texts), language);
  if (!text) throw new Error('a published document without French text');
  return text;
}

const LANGUAGE = {
  defaultValue: FRENCH,
  description: 'BCP 47 tag; the best match is answered: exact, then the same primary language, then French.',
};

@Resolver(() => PublicationType)
export class PublicationResolver {
  constructor(private readonly reads: PublicReads) {}

  @FieldResolver(() => String)
  url(@Root() document: PublicDocument): string {
    return `${this.reads.publicUrl}/publications/${document.id}`;
  }

  @Extensions(VOLATILE)
  @FieldResolver(() => PublicStateEnum)
  state(@Root() document: PublicDocument): string {
    return this.reads.board.state(document);
  }

  @FieldResolver(() => TextType, { description: 'Its words in the language asked for, or the nearest to it.' })
  text(@Root() document: PublicDocument, @Arg('language', () => String, LANGUAGE) language: string): PublicText {
    return textIn(document.texts, language);
  }

  @FieldResolver(() => [TextType])
  texts(@Root() document: PublicDocument): PublicText[] {
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
  @FieldResolver(() => TextType, { description: 'Its words in the language asked for, or the nearest to it.' })
  text(@Root() revision: PublishedRevision, @Arg('language', () => String, LANGUAGE) language: string): PublicText {
    return textIn(revision.texts, language);
  }
}

@Resolver(() => IncidentType)
export class IncidentResolver {
  constructor(private readonly reads: PublicReads) {}

  @Extensions(VOLATILE)
  @FieldResolver(() => [PublicationType], {
    description: 'Its publications that are live now, newest first, without exercises and tests.',
  })
  publications(@Root() incident: { id: string }): PublicDocument[] {
    return this.reads.board
      .ofIncident(incident.id)
      .filter(({ document }) => document.mode === 'ACTUAL')
      .sort((a, b) => b.revised - a.revised)
      .map(({ document }) => document);
  }
}
