import { readFileSync } from 'node:fs';
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { Client, type Exchange, fetchExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { buildSchema, introspectionFromSchema } from 'graphql';
import { possibleTypes } from '../../../src/client/object-types.ts';

/** An app with a normalising cache. */
export interface CachingClient {
  /** Asks the hub, and keeps the answer. */
  ask<T>(query: string, variables?: Record<string, unknown>): Promise<T>;
  /** What the cache has of a query; null where something is missing. */
  kept<T>(query: string, variables?: Record<string, unknown>): T | null;
  /** Opens a screen: it asks what the cache has not, and is drawn again when the cache changes. */
  open<T>(query: string, variables?: Record<string, unknown>): Screen<T>;
}

export interface Screen<T> {
  /** What it shows; undefined before there is anything. */
  shown(): T | undefined;
  /** Reads the next page with the same query and these variables. */
  more(variables: Record<string, unknown>): Promise<unknown>;
  close(): void;
}

export interface CacheSettings {
  /** Of /graphql. */
  url: string;
  headers?: Record<string, string>;
  fetch?: typeof fetch;
}

const schema = buildSchema(readFileSync(new URL('../../../schema/schema.graphql', import.meta.url), 'utf8'));

export function apolloClient(settings: CacheSettings, cache = new InMemoryCache({ possibleTypes })): CachingClient {
  const { url, headers = {}, fetch } = settings;
  const client = new ApolloClient({ cache, link: new HttpLink({ uri: url, headers, ...(fetch ? { fetch } : {}) }) });
  return {
    async ask<T>(query: string, variables = {}) {
      const { data } = await client.query({ query: gql(query), variables, fetchPolicy: 'network-only' });
      return data as T;
    },
    kept: <T>(query: string, variables = {}) => client.readQuery({ query: gql(query), variables }) as T | null,
    open<T>(query: string, variables = {}) {
      const watched = client.watchQuery({ query: gql(query), variables });
      let shown: T | undefined;
      const { unsubscribe } = watched.subscribe(({ data, dataState }) => {
        if (dataState === 'complete') shown = data as T;
      });
      return { shown: () => shown, more: (next) => watched.fetchMore({ variables: next }), close: unsubscribe };
    },
  };
}

const plainGraphcache = (): Exchange => cacheExchange({ schema: introspectionFromSchema(schema) });

export function graphcacheClient(settings: CacheSettings, cache = plainGraphcache()): CachingClient {
  const { url, headers = {}, fetch } = settings;
  const client = new Client({
    url,
    fetchOptions: { headers },
    preferGetMethod: false,
    exchanges: [cache, fetchExchange],
    ...(fetch ? { fetch } : {}),
  });
  const ask = async <T>(query: string, variables = {}) => {
    const { data, error } = await client.query(query, variables, { requestPolicy: 'network-only' });
    if (error) throw error;
    return data as T;
  };
  return {
    ask,
    kept: <T>(query: string, variables = {}) =>
      (client.readQuery(query, variables, { requestPolicy: 'cache-only' })?.data ?? null) as T | null,
    open<T>(query: string, variables = {}) {
      let shown: T | undefined;
      const { unsubscribe } = client.query(query, variables).subscribe(({ data }) => {
        if (data) shown = data as T;
      });
      return { shown: () => shown, more: (next) => ask(query, { ...variables, ...next }), close: unsubscribe };
    },
  };
}
