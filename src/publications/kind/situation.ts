import type { ViewOfKind } from '../document.ts';
import type { Frozen } from '../frozen.ts';
import type { View } from '../view.ts';
import type { PublicationKind } from '../vocabulary.ts';

/** What is in force or to come, in earnest, at one place. */
export interface LivePlace {
  /** `here`: what touches the place. `everywhere`: what names no place. */
  list<K extends PublicationKind>(
    kind: K,
    order: 'gravest' | 'soonest' | 'newest',
    which: 'here' | 'everywhere' | 'here or everywhere',
  ): ViewOfKind[K][];
}

/** The list of a kind in the situation of a place. */
export interface SituationFace<D extends Frozen> {
  /** Its field in the GraphQL type `Situation`. */
  field: string;
  description: string;
  select(place: LivePlace): View<D>[];
}
