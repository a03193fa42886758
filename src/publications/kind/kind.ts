import type { z } from 'zod';
import type { Action } from '../../access/permissions.rules.ts';
import type { FieldFault } from '../../errors.ts';
import type { GeoJsonGeometry } from '../../territory/geometry.rules.ts';
import type { Territory } from '../../territory/territory.ts';
import type { AlertDocument, CapMessage } from '../alert/alert.content.ts';
import type { Block } from '../content/block.ts';
import type { Content } from '../content/content.ts';
import type { LintFinding } from '../content/lint.rules.ts';
import type { Tongue } from '../content/tongue.ts';
import type { ConfirmedOrder } from '../decision/confirmation.ts';
import type { PublicDecision } from '../decision/decision.content.ts';
import type { PublicDocument, PublicView } from '../document.ts';
import type { EventDocument } from '../event/event.content.ts';
import type { Frozen, Public } from '../frozen.ts';
import type { GroundPhase, PublicationKind, Severity, Urgency } from '../vocabulary.ts';
import type { Briefly } from './brief.ts';
import type { LinkedData, LinkedDataSetting } from './linked-data.ts';
import type { MapFace } from './map.ts';
import type { PageFace } from './page.ts';
import type { PostFace } from './post.ts';
import type { SituationFace } from './situation.ts';
import type { TextFace } from './text.ts';

/** The moments between which a publication is in force; null where it is open on that side. RFC 3339. */
export interface Window {
  startsAt: string | null;
  endsAt: string | null;
}

/** A danger that a publication warns of, as filters and colours ask for it. */
export interface Danger {
  severity: Severity;
  urgency: Urgency;
  hazard: string;
  categories: readonly string[];
}

/** Another publication that a content names. */
export interface Reference {
  /** Where the content names it. */
  path: string;
  id: string;
  kind: PublicationKind;
  /**
   * `named`: its id alone is kept, and a dossier is enough. `pinned`: it must be public, and its document of the moment of
   * publication is frozen into this one.
   */
  use: 'named' | 'pinned';
  /** The fault of an id that names nothing of that kind. */
  fault: string;
}

/** What a new revision of a document is made of. */
export interface Carriage<C, D> {
  content: C;
  /** The document that the public knows so far; null for a first publication. */
  before: D | null;
  /** The CAP message of this revision; null for kinds that send none, and in previews. */
  message: CapMessage | null;
  /** The documents of the references of use `pinned`, as they are public at this moment. */
  pinned: readonly PublicView[];
  /** When it is published. */
  at: Date;
}

/** What an editor saw on the ground, and when. RFC 3339. */
export interface Sighting {
  at: string;
  note: string | null;
}

/** The last sighting, in French. */
export interface Seen extends Sighting {
  words: string;
}

/** A sighting that overtakes the words of the revision, so that it is news of its own: a closed road was seen open again. */
export interface GroundNews {
  phase: GroundPhase;
  at: string;
  /** Whether it is a relief, as an all clear is. */
  good: boolean;
}

/** For kinds of which editors record what they see on the ground, without a revision. */
export interface Observable<D extends Frozen, S extends object = object> {
  /** The mutation and the permission that it needs. */
  action: Action;
  /** Reads the arguments beside `id`, `at` and `note`. */
  schema: z.ZodType<S>;
  /** Refuses what cannot be true of this document, or what came too late. Paths are names of arguments. */
  faults?(document: D, seen: S & Sighting): FieldFault[];
  /** The document with what was seen. Only its field `observed` may differ. */
  record(document: D, seen: S & Sighting): D;
  /** Whether an app should sound. */
  rings(before: D, after: D): boolean;
  /** The last sighting; null while there is none. */
  seen(document: D): Seen | null;
  /** What was seen that overtakes the words of the revision; null while those hold. */
  news(document: D): GroundNews | null;
  /** The words that replace those of the revision then. */
  newsText(document: D, tongue: Tongue): { title: string; blocks: Block[] };
}

/**
 * What one kind of publication adds to the shared dossier, revision, journal and board. A new kind is one folder that
 * exports one of these; the lists that it joins fail to compile without it.
 */
export interface Kind<C extends Content = Content, D extends Frozen = Frozen> {
  name: PublicationKind;
  /** Its name within the names of its mutations: `Alert` in `draftAlert`. */
  noun: string;
  /** The GraphQL type of its documents. */
  typeName: string;
  /** One sentence on what it is, for the public schema. */
  meaning: string;
  /** Reads an input's fields; its output is canonical content. */
  schema: z.ZodType<C>;
  /** What a schema cannot say, because it needs the territory or two fields at once. Paths start at the content. */
  faults(content: C, territory: Territory): FieldFault[];
  /**
   * Fills in what follows from the rest (a closure's area from its path), and from the content that it replaces, if any.
   * Runs before `faults` of places.
   */
  settle(content: C, territory: Territory, before: C | null): C;
  window(content: C): Window;
  danger(content: Briefly<Public<C>>): Danger | null;
  /**
   * Findings of this kind's own rules; the shared ones are in lint.rules.ts. `confirmed` is the oral order of the thread that was
   * confirmed without a revision, where one is public.
   */
  lint(content: C, now: Date, confirmed?: ConfirmedOrder | null): LintFinding[];
  /** Whether `after` is graver than `before`, so that an app should sound again. */
  graver(before: C, after: C): boolean;
  /** The content without what only the desk may know. */
  published(content: C): Omit<C, 'reportIds'>;
  /** Where this kind's own words stand in its content, beside those of all kinds; `*` is any place in a list. */
  prose: readonly string[];
  references(content: Briefly<Public<C>>): Reference[];
  /** The fields of the document that publishing adds to the content. */
  carriedOver(carriage: Carriage<C, D>): Omit<D, keyof Frozen | keyof C>;
  /** The document with its own fields as the API names them; absent for kinds whose documents keep them under those names. */
  apiForm?(document: D): object;
  /** The names that inputs have for fields of the content, where it keeps others. */
  inputNames?: Readonly<Partial<Record<keyof C & string, string>>>;
  /** The alert as which a document also leaves in CAP; absent for kinds that CAP does not carry. */
  capAlert?(document: D): AlertDocument;
  /** The event as which a document also leaves for calendars; absent for kinds that no calendar shows. */
  calendarEvent?(document: D): EventDocument;
  /** The decision behind a document, null where none is named; absent for kinds that order nothing. */
  decision?(document: D): PublicDecision | null;
  /** The documents that are frozen into this one, by the field that holds them; absent for kinds that hold none. */
  frozenInto?(document: D): Record<string, readonly PublicDocument[]>;
  /** The content some minutes later, or earlier where they are negative; absent for kinds that nobody delays. */
  delayed?(content: C, minutes: number): C;
  observation?: Observable<D>;
  situation: SituationFace<D>;
  page: PageFace<D>;
  /** The document as search engines read it. */
  linkedData(document: D, setting: LinkedDataSetting): LinkedData;
  /** Absent for kinds that have no feed for maps. */
  map?: MapFace<D>;
  /** The line that a card draws on its map; absent for kinds that a card shows by the colour of communes alone. */
  cardLine?(document: D): GeoJsonGeometry;
  text: TextFace<D>;
  post: PostFace<D>;
}

/**
 * A kind whose content and document only its own folder knows. The members above are methods, so that TypeScript lets every
 * kind stand for it; safe because a content, its document and their kind are always picked together.
 */
export type AnyKind = Kind<Content, PublicDocument>;

export const withoutReports = <C extends Content>({ reportIds: _desk, ...content }: C): Omit<C, 'reportIds'> => content;
