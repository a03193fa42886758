import { Arg, Extensions, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { PublicReads } from '../../board/public-reads.ts';
import { VOLATILE } from '../../graphql/document-facts.ts';
import { FRENCH } from '../../publications/content/language.rules.ts';
import { LANGUAGES, LanguageTagScalar } from '../../publications/content/language.types.ts';
import { firstText } from '../../publications/content/translations.rules.ts';
import type { PublicView } from '../../publications/document.ts';
import { permalinkOf } from '../../publications/permalink.rules.ts';
import { PublicationType } from '../../publications/publication.types.ts';
import type { Post } from '../social/posts/post.rules.ts';
import { postAbout } from '../social/posts/posts.ts';
import { demandSize, type Panel, relayPanel } from './panel/panel.rules.ts';
import { roadPanel } from './panel/road-panel.rules.ts';
import { RelayKitType, RelayPanelType } from './relay.types.ts';
import { type RelayFacts, relayFacts } from './relay-facts.rules.ts';
import { relayBody, relayTitle } from './relay-text.rules.ts';
import { spokenText } from './spoken/spoken.rules.ts';

interface RelayKit {
  document: PublicView;
  revision: number;
  /** The reader's, in order. */
  languages: readonly string[];
  language: string;
  outdated: boolean;
}

/** The kit of each publication, made of its public document: everybody may read it. */
@Resolver(() => PublicationType)
export class PublicationRelayResolver {
  constructor(private readonly reads: PublicReads) {}

  @Extensions(VOLATILE)
  @FieldResolver(() => RelayKitType, {
    description: 'What a town hall passes on of it: a notice, panels, a text for call automata.',
  })
  relayKit(
    @Root() document: PublicView,
    @Arg('languages', () => [LanguageTagScalar], LANGUAGES) languages: string[],
  ): RelayKit {
    const { texts } = document.allClear ?? document;
    const asked = firstText(texts, languages)?.language ?? FRENCH;
    const { post } = factsOf(this.reads, document, asked);
    return { document, revision: document.revision, languages, language: post.language, outdated: post.outdated };
  }
}

@Resolver(() => RelayKitType)
export class RelayKitResolver {
  constructor(private readonly reads: PublicReads) {}

  @FieldResolver(() => String, { description: 'A text to send by SMS: that of `socialPosts(network: SMS)`.' })
  short(@Root() kit: RelayKit): string {
    return this.#sms(kit).text;
  }

  @FieldResolver(() => Int, { description: 'How many parts the short text is charged as.' })
  segments(@Root() kit: RelayKit): number {
    return this.#sms(kit).segments ?? 1;
  }

  @FieldResolver(() => String, { description: 'A title for an app of the town: at most 50 signs.' })
  title(@Root() { document, language }: RelayKit): string {
    return relayTitle(factsOf(this.reads, document, language));
  }

  @FieldResolver(() => String, {
    description: 'The text below it: at most 1,000 signs. Its first line, of at most 120, stands alone.',
  })
  body(@Root() { document, language }: RelayKit): string {
    return relayBody(factsOf(this.reads, document, language), permalinkOf(this.reads.publicUrl, document));
  }

  @FieldResolver(() => RelayPanelType, {
    description:
      'French capitals for a message panel of that size: what, where, what to do and until when; no word is cut.',
  })
  panel(
    @Root() { document }: RelayKit,
    @Arg('lines', () => Int, { defaultValue: 8, description: 'The lines of the panel, 1 to 12.' }) lines: number,
    @Arg('columns', () => Int, { defaultValue: 16, description: 'The signs of a line, 8 to 40.' }) columns: number,
    @Arg('accents', () => Boolean, { defaultValue: false, description: 'Whether it has letters with accents.' })
    accents: boolean,
  ): Panel {
    const form = { lines, columns, accents };
    demandSize(form);
    return relayPanel(factsOf(this.reads, document, FRENCH), this.reads.board.state(document), form);
  }

  @FieldResolver(() => [String], {
    nullable: true,
    description:
      'French capitals for a panel on the road: three lines and seven words at most, of traffic alone. Null for what is no closure, and for a parking ban.',
  })
  roadPanel(@Root() { document }: RelayKit): string[] | null {
    return roadPanel(document, this.reads.board.state(document), factsOf(this.reads, document, FRENCH));
  }

  @FieldResolver(() => String, {
    description:
      'For a synthetic voice, in French: at most 75 words, half a minute, without digits, signs and addresses.',
  })
  spoken(@Root() { document }: RelayKit): string {
    return spokenText(document, factsOf(this.reads, document, FRENCH));
  }

  #sms({ document, languages }: RelayKit): Post {
    return postAbout(this.reads, document, 'SMS', languages);
  }
}

const factsOf = ({ board, territory }: PublicReads, document: PublicView, language: string): RelayFacts =>
  relayFacts(document, board.state(document), language, territory);
