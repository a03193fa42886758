import { afterAll } from 'vitest';
import type { Role } from '../../../src/access/actor.ts';
import { withSession } from '../database/cluster.ts';
import { testDatabase } from '../database/database.ts';
import { type Hub, type HubOptions, startHub, tokens } from '../hub/hub.ts';
import { type Issuer, inSeconds, startIssuer } from '../hub/issuer.ts';

/** What an ADMIN sees of an account. */
export interface ManagedAccount {
  id: string;
  name: string;
  administration: {
    version: number;
    issuer: string;
    subject: string;
    disabledAt: string | null;
    roles: Role[] | null;
    roleRequest: { roles: Role[]; askedBy: { id: string; name: string } } | null;
  };
}
export const MANAGED =
  'id name administration { version issuer subject disabledAt roles roleRequest { roles askedBy { id name } } }';

export interface Invited {
  secret: string;
  invitation: { id: string; version: number; state: string; roles: Role[]; name: string };
}

/** An answer of GraphQL, with its HTTP status. */
export interface Said {
  status: number;
  data?: Record<string, never> | null;
  code?: string;
  message?: string;
}

/** Two hubs on one database, two issuers, and administrators: accounts say what people may do. */
export async function administrationDesk() {
  const { url } = await testDatabase();
  const [staff, volunteers] = [await startIssuer(), await startIssuer()];
  const issuers = [staff, volunteers].map(({ url: address, audience }) => ({ address, audience, roles: [] }));
  const options: HubOptions = { url, more: { issuers, rolesFrom: 'accounts' } };
  const [first, second] = [await startHub(options), await startHub(options)];
  afterAll(async () => {
    await Promise.all([first, second].map((hub) => hub.close()));
    await Promise.all([staff, volunteers].map((issuer) => issuer.close()));
  });

  const owner = <R extends object>(statement: string, ...values: unknown[]): Promise<R[]> =>
    withSession(url, async (session) => (await session.query<R>(statement, values)).rows);
  /** Several statements in one session of the owner of the tables. */
  const asOwner = (...statements: string[]): Promise<void> =>
    withSession(url, async (session) => {
      for (const statement of statements) await session.query(statement);
    });
  const tokenOf = (subject: string, issuer: Issuer = staff, claims: object = {}): Promise<string> =>
    issuer.token({ sub: subject, name: subject, roles: [], exp: inSeconds(3_600), ...claims });

  async function ask(token: string, query: string, variables: object = {}, hub: Hub = first): Promise<Said> {
    const answer = await fetch(`${hub.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = await answer.json();
    const [error] = errors ?? [];
    return { status: answer.status, data, code: error?.extensions.code, message: error?.message };
  }
  const asAdmin = (admin: 'admin' | 'admin2', query: string, variables: object = {}) =>
    ask(tokens[admin], query, variables);

  const invite = async (roles: readonly Role[], name = 'Jeanne Martin', admin: 'admin' | 'admin2' = 'admin') => {
    const query = `mutation ($name: String!, $roles: [StaffRole!]!) {
      inviteAccount(name: $name, roles: $roles) { secret invitation { id version state roles name } } }`;
    const { data, code, message } = await asAdmin(admin, query, { name, roles });
    if (!data) throw new Error(`${code}: ${message}`);
    return (data as unknown as { inviteAccount: Invited }).inviteAccount;
  };
  const onInvitation = (
    admin: 'admin' | 'admin2',
    mutation: string,
    { id, version }: { id: string; version: number },
  ) =>
    asAdmin(
      admin,
      `mutation ($id: ID!, $version: Int!) { ${mutation}(id: $id, version: $version) { invitation { state version } } }`,
      {
        id,
        version,
      },
    );
  const accept = (token: string, secret: string, hub: Hub = first) =>
    ask(
      token,
      `mutation ($secret: String!) { acceptInvitation(secret: $secret) { account { id name } } }`,
      { secret },
      hub,
    );
  const onAccount = (admin: 'admin' | 'admin2', mutation: string, args: object) =>
    asAdmin(
      admin,
      `mutation ($id: ID!, $version: Int!${'roles' in args ? ', $roles: [StaffRole!]!' : ''}) {
        ${mutation}(id: $id, version: $version${'roles' in args ? ', roles: $roles' : ''}) { account { ${MANAGED} } } }`,
      args,
    );
  const viewer = (token: string, hub: Hub = first) => ask(token, '{ viewer { id roles } }', {}, hub);

  /** An account of the staff's issuer, as the owner of the tables makes it. */
  async function person(subject: string, roles: readonly Role[] | null): Promise<string> {
    const [row] = await withSession(url, async (session) => {
      // Guarded roles come from two administrators, whom the test does not need for everybody.
      await session.query('set session_replication_role = replica');
      const insert = `insert into account (id, version, issuer, subject, name, created_at, roles)
        values (gen_random_uuid(), 1, $1, $2, $2, now(), $3) returning id`;
      return (await session.query<{ id: string }>(insert, [staff.url, subject, roles])).rows;
    });
    return row!.id;
  }
  async function managed(id: string): Promise<ManagedAccount> {
    const { data } = await asAdmin('admin', `{ accounts(first: 100) { nodes { ${MANAGED} } } }`);
    const { nodes } = (data as unknown as { accounts: { nodes: ManagedAccount[] } }).accounts;
    return nodes.find((account) => account.id === id)!;
  }

  return {
    url,
    first,
    second,
    staff,
    volunteers,
    owner,
    asOwner,
    tokenOf,
    ask,
    asAdmin,
    invite,
    onInvitation,
    accept,
    onAccount,
    viewer,
    person,
    managed,
  };
}
