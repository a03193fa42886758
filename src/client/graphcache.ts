import type { Exchange } from '@urql/core';
import {
  type Cache,
  type CacheExchangeOpts,
  cacheExchange,
  type KeyingConfig,
  offlineExchange,
  type Resolver,
} from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import { newestOnly } from './graphcache-newest.ts';
import { ANSWER_TYPES, PAGED, possibleTypes, VALUE_TYPES } from './object-types.ts';

export { possibleTypes } from './object-types.ts';

/** Objects without an id are parts of the object that they stand in. */
export const keys: KeyingConfig = Object.fromEntries(
  [...VALUE_TYPES, ...ANSWER_TYPES].map((type) => [type, () => null]),
);

/** A screen finds by its id an object that another one brought. */
const found =
  (name: string, key: string, types: readonly string[]): Resolver =>
  (_parent, args, cache) => {
    const answered = cache.resolve('Query', name, args);
    if (args.at) return answered;
    const known = types
      .map((type) => ({ __typename: type, id: String(args[key]) }))
      .find((one) => cache.resolve(one, 'id') !== undefined);
    return known ?? answered;
  };

const pages = relayPagination();

/** Lists that were read page by page, as one. */
const paged: Resolver = (parent, args, cache, info) => pages(parent, args, withBareFields(cache), info);

/**
 * relayPagination passes by a page that was asked for without any argument, as first pages are: graphcache knows it by its name
 * alone and without arguments, where relayPagination looks for `alerts({})` and for arguments.
 */
const withBareFields = (cache: Cache): Cache => {
  const inspectFields: Cache['inspectFields'] = (entity) =>
    cache.inspectFields(entity).map((field) => ({ ...field, arguments: field.arguments ?? {} }));
  const resolve: Cache['resolve'] = (entity, field, args) =>
    cache.resolve(entity, field, args && Object.keys(args).length > 0 ? args : undefined);
  return Object.assign(Object.create(cache), { inspectFields, resolve });
};

/** How graphcache reads what the hub answered. */
export const resolvers = {
  Query: {
    ...Object.fromEntries(PAGED.map((name) => [name, paged])),
    commune: found('commune', 'code', ['Commune']),
    dossier: found('dossier', 'id', ['Dossier']),
    publication: found('publication', 'id', possibleTypes.Publication ?? []),
    report: found('report', 'id', ['FieldReport']),
  },
};

const withPolicies = <Options extends CacheExchangeOpts>(options: Options): Options => ({
  possibleTypes,
  ...options,
  keys: { ...keys, ...options.keys },
  resolvers: { ...options.resolvers, Query: { ...resolvers.Query, ...options.resolvers?.Query } },
});

/**
 * graphcache's `cacheExchange` with the keys and resolvers of the hub. An answer that comes late, by `position`, is shown to the screen
 * that asked where nothing newer was shown there before, and is not kept.
 */
export const hubCacheExchange = (options: CacheExchangeOpts = {}): Exchange =>
  newestOnly(cacheExchange(withPolicies(options)));

/** The same of its `offlineExchange`, for apps that start offline from what they stored. */
export const hubOfflineExchange = (options: Parameters<typeof offlineExchange>[0]): Exchange =>
  newestOnly(offlineExchange(withPolicies(options)));
