import { GraphQLClient } from 'graphql-request';
import { type SealedPair, sealKeys } from '../../../src/accounts/sealed-keys/seal.commands.ts';
import { parisTime } from '../../../src/clock.ts';
import { sqlOver } from '../../../src/database/sql.ts';
import { asHubRole, withSession } from '../database/cluster.ts';
import type { Hub } from '../hub/hub.ts';

const DAY_MS = 24 * 3600_000;
export const inDays = (days: number): string => parisTime(new Date(Date.now() + days * DAY_MS));

export interface Machine {
  apiKey: { id: string; version: number; prefix: string; account: { id: string } };
  secret: string;
}

/** A machine that an administrator gave a key. */
export async function newMachine(hub: Hub, more: object = {}): Promise<Machine> {
  const input = { name: 'Barrière de la D31', roles: ['MARSHAL'], expiresAt: inDays(30), ...more };
  const { createApiKey } = await hub.as('admin').request<{ createApiKey: Machine }>(
    `mutation ($input: ApiKeyInput!) {
       createApiKey(input: $input) { apiKey { id version prefix account { id } } secret } }`,
    { input },
  );
  return createApiKey;
}

/** A client that sends a key, or any other token. */
export const bearing = (hub: Hub, token: string): GraphQLClient =>
  new GraphQLClient(`${hub.url}/graphql`, { headers: { authorization: `Bearer ${token}` } });

export async function revoke(hub: Hub, { id, version }: Machine['apiKey']): Promise<void> {
  await hub
    .as('admin')
    .request('mutation ($id: ID!, $version: Int!) { revokeApiKey(id: $id, version: $version) { asOf } }', {
      id,
      version,
    });
}

export async function rotate(hub: Hub, { id, version }: Machine['apiKey'], more: object = {}): Promise<Machine> {
  const { rotateApiKey } = await hub.as('admin').request<{ rotateApiKey: Machine }>(
    `mutation ($id: ID!, $version: Int!, $expiresAt: DateTime!, $overlapHours: Int) {
       rotateApiKey(id: $id, version: $version, expiresAt: $expiresAt, overlapHours: $overlapHours) {
         apiKey { id version prefix account { id } } secret } }`,
    { id, version, expiresAt: inDays(60), ...more },
  );
  return rotateApiKey;
}

/** Two sealed keys, as the command on the machine makes them, by the role of a hub or by the owner. */
export const sealInto = (url: string): Promise<SealedPair> =>
  withSession(asHubRole(url), (session) => sealKeys(sqlOver(session)));
