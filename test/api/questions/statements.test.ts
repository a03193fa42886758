import { randomUUID } from 'node:crypto';
import { GraphQLClient } from 'graphql-request';
import { afterAll, expect, it } from 'vitest';
import { answerBy, ask, groupOf, QUESTION_GROUP, redirect } from '../../support/crisis-cell/question-desk.ts';
import { testDatabase } from '../../support/database/database.ts';
import { NOTED, noteStatements } from '../../support/database/statements.ts';
import { publishNew } from '../../support/desk/desk.ts';
import { startHub, tokens } from '../../support/hub/hub.ts';
import { tell } from '../../support/tell.ts';

const read = noteStatements();
const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

const PAGE = `{ found: questionGroups(first: 100) { totalCount nodes { ${QUESTION_GROUP} newest { questionGroup { id } } } }
  waiting: questions(first: 100) { totalCount nodes { id questionGroup { title } } }
  late: questionGroups(outdated: true, first: 1) { totalCount } }`;

/** How many statements the page of questions takes, and how many groups it answers. */
async function asked(): Promise<{ groups: number; statements: number }> {
  const noted = randomUUID();
  const headers = { authorization: `Bearer ${tokens.volunteer}`, [NOTED]: noted };
  const client = new GraphQLClient(`${hub.url}/graphql`, { headers });
  const { found } = await client.request<{ found: { nodes: object[] } }>(PAGE);
  return { groups: found.nodes.length, statements: read(noted).length };
}

it('a page of questions takes as many statements for many as for few', async () => {
  // An account is found at the first request of a person to a hub, and then remembered.
  await hub.as('volunteer').request('{ viewer { id } }');
  const answers = [await publishNew(hub, 'Advice'), await publishNew(hub, 'Alert')];
  const grow = async (times: number) => {
    for (let count = 0; count < times; count += 1) {
      await ask(hub);
      await answerBy(
        hub,
        await groupOf(hub, { reports: [await ask(hub), await ask(hub)] }),
        answers[count % 2]?.id ?? '',
      );
      await redirect(hub, await groupOf(hub));
      await groupOf(hub);
    }
  };
  await grow(1);
  const few = await asked();
  await grow(10);
  const many = await asked();
  tell(`${many.statements} statements`);
  expect([few.groups, many.groups]).toEqual([3, 33]);
  // Groups, their questions, the groups of those, answers; waiting questions and their groups; three counts.
  expect(many.statements).toBe(few.statements);
  expect(few.statements).toBeLessThanOrEqual(12);
}, 120_000);
