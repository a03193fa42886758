import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { NOTED, noteStatements } from '../../support/database/statements.ts';
import { draft, hoursFromNow, openIncident, publishNew, refusal } from '../../support/desk/desk.ts';
import { addLine, LINE, type Line, lineOf, numbersOf, readLog } from '../../support/desk/log-desk.ts';
import { reportOf } from '../../support/desk/report-desk.ts';
import { startHub, tokens } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const statements = noteStatements();
const hub = await startHub({ url });
afterAll(() => hub.close());

const submitted = async (): Promise<string> => {
  const { submitReport } = await hub
    .as('volunteer')
    .request<{ submitReport: { report: { id: string } } }>(
      'mutation ($input: FieldReportInput!) { submitReport(input: $input) { report { id } } }',
      { input: reportOf() },
    );
  return submitReport.report.id;
};
const logOf = (slug: string) => openIncident(hub, slug);
const refused = (incident: string, more: object) => refusal(addLine(hub, incident, more));

describe('a line of a log', () => {
  it('has its number, its writer, their organisation and all that was said', async () => {
    const incident = await logOf('lignes');
    const [{ id: dossier }, report] = [await publishNew(hub), await submitted()];
    const line = await addLine(
      hub,
      incident,
      {
        kind: 'MESSAGE_IN',
        happenedAt: hoursFromNow(-2),
        sender: 'Mairie de Longjumeau',
        recipient: 'Cellule',
        means: 'téléphone',
        important: true,
        audience: 'PARTICIPANTS',
        publication: dossier,
        report,
        communes: ['91345', '91345'],
      },
      'checker',
    );
    expect(line).toEqual({
      id: expect.any(String),
      number: 1,
      cursor: expect.any(String),
      kind: 'MESSAGE_IN',
      text: 'L’eau monte rue Gambetta',
      happenedAt: expect.any(String),
      writtenAt: expect.any(String),
      sender: 'Mairie de Longjumeau',
      recipient: 'Cellule',
      means: 'téléphone',
      important: true,
      audience: 'PARTICIPANTS',
      by: { name: 'Nadia Roux (vérification)' },
      organisation: { kind: 'DEPARTEMENT', name: 'Département de l’Essonne' },
      corrects: null,
      correctedBy: null,
      dossier: { id: dossier },
      publication: { id: expect.any(String) },
      report: { id: report },
      communes: [{ code: '91345' }],
    });
    expect(Date.parse(line.writtenAt) - Date.parse(line.happenedAt)).toBeGreaterThanOrEqual(7_199_000);
    expect(await readLog(hub, incident)).toEqual([line]);
  });

  it('happened when it was written where its writer gives no hour', async () => {
    const line = await addLine(hub, await logOf('heures'));
    expect(line.happenedAt).toBe(line.writtenAt);
  });

  it('names a dossier of which nothing is public', async () => {
    const { id } = await draft(hub, 'Alert');
    expect(await addLine(hub, await logOf('brouillon'), { publication: id })).toMatchObject({
      dossier: { id },
      publication: null,
    });
  });

  it('keeps the organisation of its writer as it was called then', async () => {
    const incident = await logOf('organismes');
    const before = await addLine(hub, incident, {}, 'validator2');
    await withSession(url, async (session) => {
      await session.query(
        `insert into organisation values (gen_random_uuid(), 1, 'SDIS', 'Sdis de l’Essonne', 'Sdis 91', now(), null)`,
      );
      await session.query(
        `update account set organisation_id = (select id from organisation where kind = 'SDIS') where name like 'Thomas Girard%'`,
      );
    });
    const after = await addLine(hub, incident, {}, 'validator2');
    expect([after, before].map(({ organisation }) => organisation?.kind)).toEqual(['SDIS', 'DEPARTEMENT']);
    expect(await readLog(hub, incident)).toEqual([after, before]);
  });

  it('is written once under an Idempotency-Key, and has its number there too', async () => {
    const incident = await logOf('cle');
    const headers = {
      'content-type': 'application/json',
      authorization: `Bearer ${tokens.editor}`,
      'idempotency-key': randomUUID(),
    };
    const query = `mutation ($incident: ID!, $input: LogLineInput!) { addLogLine(incident: $incident, input: $input) { line { id number } } }`;
    const send = async () => {
      const body = JSON.stringify({ query, variables: { incident, input: lineOf() } });
      return (await fetch(`${hub.url}/graphql`, { method: 'POST', headers, body })).json();
    };
    const first = await send();
    expect(first).toMatchObject({ data: { addLogLine: { line: { number: 1 } } } });
    expect(await send()).toEqual(first);
    expect(await readLog(hub, incident)).toHaveLength(1);
  });
});

describe('a correction', () => {
  it('is a line of its own, and the corrected one stays as it was (I-34)', async () => {
    const incident = await logOf('rectifications');
    const wrong = await addLine(hub, incident, { text: 'Deux blessés' });
    const right = await addLine(hub, incident, { kind: 'CORRECTION', corrects: wrong.id, text: 'Un blessé' });
    expect(right).toMatchObject({ number: 2, corrects: { number: 1 }, correctedBy: null });
    const [, first] = await readLog(hub, incident);
    expect(first).toEqual({ ...wrong, correctedBy: { number: 2 } });
    expect(await refused(incident, { kind: 'CORRECTION', corrects: wrong.id })).toMatchObject({ code: 'CONFLICT' });
    // What was put right wrongly is put right in its turn.
    expect(await addLine(hub, incident, { kind: 'CORRECTION', corrects: right.id })).toMatchObject({ number: 3 });
  });

  it('of several people at the same moment is one', async () => {
    const incident = await logOf('rectifications-ensemble');
    const { id } = await addLine(hub, incident);
    const tries = await Promise.allSettled(
      (['editor', 'editor2', 'validator', 'duty', 'checker'] as const).map((persona) =>
        addLine(hub, incident, { kind: 'CORRECTION', corrects: id }, persona),
      ),
    );
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const one of tries)
      if (one.status === 'rejected')
        expect(await refusal(Promise.reject(one.reason))).toMatchObject({ code: 'CONFLICT' });
    expect(numbersOf(await readLog(hub, incident))).toEqual([2, 1]);
  });
});

describe('what cannot stand in a log', () => {
  let incident = '';
  let other = '';
  beforeAll(async () => {
    incident = await logOf('refus');
    other = (await addLine(hub, await logOf('autre'))).id;
  });

  it.each<[string, object | (() => object), string]>([
    ['a deed', { kind: 'DEED' }, 'input.kind'],
    ['an hour that lies ahead', () => ({ happenedAt: hoursFromNow(0.01) }), 'input.happenedAt'],
    ['4,001 signs', { text: 'x'.repeat(4_001) }, 'input.text'],
    ['no word at all', { text: ' \u200b\n' }, 'input.text'],
    ['NUL', { text: 'eau\u0000' }, 'input.text'],
    ['half a sign', { sender: 'a\ud800' }, 'input.sender'],
    ['a sender of 201 signs', { sender: 'x'.repeat(201) }, 'input.sender'],
    ['a means of 61 signs', { means: 'x'.repeat(61) }, 'input.means'],
    ['a correction of nothing', { kind: 'CORRECTION' }, 'input.corrects'],
    ['a correction under another kind', () => ({ corrects: other }), 'input.kind'],
    ['a correction of another log', () => ({ kind: 'CORRECTION', corrects: other }), 'input.corrects'],
    ['a correction of no line', { kind: 'CORRECTION', corrects: randomUUID() }, 'input.corrects'],
    ['an id that is none', { publication: 'x' }, 'input.publication'],
    ['a publication that is not there', { publication: randomUUID() }, 'input.publication'],
    ['a report that is not there', { report: randomUUID() }, 'input.report'],
    ['a commune of another Département', { communes: ['91345', '75056'] }, 'input.communes.1'],
    ['301 communes', { communes: Array.from({ length: 301 }, () => '91345') }, 'input.communes'],
  ])('%s', async (_what, more, path) => {
    const { code, fields } = await refused(incident, typeof more === 'function' ? more() : more);
    expect([code, (fields as { path: string }[]).map((field) => field.path)]).toEqual(['INVALID_INPUT', [path]]);
    expect(await readLog(hub, incident)).toEqual([]);
  });

  it('is told with every fault at once', async () => {
    const { fields } = await refused(incident, { kind: 'CORRECTION', happenedAt: hoursFromNow(1), communes: ['x'] });
    expect(fields).toHaveLength(3);
  });

  it('4,000 signs stand there, and lines, quotes and tags as they were typed', async () => {
    const text = `${'é'.repeat(3_000)}\n'"; -- <b>=1+1</b> \\ {} ?`.padEnd(4_000, 'x');
    expect((await addLine(hub, await logOf('longueur'), { text })).text).toBe(text);
  });

  it.each(['x', randomUUID()])('a log of no incident: %s', async (id) => {
    expect(await refused(id, {})).toMatchObject({ code: 'NOT_FOUND' });
    expect(await refusal(readLog(hub, id))).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('the list of lines', () => {
  let incident = '';
  let organisation = '';
  let dossier = '';
  beforeAll(async () => {
    incident = await logOf('filtres');
    dossier = (await draft(hub, 'Alert')).id;
    await addLine(hub, incident, { text: 'Ouverture de la cellule', happenedAt: hoursFromNow(-5) });
    await addLine(hub, incident, {
      kind: 'REQUEST',
      text: 'Des sacs de sable à Longjumeau',
      communes: ['91345', '91326'],
      important: true,
      happenedAt: hoursFromNow(-4),
    });
    await addLine(hub, incident, {
      text: 'Évacuation décidée',
      kind: 'DECISION',
      audience: 'PARTICIPANTS',
      publication: dossier,
    });
    await addLine(hub, incident, { kind: 'MESSAGE_IN', sender: 'Préfecture', text: 'Rien à signaler' }, 'validator2');
    const { organisations } = await hub
      .as('editor')
      .request<{ organisations: { nodes: { id: string; kind: string }[] } }>('{ organisations { nodes { id kind } } }');
    organisation = organisations.nodes.find(({ kind }) => kind === 'SDIS')?.id ?? '';
  });

  it.each<[string, () => object | null, number[]]>([
    ['without a filter all', () => null, [4, 3, 2, 1]],
    ['kinds', () => ({ kinds: ['REQUEST', 'MESSAGE_IN'] }), [4, 2]],
    ['no kind', () => ({ kinds: [] }), []],
    ['audience', () => ({ audience: 'PARTICIPANTS' }), [3]],
    ['from an hour on', () => ({ from: hoursFromNow(-4.5) }), [4, 3, 2]],
    ['before an hour', () => ({ to: hoursFromNow(-1) }), [2, 1]],
    ['between two hours', () => ({ from: hoursFromNow(-4.5), to: hoursFromNow(-1) }), [2]],
    ['organisations', () => ({ organisations: [organisation] }), [4]],
    ['communes', () => ({ communes: ['91326'] }), [2]],
    ['important', () => ({ important: true }), [2]],
    ['not important', () => ({ important: false }), [4, 3, 1]],
    ['publication', () => ({ publication: dossier }), [3]],
    ['words, whatever their endings', () => ({ search: 'évacuations' }), [3]],
    ['words of a sender', () => ({ search: 'prefecture' }), [4]],
    ['all of several', () => ({ kinds: ['FACT', 'REQUEST'], search: 'sacs', important: true }), [2]],
  ])('is filtered by %s', async (_by, where, numbers) => {
    expect(numbersOf(await readLog(hub, incident, where()))).toEqual(numbers);
  });

  it.each<[object, string]>([
    [{ communes: ['75056'] }, 'where.communes.0'],
    [{ organisations: ['x'] }, 'where.organisations.0'],
    [{ publication: 'x\u0000' }, 'where.publication'],
    [{ search: 'x'.repeat(201) }, 'where.search'],
  ])('says what is wrong with a filter: %j', async (where, path) => {
    expect(await refusal(readLog(hub, incident, where))).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path }] });
  });

  it('finds nothing for words that are none', async () => {
    for (const search of ['\u0000', '%', `'`, '…']) expect(await readLog(hub, incident, { search })).toEqual([]);
  });

  it('is walked from page to page, and lines that come meanwhile hide none', async () => {
    const walked = await logOf('pages');
    for (let line = 0; line < 5; line += 1) await addLine(hub, walked);
    const page = async (after: string | null) =>
      (
        await hub.as('editor').request<{
          log: { nodes: Line[]; totalCount: number; pageInfo: { endCursor: string; hasNextPage: boolean } };
        }>(
          `query ($incident: ID!, $after: PageCursor) { log(incident: $incident, first: 2, after: $after) {
             nodes { number } totalCount pageInfo { endCursor hasNextPage } } }`,
          { incident: walked, after },
        )
      ).log;
    const first = await page(null);
    await addLine(hub, walked);
    const second = await page(first.pageInfo.endCursor);
    const third = await page(second.pageInfo.endCursor);
    expect([first, second, third].map(({ nodes }) => numbersOf(nodes))).toEqual([[5, 4], [3, 2], [1]]);
    expect([first.totalCount, third.totalCount, third.pageInfo.hasNextPage]).toEqual([5, 6, false]);
    for (const wrong of ['x', Buffer.from('[-1]').toString('base64url'), Buffer.from('[1e99]').toString('base64url')])
      expect(await refusal(page(wrong))).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'after' }] });
  });

  it('is read whole, with all that a line leads to, by as many statements as a short one', async () => {
    const [short, long] = [await logOf('courte'), await logOf('longue')];
    const { id: publication } = await publishNew(hub);
    const report = await submitted();
    const fill = async (log: string, lines: number) => {
      for (let line = 0; line < lines; line += 1) {
        const { id } = await addLine(hub, log, { publication, report, communes: ['91345'] });
        await addLine(hub, log, { kind: 'CORRECTION', corrects: id });
      }
    };
    await fill(short, 1);
    await fill(long, 20);
    const count = async (log: string): Promise<number> => {
      const name = randomUUID();
      const answer = await fetch(`${hub.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${tokens.editor}`, [NOTED]: name },
        body: JSON.stringify({
          query: `query ($log: ID!) { log(incident: $log, first: 300) { totalCount nodes { ${LINE} } pageInfo { hasPreviousPage } } }`,
          variables: { log },
        }),
      });
      expect((await answer.json()).errors).toBeUndefined();
      return statements(name).length;
    };
    const [few, many] = [await count(short), await count(long)];
    expect(many).toBe(few);
    expect(many).toBeLessThanOrEqual(12);
  }, 120_000);
});
