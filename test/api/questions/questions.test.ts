import { afterAll, describe, expect, it } from 'vitest';
import type { Persona } from '../../../src/development/development-tokens.ts';
import {
  answerBy,
  ask,
  doQuestions,
  drop,
  groupNow,
  groupOf,
  questionDeed,
  redirect,
  type SeenGroup,
} from '../../support/crisis-cell/question-desk.ts';
import { testDatabase } from '../../support/database/database.ts';
import { adviceInput, draft, openIncident, publishNew, refusal } from '../../support/desk/desk.ts';
import { conclusionOf } from '../../support/desk/report-desk.ts';
import { startHub } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

const { id: advice } = await publishNew(hub, 'Advice');

const refused = (field: string, given: object, persona: Persona = 'checker') =>
  refusal(hub.as(persona).request(questionDeed(field, given), given)).catch((error) => ({ code: `${error}` }));
const seen = ({ id, version }: SeenGroup) => ({ id, version });
const withReason = '($id: ID!) { done: dismissReport(id: $id, reason: "Hors sujet") { report { state } } }';
const report = async (id: string) => {
  const { found } = await hub.as('checker').request<{
    found: { state: string; category: string; questionGroup: { id: string } | null; conclusion: object | null };
  }>('query ($id: ID!) { found: report(id: $id) { state category questionGroup { id } conclusion { explanation } } }', {
    id,
  });
  return found;
};
const waiting = async (): Promise<string[]> => {
  const { questions } = await hub
    .as('volunteer')
    .request<{ questions: { nodes: { id: string }[] } }>('{ questions(first: 100) { nodes { id } } }');
  return questions.nodes.map(({ id }) => id);
};

describe('a question', () => {
  it('waits until somebody groups it, however its category was typed', async () => {
    const id = await ask(hub, 'L’école de Massy est-elle ouverte ?', { category: 'Question' });
    expect(await report(id)).toMatchObject({ state: 'NEW', category: 'QUESTION', questionGroup: null });
    expect(await waiting()).toContain(id);
    const group = await groupOf(hub, { reports: [id] });
    expect(await waiting()).not.toContain(id);
    expect((await report(id)).questionGroup).toEqual({ id: group.id });
  });

  it('is neither true nor false: nobody concludes on it', async () => {
    const id = await ask(hub);
    await hub.as('volunteer2').request('mutation ($id: ID!) { claimReport(id: $id) { report { id } } }', { id });
    const conclude = hub.as('checker').request(
      `mutation ($id: ID!, $conclusion: ConclusionInput!) {
         concludeReport(id: $id, conclusion: $conclusion) { report { state } } }`,
      { id, conclusion: conclusionOf('CONFIRMED') },
    );
    expect(await refusal(conclude)).toMatchObject({ code: 'WRONG_STAGE' });
  });

  it('leaves its group where it helps nobody, and comes back without one', async () => {
    const [one, other] = [await ask(hub), await ask(hub)];
    const group = await groupOf(hub, { reports: [one, other] });
    await hub.as('checker').request(`mutation ${withReason}`, { id: one });
    expect(await groupNow(hub, group.id)).toMatchObject({ questionCount: 1, newest: [{ id: other }] });
    const reopen = 'mutation ($id: ID!) { reopenReport(id: $id, reason: "Erreur") { report { state } } }';
    await hub.as('checker').request(reopen, { id: one });
    expect(await report(one)).toMatchObject({ state: 'NEW', questionGroup: null });
  });
});

describe('a group of questions', () => {
  it('has the communes of its questions, and their answer closes them all', async () => {
    const reports = [await ask(hub), await ask(hub, 'Et à Massy ?', { commune: '91377' })];
    const group = await groupOf(hub, { reports });
    expect(group).toMatchObject({
      state: 'OPEN',
      version: 1,
      questionCount: 2,
      reply: null,
      answer: null,
      decidedBy: null,
    });
    expect(group.communes.map(({ code }) => code).sort()).toEqual(['91345', '91377']);
    expect(group.newest.map(({ id }) => id).sort()).toEqual([...reports].sort());
    const answered = await answerBy(hub, group, advice);
    expect(answered).toMatchObject({ state: 'ANSWERED', version: 2, answer: { thread: advice }, outdated: false });
    for (const { state, conclusion } of answered.newest) {
      expect(state).toBe('ANSWERED');
      expect(conclusion?.explanation).toBe(`Répondu par la publication ${advice}`);
    }
  });

  it('is answered by one of two people who decide at the same moment', async () => {
    for (let round = 0; round < 5; round += 1) {
      const group = await groupOf(hub);
      const given = { ...seen(group), publication: advice };
      const results = await Promise.allSettled([
        doQuestions(hub, 'editor', 'answerQuestions', given),
        redirect(hub, group),
        drop(hub, group),
      ]);
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect((await groupNow(hub, group.id)).version).toBe(2);
    }
  });

  it('gets a question that two people group at the same moment once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const id = await ask(hub);
      const given = { reports: [id], title: 'Est-ce fermé ?' };
      const codes = await Promise.allSettled([
        doQuestions(hub, 'checker', 'groupQuestions', given),
        doQuestions(hub, 'checker', 'groupQuestions', given),
      ]);
      expect(codes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(await refused('groupQuestions', given)).toMatchObject({ code: 'CONFLICT' });
    }
  });

  it('closes what is added to it as the rest of it is', async () => {
    const answered = await answerBy(hub, await groupOf(hub), advice);
    const id = await ask(hub);
    const larger = await doQuestions(hub, 'checker', 'addQuestions', { ...seen(answered), reports: [id] });
    expect(larger).toMatchObject({ state: 'ANSWERED', questionCount: 2 });
    expect((await report(id)).state).toBe('ANSWERED');
    const sent = await redirect(hub, await groupOf(hub), 'Route nationale : la DIRIF');
    expect(sent).toMatchObject({ state: 'REDIRECTED', note: 'Route nationale : la DIRIF', reply: null });
  });

  it('is taken apart: what leaves it is open again, and one question stays', async () => {
    const [one, other] = [await ask(hub), await ask(hub)];
    const answered = await answerBy(hub, await groupOf(hub, { reports: [one, other] }), advice);
    const all = { ...seen(answered), reports: [one, other], title: 'Autre chose' };
    expect(await refused('splitQuestionGroup', all)).toMatchObject({
      code: 'INVALID_INPUT',
      fields: [{ path: 'reports' }],
    });
    const split = await doQuestions(hub, 'checker', 'splitQuestionGroup', { ...all, reports: [one] });
    expect(split).toMatchObject({ state: 'ANSWERED', questionCount: 1, newest: [{ id: other, state: 'ANSWERED' }] });
    expect(split.made).toMatchObject({ title: 'Autre chose', state: 'OPEN', newest: [{ id: one, state: 'NEW' }] });
    expect(await refused('splitQuestionGroup', { ...all, version: split.version, reports: [one] })).toMatchObject({
      code: 'INVALID_INPUT',
      fields: [{ path: 'reports.0' }],
    });
    const again = await answerBy(hub, split.made as SeenGroup, advice);
    expect(again.newest).toMatchObject([{ id: one, state: 'ANSWERED' }]);
  });

  it('is dropped for good', async () => {
    const dropped = await drop(hub, await groupOf(hub));
    expect(dropped).toMatchObject({ state: 'DROPPED', note: 'Hors sujet', newest: [{ state: 'NOT_USEFUL' }] });
    expect(await refused('answerQuestions', { ...seen(dropped), publication: advice })).toMatchObject({
      code: 'WRONG_STAGE',
    });
  });

  it('keeps no number and no account of a person in its words', async () => {
    const title = 'Qui rappelle le 06 12 34 56 78 (@jean.dupont) ?';
    const group = await groupOf(hub, { title });
    expect(group.title).toBe('Qui rappelle le [téléphone 1] ([compte 1]) ?');
    expect((await drop(hub, group, 'Écrire à jean@example.org')).note).toBe('Écrire à [courriel 1]');
  });

  it('has its words mended in any state, where they name somebody', async () => {
    const group = await groupOf(hub, { title: 'Où est Jean Dupont ?' });
    const mended = await doQuestions(hub, 'checker', 'reviseQuestionGroup', {
      ...seen(group),
      title: 'Où est mon père ?',
    });
    expect(mended).toMatchObject({ title: 'Où est mon père ?', state: 'OPEN', version: 2 });
    const given = { ...seen(mended), title: 'Où est mon père ?', note: 'Appeler le Sdis' };
    expect(await refused('reviseQuestionGroup', given)).toMatchObject({
      code: 'INVALID_INPUT',
      fields: [{ path: 'note' }],
    });
    const dropped = await drop(hub, mended, 'Jean Dupont est rentré');
    const without = await doQuestions(hub, 'checker', 'reviseQuestionGroup', {
      ...seen(dropped),
      title: 'Où est mon père ?',
      note: null,
    });
    expect(without).toMatchObject({ state: 'DROPPED', note: null });
  });

  it('belongs to an open incident, and counts among its groups', async () => {
    const incident = await openIncident(hub, 'crue-questions');
    const group = await groupOf(hub, { incident });
    const { found } = await hub
      .as('editor')
      .request<{ found: { nodes: object[]; totalCount: number } }>(
        'query ($incident: ID!) { found: questionGroups(incident: $incident) { nodes { id } totalCount } }',
        { incident },
      );
    expect(found).toEqual({ nodes: [{ id: group.id }], totalCount: 1 });
    await hub
      .as('validator')
      .request(`mutation ($id: ID!) { closeIncident(id: $id, version: 1, reason: "Décrue") { incidentFile { id } } }`, {
        id: incident,
      });
    const late = { reports: [await ask(hub)], title: 'Est-ce fini ?', incident };
    expect(await refused('groupQuestions', late)).toMatchObject({
      code: 'INVALID_INPUT',
      fields: [{ path: 'incident' }],
    });
  });
});

describe('bad input', () => {
  it('names the field and what was expected, and writes nothing', async () => {
    const id = await ask(hub);
    const { done } = await hub.as('volunteer').request<{ done: { report: { id: string } } }>(
      `mutation { done: submitReport(input: { text: "De l’eau", channel: "CALL", seenAt: "2016-06-02T12:00:00+02:00" }) {
         report { id } } }`,
    );
    const wrong: [object, string][] = [
      [{ reports: [] }, 'reports'],
      [{ reports: [id, id.toUpperCase()] }, 'reports'],
      [{ reports: Array.from({ length: 101 }, () => id) }, 'reports'],
      [{ reports: ['nothing'] }, 'reports.0'],
      [{ reports: [id, '01890000-0000-7000-8000-000000000000'] }, 'reports.1'],
      [{ reports: [id, done.report.id] }, 'reports.1'],
      [{ title: ' ' }, 'title'],
      [{ title: 'x'.repeat(121) }, 'title'],
      [{ title: 'Fermé\u0000 ?' }, 'title'],
      [{ title: 'Fermé\ud800 ?' }, 'title'],
      [{ incident: 'nothing' }, 'incident'],
    ];
    for (const [given, path] of wrong)
      expect(await refused('groupQuestions', { reports: [id], title: 'Fermé ?', ...given }), path).toMatchObject({
        code: 'INVALID_INPUT',
        fields: [{ path }],
      });
    expect(await waiting()).toContain(id);
  });

  it('takes no answer that is not public, is over, or is an exercise', async () => {
    const group = await groupOf(hub);
    const over = await publishNew(hub, 'Advice', adviceInput());
    await hub
      .as('validator')
      .request(
        'mutation ($id: ID!, $version: Int!) { cancelPublication(id: $id, version: $version, reason: "Erreur") { dossier { id } } }',
        { id: over.id, version: over.version },
      );
    const exercise = await publishNew(
      hub,
      'Advice',
      adviceInput({
        mode: 'EXERCISE',
        texts: [{ language: 'fr-FR', headline: 'EXERCICE – Fermé', description: 'Fermé.' }],
      }),
    );
    const answers = ['nothing', (await draft(hub, 'Advice')).id, over.id, exercise.id];
    for (const publication of answers)
      expect(await refused('answerQuestions', { ...seen(group), publication })).toMatchObject({
        code: 'INVALID_INPUT',
        fields: [{ path: 'publication' }],
      });
    const drill = await groupOf(hub, { incident: await openIncident(hub, 'exercice-questions', 'EXERCISE') });
    const said = await answerBy(hub, drill, exercise.id);
    expect(said.reply).toMatch(/^EXERCICE/);
    expect(await refused('redirectQuestions', { ...seen(group), organisation: 'nothing' })).toMatchObject({
      fields: [{ path: 'organisation' }],
    });
  });
});
