import fc from 'fast-check';
import { buildClientSchema, getIntrospectionQuery } from 'graphql';
import { afterAll, describe, expect, it } from 'vitest';
import { ROLES, type Role } from '../../../src/access/actor.ts';
import { testDatabase } from '../../support/database/database.ts';
import { RawSocket } from '../../support/following/raw-socket.ts';
import { hostileOperations } from '../../support/generated/hostile.ts';
import { startHub } from '../../support/hub/hub.ts';
import { inSeconds, startIssuer } from '../../support/hub/issuer.ts';
import { DESK_PAGES, EXPORTS, MAY, PICTURE_ADDRESSES, PUBLIC } from './matrix/right.ts';

const issuer = await startIssuer();
const { url } = await testDatabase();
const hub = await startHub({ url, oidc: { issuer: issuer.url, audience: issuer.audience } });
afterAll(async () => {
  await hub.close();
  await issuer.close();
});

const schema = buildClientSchema(await hub.as().request(getIntrospectionQuery()));
const queries = Object.values(schema.getQueryType()?.getFields() ?? {});
const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});
const guarded = [
  ...queries.filter(({ name }) => !PUBLIC.includes(name)).map((field) => ['query', field] as const),
  ...mutations.filter(({ name }) => !PUBLIC.includes(name)).map((field) => ['mutation', field] as const),
];
const tokenOf = new Map<Role, string>();
for (const role of ROLES)
  tokenOf.set(role, await issuer.token({ sub: role.toLowerCase(), roles: [role], exp: inSeconds(3_600) }));

async function codeOf(operation: object, role?: Role): Promise<string | undefined> {
  const answer = await fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(role ? { authorization: `Bearer ${tokenOf.get(role)}` } : {}) },
    body: JSON.stringify(operation),
  });
  const { errors } = (await answer.json()) as { errors?: { extensions: { code: string } }[] };
  return errors?.[0]?.extensions.code;
}

describe('the desk', () => {
  it('has a row in this table for every field that is not public, and no other', () => {
    const followed = ['deskChanges', 'logLines'];
    const isField = (name: string) => !(name in { ...EXPORTS, ...DESK_PAGES, ...PICTURE_ADDRESSES });
    const asked = Object.keys(MAY).filter((field) => !followed.includes(field) && isField(field));
    expect(guarded.map(([, { name }]) => name).sort()).toEqual(asked.sort());
  });

  it.each(guarded.map(([kind, field]) => [field.name, kind, field] as const))(
    '%s is open to its roles and to nobody else',
    async (name, kind, field) => {
      const known = { ids: ['01890000-0000-7000-8000-000000000000'], cursors: ['x'] };
      const operations = fc.sample(hostileOperations(kind, field, known), { numRuns: 60, seed: 91 });
      let tried = 0;
      for (const operation of operations) {
        const anonymous = await codeOf(operation);
        // Refused before anything is executed: tells nothing about roles.
        if (anonymous === 'BAD_REQUEST') continue;
        expect([name, anonymous]).toEqual([name, 'UNAUTHENTICATED']);
        for (const role of ROLES) {
          const may = MAY[name]?.includes(role);
          const code = await codeOf(operation, role);
          if (may) expect([role, code]).not.toEqual([role, 'UNAUTHENTICATED']);
          expect([role, code === 'FORBIDDEN']).toEqual([role, !may]);
        }
        tried += 1;
        if (tried === 3) break;
      }
      expect(tried).toBeGreaterThan(0);
    },
  );

  it.each([undefined, ...ROLES.filter((role) => !MAY.deskChanges?.includes(role))])(
    'cannot be followed live by %s',
    async (role) => {
      const socket = await new RawSocket(hub.url).init(role && { authorization: `Bearer ${tokenOf.get(role)}` });
      await socket.subscribe('1', 'subscription { deskChanges { at } }');
      await socket.until(() => socket.of('1').length > 0);
      const code = role ? 'FORBIDDEN' : 'UNAUTHENTICATED';
      expect(socket.of('1')).toMatchObject([{ type: 'error', payload: [{ extensions: { code } }] }]);
      await socket.end();
    },
  );
});
