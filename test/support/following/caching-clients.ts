import { readFileSync } from 'node:fs';
import { ApolloClient, gql, HttpLink, InMemoryCache, type TypePolicies } from '@apollo/client';
import { Client, fetchExchange } from '@urql/core';
import { cacheExchange, type KeyingConfig } from '@urql/exchange-graphcache';
import { buildSchema, introspectionFromSchema, isInterfaceType } from 'graphql';

/** An app with a normalising cache. */
export interface CachingClient {
  /** Asks the hub, and keeps the answer. */
  ask<T>(query: string, variables?: Record<string, unknown>): Promise<T>;
  /** What the cache has of a query; null where something is missing. */
  kept<T>(query: string, variables?: Record<string, unknown>): T | null;
}

export interface CacheSettings {
  /** Of /graphql. */
  url: string;
  headers?: Record<string, string>;
  typePolicies?: TypePolicies;
  keys?: KeyingConfig;
}

const schema = buildSchema(readFileSync(new URL('../../../schema/schema.graphql', import.meta.url), 'utf8'));

/** The types behind each interface: what an app takes from its code generator. */
export const possibleTypes = Object.fromEntries(
  Object.values(schema.getTypeMap())
    .filter(isInterfaceType)
    .map((type) => [type.name, schema.getPossibleTypes(type).map(({ name }) => name)]),
);

export function apolloClient({ url, headers = {}, typePolicies = {} }: CacheSettings): CachingClient {
  const cache = new InMemoryCache({ possibleTypes, typePolicies });
  const client = new ApolloClient({ cache, link: new HttpLink({ uri: url, headers }) });
  return {
    async ask<T>(query: string, variables = {}) {
      const { data } = await client.query({ query: gql(query), variables, fetchPolicy: 'network-only' });
      return data as T;
    },
    kept: <T>(query: string, variables = {}) => client.readQuery({ query: gql(query), variables }) as T | null,
  };
}

export function graphcacheClient({ url, headers = {}, keys }: CacheSettings): CachingClient {
  const client = new Client({
    url,
    fetchOptions: { headers },
    preferGetMethod: false,
    exchanges: [cacheExchange({ schema: introspectionFromSchema(schema), ...(keys ? { keys } : {}) }), fetchExchange],
  });
  return {
    async ask<T>(query: string, variables = {}) {
      const { data, error } = await client.query(query, variables, { requestPolicy: 'network-only' });
      if (error) throw error;
      return data as T;
    },
    kept: <T>(query: string, variables = {}) =>
      (client.readQuery(query, variables, { requestPolicy: 'cache-only' })?.data ?? null) as T | null,
  };
}
