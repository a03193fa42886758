import type { TextContent } from '../content/content.ts';
import type { Tongue } from '../content/tongue.ts';
import type { NewsPhase, PublicState } from '../vocabulary.ts';

/** The news that a post brings, and the language of its words. */
export interface PostNews {
  phase: NewsPhase;
  tongue: Tongue;
}

/** What it is, then the names of what it is about: the fullest first. */
export interface PostSubject {
  what: string;
  about: string[];
}

/** A part of a post. What to do is cut between sentences alone; what repeats a rumour before it answers it, not at all. */
export interface PostPart {
  text: string;
  cut: 'sentence' | 'word' | null;
  /** Whether it repeats a rumour: a panel of which one page is read alone must not show it. */
  repeatsRumour?: true;
}

export interface PostText {
  /** Empty where it must not stand alone. */
  headline: string;
  /** In reading order. */
  body: PostPart[];
}

/** The news that a panel on the road tells drivers, in French. */
export interface RoadNews {
  /** The state of the road, such as "Fermeture". */
  what: string;
  /** The shorter name of each road. */
  roads: string[];
  /** Whether its place and its hours still matter. */
  holds: boolean;
}

/** What posts and cards say of a kind, before they cut anything. */
export interface PostFace<D> {
  /** No post loses it. */
  subject(document: D, news: PostNews): PostSubject;
  /** Not asked of what was withdrawn: then its reason stands alone. */
  words(document: D, text: TextContent, news: PostNews): PostText;
  /** Hashtags without their sign, the most telling first; that of the territory follows. */
  tags(document: D): string[];
  /** A sign before the subject of a revision; absent for kinds that have none. */
  sign?(document: D): string;
  /** Said first of what was withdrawn; absent for kinds that say it in the words for all. */
  withdrawn?(tongue: Tongue): string;
  /** True where the subject says itself that it is over, so that nothing is said before it. */
  subjectSaysItIsOver?: boolean;
  /** Whether its dates no longer stand, so that a post leaves them out; absent for kinds whose dates always stand. */
  isOff?(document: D): boolean;
  /** Null where it is no matter of traffic; absent for kinds that no panel on the road shows. */
  road?(document: D, state: PublicState): RoadNews | null;
}

/** The publisher's words: what to do before what happens. Kinds put parts of their own before either. */
export const publisherWords = (
  { headline, instruction, description }: TextContent,
  own: { first?: string; beforeDescription?: string } = {},
): PostText => ({
  headline,
  body: [
    { text: own.first ?? '', cut: null },
    { text: instruction ?? '', cut: 'sentence' },
    { text: own.beforeDescription ?? '', cut: 'sentence' },
    { text: description, cut: 'word' },
  ],
});
