import { createHash } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../support/database/database.ts';
import { Asking } from '../support/desk/asking.ts';
import { alertInput, publishNew } from '../support/desk/desk.ts';
import { startHub, tokens } from '../support/hub/hub.ts';

/** Attacks by GraphQL documents and their variables. Behind each: how it was seen to succeed. */
const { url } = await testDatabase();
const hub = await startHub({ url });
const asking = new Asking(hub.url);
afterAll(() => {
  asking.end();
  return hub.close();
});
const published = await publishNew(hub, 'Alert', alertInput());

interface Fault {
  message: string;
  extensions: { code: string; limit?: { name: string }; fields?: { path: string }[] };
}
interface Answer {
  status: number;
  bytes: number;
  data?: Record<string, unknown> | null;
  errors: Fault[];
}
const read = ({ status, body }: { status: number; body: Buffer }): Answer => {
  const { data, errors = [] } = JSON.parse(String(body));
  return { status, bytes: body.length, data, errors };
};
const ask = async (query: string, variables?: object) => read(await asking.post({ query, variables }));
const many = (count: number, make: (index: number) => string) => Array.from({ length: count }, (_, i) => make(i));
const refusedFor = (name: string) => ({
  status: 400,
  data: undefined,
  errors: [
    expect.objectContaining({ extensions: expect.objectContaining({ limit: expect.objectContaining({ name }) }) }),
  ],
});
/** Whether the hub still answers: a document that keeps the only thread busy stops everybody. */
const isAlive = async () => expect((await fetch(`${hub.url}/healthz`)).status).toBe(200);

describe('a document that asks for too much is refused', () => {
  it('alias overloading: the same dear field under 61 names', async () => {
    // Seen: with `aliases` of LIMITS raised.
    const query = `{ ${many(61, (i) => `a${i}: communes(first: 1) { totalCount }`).join(' ')} }`;
    expect(await ask(query)).toMatchObject(refusedFor('aliases'));
  });

  it('lists that multiply: 4 aliases of all communes, their alerts, and all communes of these', async () => {
    // Seen: against the commit of the audit (267 MB), and with the budget taken out.
    await publishNew(hub, 'Alert', alertInput({ areas: [{ description: 'Essonne', communes: await everyCommune() }] }));
    const list = 'communes(first: 200) { nodes { situation { alerts { communes { name outline } } } } }';
    const answer = await ask(`{ ${many(4, (i) => `a${i}: ${list}`).join(' ')} }`);
    expect(answer).toMatchObject({ status: 400, data: undefined });
    expect(['cost', 'nodes', 'bytes']).toContain(answer.errors[0]?.extensions.limit?.name);
    expect(answer.bytes).toBeLessThan(1_000);
  });

  it('deep nesting: 400 levels', async () => {
    // Seen: with `depth` of LIMITS raised, validation answers in its place.
    const query = `{ communes { nodes ${'{ a '.repeat(400)}${'}'.repeat(400)} } }`;
    expect(await ask(query)).toMatchObject(refusedFor('depth'));
  });

  it('field duplication: one field 4,000 times', async () => {
    // Seen: with `fields` of LIMITS raised.
    expect(await ask(`{ hazards { ${'code '.repeat(4_000)} } }`)).toMatchObject(refusedFor('fields'));
  });

  it('a validation bomb: 1,240 pairs of fields that are compared with one another', async () => {
    // Seen: against the commit of the audit (90 ms each time), and with `fields` of LIMITS raised.
    expect(await ask(`{ ${'viewer { id } '.repeat(1_240)} }`)).toMatchObject(refusedFor('fields'));
  });

  it('a token bomb: 5,001 tokens', async () => {
    // Seen: with `tokens` of LIMITS raised.
    expect(await ask(`{ ${'__typename '.repeat(5_001)} }`)).toMatchObject(refusedFor('tokens'));
  });

  it('operations by the hundred in one document', async () => {
    // Seen: with `operations` of LIMITS raised.
    const query = many(100, (i) => `query q${i} { __typename }`).join(' ');
    expect(read(await asking.post({ query, operationName: 'q1' }))).toMatchObject(refusedFor('operations'));
  });

  it('circular relations: a commune, its situation, its alerts, their communes, their situation', async () => {
    // Seen: with `situation` taken out of RELATIONS.
    const query = '{ commune(code: "91345") { situation { alerts { communes { situation { asOf } } } } } }';
    expect(await ask(query)).toMatchObject(refusedFor('situation'));
  });

  it('introspection that nests: fields of types of fields of types', async () => {
    // Not seen: the guard is a rule of graphql-js itself.
    const nested = many(8, () => 'fields { type { ').join('');
    const { status, errors, bytes } = await ask(`{ __schema { types { ${nested} name ${'} '.repeat(18)}`);
    expect([status, errors[0]?.extensions.code]).toEqual([400, 'BAD_REQUEST']);
    expect(bytes).toBeLessThan(2_000);
  });

  it('introspection by the dozen under other names', async () => {
    // Seen: with `introspections` of LIMITS raised.
    const query = `{ ${many(30, (i) => `s${i}: __schema { types { name } }`).join(' ')} }`;
    expect(await ask(query)).toMatchObject(refusedFor('introspections'));
  });
});

describe('a document that entangles itself ends', () => {
  it('circular fragments: 45 that spread one another', async () => {
    // Seen: with the placeholder of Scales taken out (500, a stack overflow). With `spreads` of LIMITS raised validation
    // refuses it, after 80 ms.
    const spreads = many(45, (i) => `...f${i}`).join(' ');
    const query = `{ ${spreads} } ${many(45, (i) => `fragment f${i} on Query { ${spreads} }`).join(' ')}`;
    expect(await ask(query)).toMatchObject(refusedFor('spreads'));
    await isAlive();
  });

  it('a fragment bomb without a field: 44 fragments that each spread all that come after', async () => {
    // Seen: with `spreads` of LIMITS raised it is valid, and answered.
    const after = (at: number) => many(44 - at, (i) => `...f${at + i + 1}`).join(' ');
    const fragments = many(44, (i) => `fragment f${i} on Query { ${after(i)} }`).join(' ');
    const answer = await ask(`{ ...f0 } ${fragments} fragment f44 on Query { __typename }`);
    expect(answer).toMatchObject(refusedFor('spreads'));
  });

  it('a fragment bomb: 48 fragments that spread the next one twice', async () => {
    // Not seen yet; its guard is the memory of Scales.
    const fragments = many(48, (i) => `fragment f${i} on Query { ...f${i + 1} ...f${i + 1} }`).join(' ');
    const answer = await ask(`{ ...f0 } ${fragments} fragment f48 on Query { __typename hazards { code } }`);
    expect(answer).toMatchObject(refusedFor('fields'));
    await isAlive();
  });

  it('directive overloading: 1,600 directives on one field', async () => {
    // Not seen: graphql-js itself counts errors and stops at a hundred.
    const { status, errors, bytes } = await ask(`{ __typename ${'@a '.repeat(1_600)} }`);
    expect(status).toBe(400);
    expect(errors.length).toBeLessThanOrEqual(101);
    expect(bytes).toBeLessThan(40_000);
  });

  it('unknown fields by the hundred, for the sake of what is suggested', async () => {
    // Not seen: as above.
    const { status, errors, bytes } = await ask(`{ ${many(500, (i) => `communez${i}`).join(' ')} }`);
    expect(status).toBe(400);
    expect(errors.length).toBeLessThanOrEqual(101);
    expect(bytes).toBeLessThan(60_000);
  });
});

describe('arguments and variables', () => {
  it('an argument bomb: a filter of 20,000 communes', async () => {
    // Seen: against the hub of that day, which answered 3.5 MB.
    const where = { communes: many(20_000, (i) => String(10_000 + i)) };
    const query = 'query ($where: PublicationFilter) { publications(where: $where) { totalCount } }';
    const { status, errors, bytes } = await ask(query, { where });
    expect(errors[0]?.extensions.code).toBe('INVALID_INPUT');
    expect(status).toBeLessThan(500);
    expect(bytes).toBeLessThan(20_000);
    await isAlive();
  });

  it('a search of 100,000 characters under 60 names', async () => {
    // Seen: against the commit of the audit (314 ms), and with the bound of `search` taken out.
    const query = `query ($s: String) { ${many(60, (i) => `a${i}: communes(search: $s) { totalCount }`).join(' ')} }`;
    const { errors } = await ask(query, { s: 'saint-'.repeat(16_000) });
    expect(errors[0]?.extensions).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'search' }] });
  });

  it('variables nested 60,000 deep', async () => {
    // Seen: with `nesting` of LIMITS raised, graphql-js refuses it, after 100 ms.
    const deep = `${'['.repeat(60_000)}${']'.repeat(60_000)}`;
    const answer = await asking.post(
      `{"query":"query ($s: String) { communes(search: $s) { totalCount } }","variables":{"s":${deep}}}`,
    );
    expect(read(answer)).toMatchObject(refusedFor('nesting'));
    await isAlive();
  });

  it.each(['/graphql', '/graphql/stream'])('variables nested deep in an address, %s', async (path) => {
    // Seen: with `demandShallow` taken out of server.ts and stream-request.ts.
    const variables = `{"s":${'['.repeat(2_000)}${']'.repeat(2_000)}}`;
    const query = 'query ($s: String) { communes(search: $s) { totalCount } }';
    const answer = await fetch(`${hub.url}${path}?${new URLSearchParams({ query, variables })}`);
    expect(read({ status: answer.status, body: Buffer.from(await answer.arrayBuffer()) })).toMatchObject(
      refusedFor('nesting'),
    );
  });

  it.each(['ChangeFilter', 'PublicationFilter', 'AlertFilter'])(
    'a list of 1,001 items in a %s is refused by its name, before anything is looked up',
    async (filter) => {
      // Seen: with `items` of LIMITS raised each unknown commune is named.
      const where = { communes: many(1_001, (i) => String(10_000 + i)) };
      const fields = {
        ChangeFilter: 'changes(where: $where) { endCursor }',
        PublicationFilter: 'publications(where: $where) { totalCount }',
      };
      const field = (fields as Record<string, string>)[filter] ?? 'alerts(where: $where) { totalCount }';
      const { errors } = await ask(`query ($where: ${filter}) { ${field} }`, { where });
      expect(errors[0]?.extensions).toMatchObject({
        code: 'INVALID_INPUT',
        fields: [{ path: 'variables.where.communes' }],
      });
    },
  );

  it.each(['__proto__', 'constructor', 'prototype'])(
    'prototype keys: %s in body, variables, filter and extensions',
    async (key) => {
      const evil = `{"polluted":"yes","isAdmin":true,"first":1}`;
      const bodies = [
        `{"query":"{ viewer { id } }","${key}":${evil}}`,
        `{"query":"{ viewer { id } }","variables":{"${key}":${evil}}}`,
        `{"query":"query ($w: ChangeFilter) { changes(where: $w) { endCursor } }","variables":{"w":{"${key}":${evil}}}}`,
        `{"query":"{ viewer { id } }","extensions":{"${key}":${evil},"persistedQuery":{"${key}":${evil}}}}`,
      ];
      for (const body of bodies) expect((await asking.post(body)).status).toBeLessThan(500);
      expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('polluted');
      expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
      expect((await ask('{ viewer { id } }')).data).toEqual({ viewer: null });
    },
  );

  it.each([
    `' or '1'='1`,
    `%zz`,
    `_zz`,
    `\\zz`,
    `'); drop table publication; --`,
    `a') union select token from account --`,
  ])('SQL in what is searched for: %s', async (search) => {
    const found = await ask(
      `query ($s: String!) { publications(where: { search: $s, states: [ENDED] }) { totalCount } communes(search: $s) { totalCount } incident(slug: $s) { id } }`,
      { s: search },
    );
    expect(found.errors).toEqual([]);
    expect(found.data).toMatchObject({ publications: { totalCount: 0 }, incident: null });
    expect((await ask(`{ publication(id: "${published.id}") { id } }`)).data).toEqual({
      publication: { id: published.id },
    });
  });
});

describe('one request that pretends to be another', () => {
  it('batching: a thousand operations in one body', async () => {
    const { status, errors } = read(
      await asking.post(JSON.stringify(many(1_000, () => '{ communes { totalCount } }').map((query) => ({ query })))),
    );
    expect([status, errors.length, errors[0]?.extensions.code]).toEqual([400, 1, 'BAD_REQUEST']);
  });

  it('a persisted query under the hash of another', async () => {
    // Not seen: Apollo compares the hash.
    const innocent = '{ hazards { code } }';
    const sha256Hash = createHash('sha256').update(innocent).digest('hex');
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    const poisoned = read(await asking.post({ query: '{ viewer { id } }', extensions }));
    expect(poisoned).toMatchObject({ status: 400, data: undefined });
    const victim = read(await asking.post({ extensions }));
    expect(victim.errors[0]?.extensions.code).toBe('PERSISTED_QUERY_NOT_FOUND');
  });

  it('a mutation that stands behind a query in a GET', async () => {
    const query =
      'query a { __typename } mutation b { openIncident(slug: "smuggled", title: "x") { incident { id } } }';
    const answer = await asking.get({ query, operationName: 'b' }, { authorization: `Bearer ${tokens.editor}` });
    expect(answer.status).toBe(405);
    expect(await hub.as('editor').request('{ incident(slug: "smuggled") { id } }')).toEqual({ incident: null });
  });

  it('an operation that is not there, or named like a property of every object', async () => {
    for (const operationName of ['b', '__proto__', 'constructor', 'toString']) {
      const { status, data } = read(await asking.post({ query: 'query a { __typename }', operationName }));
      expect([status, data ?? undefined]).toEqual([400, undefined]);
    }
  });
});

async function everyCommune(): Promise<string[]> {
  const { communes } = await hub
    .as()
    .request<{ communes: { nodes: { code: string }[] } }>('{ communes(first: 200) { nodes { code } } }');
  return communes.nodes.map(({ code }) => code);
}
