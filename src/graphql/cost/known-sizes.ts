/**
 * The things that a field is asked of, as far as an estimate needs them: so many in all, in groups within each of which
 * nothing stands twice. The alerts of 194 situations are 194 groups; each alert stands in a group once.
 */
export interface Things {
  readonly count: number;
  readonly groups: number;
  /** The most in one group. */
  readonly most: number;
  /** The type of which the groups are; its parts (areas, texts) go with it. Undefined for what is no thing of its own. */
  readonly type: string | undefined;
  /** The list that they come from, as a coordinate; `PAST` where it holds what stands nowhere in memory. */
  readonly from: string | undefined;
  /** Of a page: its items. */
  readonly page?: number;
}

export const PAST = 'past';

/** How many items a list has, all parents together, and how many one of them may have. */
export interface ListSize {
  readonly total: number;
  readonly largest: number;
}

/** The hub's knowledge of its lists: the same object until it knows anything else. */
export interface KnownSizes {
  /** Whether things of that type have an identity: lists of them are counted by what stands in memory. */
  isThing(type: string): boolean;
  /** How many items the page of a field holds that asks for `first`, and where they come from. */
  page(coordinate: string, args: Readonly<Record<string, unknown>>, first: number): { items: number; from?: string };
  /** The size of the list `type.field`; undefined where only the schema says. */
  list(type: string, field: string, parents: Things): ListSize | undefined;
  /** How many things of a type stand in memory; undefined where those may come from elsewhere. */
  standing(type: string, things: Things): number | undefined;
}

/** Where only the schema says how large a list may be. */
export const NOTHING_KNOWN: KnownSizes = {
  isThing: () => false,
  page: (_coordinate, _args, first) => ({ items: first }),
  list: () => undefined,
  standing: () => undefined,
};
