import {
  type Cache,
  type FieldPolicy,
  InMemoryCache,
  type InMemoryCacheConfig,
  type OperationVariables,
  type Reference,
  type TypePolicies,
} from '@apollo/client';
import { pages } from './apollo-pages.ts';
import { answers, value, values } from './apollo-values.ts';
import { Newest } from './newest.ts';
import { PAGED, possibleTypes, VALUE_LISTS, VALUE_TYPES } from './object-types.ts';

export { possibleTypes } from './object-types.ts';

/** A screen finds by its id an object that another one brought: Apollo Client cannot know which type stands behind an interface. */
const found = (key: string, types: readonly string[]): FieldPolicy => ({
  read: (existing, { args, toReference, canRead }) => {
    if (!args || args.at) return existing;
    const known = types.map((type) => toReference({ __typename: type, id: args[key] })).find((one) => canRead(one));
    return known ?? existing;
  },
});

const fieldsOf = (names: readonly string[], policy: FieldPolicy): Record<string, FieldPolicy> =>
  Object.fromEntries(names.map((name) => [name, policy]));

/** How Apollo Client's cache puts answers of the hub together. */
export const typePolicies: TypePolicies = {
  ...Object.fromEntries(VALUE_TYPES.map((type) => [type, value])),
  ...Object.fromEntries(
    Object.entries(VALUE_LISTS).map(([type, names]) => [type, { fields: fieldsOf(names, values) }]),
  ),
  // Screens read different lists of one situation, each at its own time.
  Situation: { merge: true },
  Query: {
    fields: {
      ...fieldsOf(VALUE_LISTS.Query ?? [], values),
      ...fieldsOf(PAGED, pages),
      situations: answers,
      commune: found('code', ['Commune']),
      dossier: found('id', ['Dossier']),
      publication: found('id', possibleTypes.Publication ?? []),
      report: found('id', ['FieldReport']),
    },
  },
};

/**
 * Apollo Client's cache with the policies of the hub. An answer that comes late, by `position`, is shown to the screen that asked where
 * the cache has nothing newer for it, and is not kept. Type policies of the app are added to those of the hub.
 */
export class HubCache extends InMemoryCache {
  readonly #newest = new Newest();

  constructor(config: InMemoryCacheConfig = {}) {
    super({ ...config, typePolicies, possibleTypes: { ...config.possibleTypes, ...possibleTypes } });
    if (config.typePolicies) this.policies.addTypePolicies(config.typePolicies);
  }

  override write<Data = unknown, Variables extends OperationVariables = OperationVariables>(
    options: Cache.WriteOptions<Data, Variables>,
  ): Reference | undefined {
    const isNew = this.#newest.admits(options.query, options.variables, options.result);
    return isNew ? super.write(options) : undefined;
  }

  override restore(stored: Parameters<InMemoryCache['restore']>[0]): this {
    super.restore(stored);
    this.#newest.remember(stored);
    return this;
  }

  override reset(options?: Cache.ResetOptions): Promise<void> {
    this.#newest.forget();
    return super.reset(options);
  }
}
