import { afterAll, expect, it } from 'vitest';
import {
  answerBy,
  ask,
  doQuestions,
  groupNow,
  groupOf,
  redirect,
  type SeenGroup,
} from '../../support/crisis-cell/question-desk.ts';
import { testDatabase } from '../../support/database/database.ts';
import { adviceInput, openIncident, publishNew } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

interface SeenLine {
  kind: string;
  text: string;
  important: boolean;
  publication: { thread: string } | null;
}

/** The lines of an incident's log that tell of questions, the oldest first. */
async function told(incident: string): Promise<SeenLine[]> {
  const { log } = await hub.as('checker').request<{ log: { nodes: SeenLine[] } }>(
    `query ($incident: ID!) {
       log(incident: $incident, first: 100) { nodes { kind text important publication { thread } } } }`,
    { incident },
  );
  return log.nodes.filter(({ text }) => text.includes('question')).reverse();
}

const questions = async (count: number): Promise<string[]> => {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) ids.push(await ask(hub));
  return ids;
};
const add = (group: SeenGroup, reports: string[]) =>
  doQuestions(hub, 'checker', 'addQuestions', { id: group.id, version: group.version, reports });

it('the log of an incident tells that questions were answered and sent on (I-36), and of no others', async () => {
  const incident = await openIncident(hub, 'journal-questions');
  const texts = [{ language: 'fr-FR', headline: 'La D257 est coupée', description: 'Coupée.' }];
  const { id } = await publishNew(hub, 'Advice', adviceInput({ texts }));
  const group = await groupOf(hub, { incident, reports: await questions(2), title: 'La D257 est-elle coupée ?' });
  await redirect(hub, await answerBy(hub, group, id));
  await answerBy(hub, await groupOf(hub), id);
  expect(await told(incident)).toEqual([
    {
      kind: 'DEED',
      text: 'Répondu par « La D257 est coupée » – 2 questions « La D257 est-elle coupée ? »',
      important: false,
      publication: { thread: id },
    },
    {
      kind: 'DEED',
      text: 'Renvoyé vers Département de l’Essonne – 2 questions « La D257 est-elle coupée ? »',
      important: false,
      publication: null,
    },
  ]);
});

it('the log tells once that a question is asked often and nothing public answers it', async () => {
  const incident = await openIncident(hub, 'journal-pressant');
  const group = await groupOf(hub, { incident, reports: await questions(9), title: 'L’eau est-elle potable ?' });
  expect(await told(incident)).toEqual([]);
  const pressing = await add(group, await questions(1));
  const more = await add(pressing, await questions(2));
  const line = {
    kind: 'DEED',
    text: 'Demandé 10 fois en une heure, sans réponse publique – 10 questions « L’eau est-elle potable ? »',
    important: true,
    publication: null,
  };
  expect(await told(incident)).toEqual([line]);
  const { id } = await publishNew(hub, 'Advice');
  await answerBy(hub, more, id);
  const { found } = await hub
    .as('volunteer')
    .request<{ found: { pressingSince: string | null; state: string } }>(
      'query ($id: ID!) { found: questionGroup(id: $id) { state pressingSince } }',
      { id: group.id },
    );
  expect(found).toEqual({ state: 'ANSWERED', pressingSince: null });
  await add(await groupNow(hub, group.id), await questions(10));
  expect((await told(incident)).filter(({ important }) => important)).toEqual([line]);
});
