import { Writable } from 'node:stream';
import fc from 'fast-check';
import { buildClientSchema, getIntrospectionQuery } from 'graphql';
import { pino } from 'pino';
import { afterAll, describe, expect, it } from 'vitest';
import { ROLES } from '../../../src/access/actor.ts';
import { testDatabase } from '../../support/database/database.ts';
import { hostileOperations } from '../../support/generated/hostile.ts';
import { startHub } from '../../support/hub/hub.ts';
import { inSeconds, startIssuer } from '../../support/hub/issuer.ts';

/** How many operations are tried on each field. */
const RUNS = 25;
// The same every time, so that a failure here is one of the change at hand; change it to look elsewhere.
const seed = 20_160_602;

const logged: string[] = [];
const logger = pino(
  { level: 'error' },
  new Writable({ write: (line, _encoding, done) => done(void logged.push(String(line))) }),
);
const { url } = await testDatabase();
const issuer = await startIssuer();
const hub = await startHub({ url, demo: true, logger, oidc: { issuer: issuer.url, audience: issuer.audience } });
afterAll(async () => {
  await hub.close();
  await issuer.close();
});

const { publications, dossiers } = await hub.as('editor').request<{
  publications: { nodes: { id: string }[]; pageInfo: { endCursor: string }; asOf: string };
  dossiers: { nodes: { id: string }[] };
}>('{ publications(first: 3) { nodes { id } pageInfo { endCursor } asOf } dossiers { nodes { id } } }');
const known = {
  ids: [...publications.nodes, ...dossiers.nodes].map(({ id }) => id),
  cursors: [publications.asOf, publications.pageInfo.endCursor],
};

const schema = buildClientSchema(await hub.as().request(getIntrospectionQuery()));
/** Nobody, and somebody whom no role stops: rules beyond the roles are what is looked for here. */
const headers: Record<string, string>[] = [
  {},
  { authorization: `Bearer ${await issuer.token({ roles: ROLES, exp: inSeconds(3_600) })}` },
];

describe('whatever anybody sends', () => {
  const fields = [
    ...Object.values(schema.getQueryType()?.getFields() ?? {}).map((field) => ['query', field] as const),
    ...Object.values(schema.getMutationType()?.getFields() ?? {}).map((field) => ['mutation', field] as const),
  ];
  it.each(fields.map(([kind, field]) => [`${kind} ${field.name}`, kind, field] as const))(
    '%s answers with a code that it means',
    async (_name, kind, field) => {
      const operations = fc.sample(hostileOperations(kind, field, known), { numRuns: RUNS, seed });
      for (const [index, { query, variables }] of operations.entries()) {
        const answer = await fetch(`${hub.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers[index % 4 === 0 ? 0 : 1] },
          body: JSON.stringify({ query, variables }),
        });
        const { errors = [] } = (await answer.json()) as {
          errors?: { message: string; extensions: { code: string } }[];
        };
        const unmeant = errors.filter(({ extensions }) => ['INTERNAL', 'UNAVAILABLE'].includes(extensions.code));
        expect(unmeant, `${JSON.stringify(variables)}\n${logged.at(-1)}`).toEqual([]);
        expect(answer.status).toBeLessThan(500);
      }
    },
  );
});
