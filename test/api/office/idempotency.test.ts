import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, expect, it } from 'vitest';
import { openDatabase } from '../../../src/database/connection.ts';
import { entities } from '../../../src/entities.ts';
import { forgetAnswers, takeKey } from '../../../src/office/kept-answer.commands.ts';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput } from '../../support/desk/desk.ts';
import { startHub, tokens } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const hub = await startHub({ url });
const database = await openDatabase({ url, entities });
afterAll(async () => {
  await hub.close();
  await database.close();
});
const em = () => database.orm.em.fork();
const count = async (table: string) =>
  Number((await database.pool.query<{ count: string }>(`select count(*) from ${table}`)).rows[0]?.count);

type Persona = keyof typeof tokens;
const submission = (text: string) => ({
  query:
    'mutation ($input: FieldReportInput!) { submitReport(input: $input) { report { id text submittedBy { name } } } }',
  variables: { input: { text, channel: 'CALL', seenAt: '2016-06-02T12:00:00+02:00', commune: '91345' } },
});
const headersOf = (key: string, persona: Persona) => ({
  authorization: `Bearer ${tokens[persona]}`,
  'content-type': 'application/json',
  'idempotency-key': key,
});
const post = async (key: string, body: object, persona: Persona = 'volunteer') => {
  const init = { method: 'POST', headers: headersOf(key, persona), body: JSON.stringify(body) };
  const answer = await fetch(`${hub.url}/graphql`, init);
  return { status: answer.status, text: await answer.text() };
};
const codeOf = ({ text }: { text: string }) => JSON.parse(text).errors?.[0]?.extensions?.code;

it('the same key and body get the stored answer, byte for byte, and have one effect', async () => {
  const [key, body] = [randomUUID(), submission('Une fois')];
  const before = { reports: await count('report'), audit: await count('audit_entry') };
  const first = await post(key, body);
  const again = await post(key, { variables: body.variables, query: body.query });
  expect(JSON.parse(first.text).data.submitReport.report.text).toBe('Une fois');
  expect(again).toEqual(first);
  expect(await count('report')).toBe(before.reports + 1);
  expect(await count('audit_entry')).toBe(before.audit + 1);
});

it('the same key with another body is refused', async () => {
  const key = randomUUID();
  await post(key, submission('Premier'));
  const other = await post(key, submission('Second'));
  expect(codeOf(other)).toBe('IDEMPOTENCY_MISMATCH');
  expect(other.status).toBe(422);
});

it('the keys of one person are not those of another', async () => {
  const [key, body] = [randomUUID(), submission('À chacun sa clé')];
  const [first, second] = [await post(key, body), await post(key, body, 'volunteer2')];
  expect(JSON.parse(second.text).data.submitReport.report.id).not.toBe(
    JSON.parse(first.text).data.submitReport.report.id,
  );
});

it('of many requests with one key at once, one has its effect and all get its answer', async () => {
  const [key, body, before] = [randomUUID(), submission('Tous ensemble'), await count('report')];
  const answers = await Promise.all(Array.from({ length: 8 }, () => post(key, body)));
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(await count('report')).toBe(before + 1);
});

it('what is refused leaves nothing, and may be tried again with its key', async () => {
  const key = randomUUID();
  const body = submission('Refusé');
  const kept = await count('kept_answer');
  expect(codeOf(await post(key, body, 'editor'))).toBe('FORBIDDEN');
  expect(codeOf(await post(key, { ...body, variables: { input: { ...body.variables.input, text: '' } } }))).toBe(
    'INVALID_INPUT',
  );
  expect(await count('kept_answer')).toBe(kept);
  expect(JSON.parse((await post(key, body)).text).data.submitReport.report.text).toBe('Refusé');
});

it('an operation of several mutations has all of its effects or none', async () => {
  const before = await count('report');
  const { variables } = submission('Tout ou rien');
  const query = `mutation ($input: FieldReportInput!) { a: submitReport(input: $input) { report { id } } b: claimReport(id: "none") { report { id } } }`;
  expect(codeOf(await post(randomUUID(), { query, variables }))).toBe('NOT_FOUND');
  expect(await count('report')).toBe(before);
});

it('a dossier is written, published and announced under keys as it is without', async () => {
  const step = async (persona: Persona, query: string, variables: object) => {
    const key = randomUUID();
    const first = await post(key, { query, variables }, persona);
    expect(await post(key, { query, variables }, persona)).toEqual(first);
    return JSON.parse(first.text).data.done.dossier;
  };
  const fields = '{ dossier { id version stage publication { id state } } asOf }';
  const { id } = await step('editor', `mutation ($input: AlertInput!) { done: draftAlert(input: $input) ${fields} }`, {
    input: alertInput(),
  });
  for (const [name, persona, version] of [
    ['submitDossier', 'editor', 1],
    ['approveDossier', 'validator', 2],
  ] as const)
    await step(persona, `mutation ($id: ID!, $version: Int!) { done: ${name}(id: $id, version: $version) ${fields} }`, {
      id,
      version,
    });
  const query = `mutation ($id: ID!) { done: publishDossier(id: $id, version: 3) ${fields} }`;
  expect(await step('validator', query, { id })).toMatchObject({ stage: 'PUBLISHED', publication: { id } });
  const { situation } = await hub
    .as()
    .request<{ situation: { alerts: object[] } }>('{ situation(place: { commune: "91345" }) { alerts { id } } }');
  expect(situation.alerts).toEqual([{ id }]);
});

it('a key that is none is refused, and a query takes no notice of a key', async () => {
  for (const key of ['two words', 'x'.repeat(256)]) {
    const answer = await post(key, submission('Mauvaise clé'));
    expect([answer.status, codeOf(answer)]).toEqual([400, 'BAD_REQUEST']);
  }
  const kept = await count('kept_answer');
  await post(randomUUID(), { query: '{ viewer { name } }' });
  expect(await count('kept_answer')).toBe(kept);
});

it('variables that are none are refused as without a key', async () => {
  const body = { ...submission('x'), variables: {} };
  const answer = await post(randomUUID(), body);
  expect([answer.status, codeOf(answer)]).toEqual([400, 'BAD_REQUEST']);
});

it('an answer with personal data is never kept (I-15)', async () => {
  const { text } = await post(randomUUID(), submission('Appel du 06 12 34 56 78'));
  const variables = { id: JSON.parse(text).data.submitReport.report.id };
  const query =
    'mutation ($id: ID!) { ...all } fragment all on Mutation { it: readPersonalData(id: $id) { personalData { captured } } }';
  const read = await post(randomUUID(), { query, variables }, 'checker');
  expect(JSON.parse(read.text).data.it.personalData.captured).toBe('Appel du 06 12 34 56 78');
  const { rows } = await database.pool.query(`select key from kept_answer where answer like '%06 12 34 56 78%'`);
  expect(rows).toEqual([]);
});

/** Sends a request and cuts the connection: at once, or when the first byte of the answer comes. */
const sendAndCut = (key: string, body: object, when: 'at once' | 'at the answer') =>
  new Promise<void>((resolve) => {
    const { hostname, port } = new URL(hub.url);
    const text = JSON.stringify(body);
    const head = Object.entries({
      ...headersOf(key, 'volunteer'),
      host: hostname,
      'content-length': Buffer.byteLength(text),
    });
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => undefined).on('close', () => resolve());
    socket.once('data', () => socket.destroy());
    socket.write(
      `POST /graphql HTTP/1.1\r\n${head.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n${text}`,
      () => {
        if (when === 'at once') socket.destroy();
      },
    );
  });

it('a thousand mutations whose answers are cut, each retried with its key, have exactly one effect each', async () => {
  const texts = Array.from({ length: 1_000 }, (_, index) => `Coupure ${index}`);
  const before = await count('report');
  const queue = [...texts];
  const client = async () => {
    for (let text = queue.shift(); text; text = queue.shift()) {
      const [key, body] = [randomUUID(), submission(text)];
      await sendAndCut(key, body, queue.length % 2 ? 'at once' : 'at the answer');
      const retried = await post(key, body);
      expect(JSON.parse(retried.text).data.submitReport.report.text).toBe(text);
    }
  };
  await Promise.all(Array.from({ length: 8 }, client));
  expect(await count('report')).toBe(before + 1_000);
  const { rows } = await database.pool.query(
    `select text from report where text like 'Coupure %' group by text having count(*) > 1`,
  );
  expect(rows).toEqual([]);
}, 240_000);

it('answers are kept for 48 hours, and then the key is free (S-5)', async () => {
  const request = { actor: randomUUID(), key: 'k', requestHash: 'one' };
  const start = Date.parse('2016-06-02T12:00:00Z');
  const at = (milliseconds: number) => new Date(start + milliseconds);
  const HOURS = 48 * 3600_000;
  expect(await takeKey(em(), request, at(0))).toBeNull();
  await expect(takeKey(em(), { ...request, requestHash: 'two' }, at(HOURS - 1))).rejects.toMatchObject({
    code: 'IDEMPOTENCY_MISMATCH',
  });
  expect(await takeKey(em(), { ...request, requestHash: 'two' }, at(HOURS))).toBeNull();
  expect(await forgetAnswers(em(), at(2 * HOURS - 1))).toBe(0);
  expect(await forgetAnswers(em(), at(2 * HOURS))).toBe(1);
});
