import type { FragmentDefinitionNode, SelectionNode, SelectionSetNode } from 'graphql';

/** What a selection asks for, with each of its fragments written out. */
export interface Weight {
  fields: number;
  aliases: number;
  /** Spreads of fragments: graphql-js compares fragments that spread one another two by two. */
  spreads: number;
  /** `__schema` and `__type`, whose answers do not depend on what is published but are large. */
  introspections: number;
  depth: number;
  /** Guarded relations that stand somewhere below. */
  relations: ReadonlySet<string>;
  /** A guarded relation that stands twice on one path. */
  repeated: string | undefined;
}

const NOTHING: Weight = {
  fields: 0,
  aliases: 0,
  spreads: 0,
  introspections: 0,
  depth: 0,
  relations: new Set(),
  repeated: undefined,
};

/**
 * Weighs selections of one document. Each fragment is weighed once however often it is spread: fifty fragments that
 * spread one another twice each would otherwise be weighed 2^50 times.
 */
export class Scales {
  readonly #fragments = new Map<string, Weight>();
  readonly #fragment: (name: string) => FragmentDefinitionNode | null | undefined;
  readonly #guarded: ReadonlySet<string>;

  constructor(fragment: (name: string) => FragmentDefinitionNode | null | undefined, guarded: ReadonlySet<string>) {
    this.#fragment = fragment;
    this.#guarded = guarded;
  }

  weigh({ selections }: SelectionSetNode): Weight {
    return selections.map((selection) => this.#selection(selection)).reduce(sum, NOTHING);
  }

  #selection(selection: SelectionNode): Weight {
    if (selection.kind === 'InlineFragment') return this.weigh(selection.selectionSet);
    if (selection.kind === 'FragmentSpread') {
      const spread = this.#spread(selection.name.value);
      return { ...spread, spreads: spread.spreads + 1 };
    }
    const name = selection.name.value;
    const own = { ...NOTHING, fields: 1, aliases: selection.alias ? 1 : 0 };
    // Introspection nests by nature; graphql-js has a rule of its own against its lists within lists.
    if (name.startsWith('__')) return { ...own, fields: 0, introspections: name === '__typename' ? 0 : 1 };
    const below = selection.selectionSet ? this.weigh(selection.selectionSet) : NOTHING;
    const guarded = this.#guarded.has(name);
    return {
      ...sum(own, below),
      depth: below.depth + 1,
      relations: guarded ? new Set([...below.relations, name]) : below.relations,
      repeated: below.repeated ?? (guarded && below.relations.has(name) ? name : undefined),
    };
  }

  #spread(name: string): Weight {
    const known = this.#fragments.get(name);
    if (known) return known;
    // A placeholder while the fragment is weighed: graphql-js has a rule against cycles; here a cycle must only end.
    this.#fragments.set(name, NOTHING);
    const fragment = this.#fragment(name);
    const weight = fragment ? this.weigh(fragment.selectionSet) : NOTHING;
    this.#fragments.set(name, weight);
    return weight;
  }
}

const sum = (one: Weight, other: Weight): Weight => ({
  fields: one.fields + other.fields,
  aliases: one.aliases + other.aliases,
  spreads: one.spreads + other.spreads,
  introspections: one.introspections + other.introspections,
  depth: Math.max(one.depth, other.depth),
  relations: other.relations.size === 0 ? one.relations : new Set([...one.relations, ...other.relations]),
  repeated: one.repeated ?? other.repeated,
});
