import type { ClassType } from 'type-graphql';
import type { Commune, Territory } from '../../territory/territory.ts';
import type { PublicDocument, PublicView } from '../document.ts';
import type { PublicState } from '../vocabulary.ts';

/** What the resolvers of kinds read besides their document. The board stands above, and has all of it. */
export interface KindReads {
  /** Base of permalinks, without a trailing slash. */
  publicUrl: string;
  territory: Territory;
  board: {
    /** Where a document stands now. */
    state(document: PublicDocument): PublicState;
    /** What is public now under an id. */
    get(id: string): PublicView | undefined;
    /** A view under the id of its thread where it shows what is public now; else the view as it is. */
    current<V extends PublicView>(view: V): V;
    /** What is public now and names the publication of that id; `starts` in milliseconds since 1970. */
    naming(id: string): readonly { document: PublicView; starts: number }[];
  };
}

/** The GraphQL of a kind. */
export interface KindTypes {
  type: ClassType;
  /** The content, as editors give it. */
  input: ClassType;
  /** They answer the fields that are not read off the document. */
  resolvers(reads: KindReads): object[];
  /** The mutation that records what was seen on the ground, for kinds that are observed. */
  observe?: {
    description: string;
    /** Describes the argument `id`. */
    publication: string;
    /** The arguments beside `id`. */
    arguments: ClassType;
  };
}

/** The commune that a part of a document names by its INSEE code. */
export const communeNamed = (territory: Territory, { commune }: { commune: string | null }): Commune | null =>
  (commune && territory.byCode(commune)) || null;
