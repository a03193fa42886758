import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { sqlOver } from '../../../src/database/sql.ts';
import type { Persona } from '../../../src/development/development-tokens.ts';
import { verifyLogs } from '../../../src/incident-log/verify-logs.queries.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { openIncident, refusal } from '../../support/desk/desk.ts';
import { addLine, LINE, type Line, readLog } from '../../support/desk/log-desk.ts';
import { RawSocket } from '../../support/following/raw-socket.ts';
import { startHub, tokens } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

const mask = async (id: string, people: string[], persona: Persona = 'checker'): Promise<Line> =>
  (
    await hub
      .as(persona)
      .request<{ maskLogLine: { line: Line } }>(
        `mutation ($id: ID!, $people: [String!]!) { maskLogLine(id: $id, people: $people) { line { ${LINE} maskedAt } } }`,
        { id, people },
      )
  ).maskLogLine.line;
const owner = (statement: string, ...values: unknown[]) =>
  withSession(url, async (session) => (await session.query(statement, values)).rows);
const verify = () => withSession(url, (session) => verifyLogs(sqlOver(session)));

it('takes people out of the words for good, and the chain of lines still holds (I-15, I-35)', async () => {
  const incident = await openIncident(hub, 'masque');
  const line = await addLine(hub, incident, {
    kind: 'MESSAGE_IN',
    sender: 'Jean Dupont, riverain',
    recipient: 'Cellule',
    text: 'Jean Dupont est coincé à l’étage, rappeler le 06 12 34 56 78. Sa voisine Anne Petit aussi.',
  });
  const second = await addLine(hub, incident);
  const masked = await mask(line.id, ['Jean Dupont']);
  expect(masked).toEqual({
    ...line,
    sender: '[personne 1], riverain',
    text: '[personne 1] est coincé à l’étage, rappeler le [téléphone 1]. Sa voisine Anne Petit aussi.',
    maskedAt: expect.any(String),
  });
  // A mark of an earlier time stands for somebody else.
  expect((await mask(line.id, ['Anne Petit'], 'duty')).text).toBe(
    '[personne 1] est coincé à l’étage, rappeler le [téléphone 1]. Sa voisine [personne 2] aussi.',
  );
  expect(await verify()).toEqual({ logs: 1, lines: 2, masked: 1, fault: null });
  // Nowhere in the database stands what was taken out, nor the salt by which it could be guessed.
  const [kept] = await owner(
    `select to_jsonb(l)::text || to_jsonb(w)::text as all, w.salt from log_line l join log_words w on w.line_id = l.id where l.id = $1`,
    line.id,
  );
  expect(kept.salt).toBeNull();
  for (const person of ['Dupont', 'Petit', '06 12']) expect(kept.all).not.toContain(person);
  expect((await readLog(hub, incident, { search: 'Dupont' })).length).toBe(0);
  expect((await readLog(hub, incident)).map(({ id }) => id)).toEqual([second.id, line.id]);
  const entries = await owner(
    `select e.action, e.state_before is distinct from e.state_after as changed, a.name from audit_entry e
     join account a on a.id = e.actor where e.subject = $1 order by e.position`,
    line.id,
  );
  expect(entries).toMatchObject([
    { action: 'addLogLine', changed: true },
    { action: 'maskLogLine', changed: true, name: 'Nadia Roux (vérification)' },
    { action: 'maskLogLine', changed: true, name: 'Claire Moreau (astreinte)' },
  ]);
});

it('takes numbers out without a name, and leaves a line alone in which nobody is named', async () => {
  const incident = await openIncident(hub, 'masque-sans-nom');
  const { id } = await addLine(hub, incident, { text: 'Écrire à jean@example.org' });
  expect((await mask(id, [])).text).toBe('Écrire à [courriel 1]');
  const other = await addLine(hub, incident);
  for (const people of [[], ['Jean Dupont']])
    expect(await refusal(mask(other.id, people))).toMatchObject({
      code: 'INVALID_INPUT',
      fields: [{ path: 'people' }],
    });
  expect(await readLog(hub, incident)).toMatchObject([other, { id }]);
});

it.each(['x', randomUUID(), '\u0000'])('is NOT_FOUND for no line: %j', async (id) => {
  expect(await refusal(mask(id, ['Jean']))).toMatchObject({ code: 'NOT_FOUND' });
});

it('is refused with names that cannot be, and nothing changes', async () => {
  const { id } = await addLine(hub, await openIncident(hub, 'noms'), { text: 'Jean' });
  for (const people of [[''], ['a\u0000'], ['x'.repeat(201)], Array.from({ length: 51 }, () => 'Jean')])
    expect(await refusal(mask(id, people))).toMatchObject({ code: 'INVALID_INPUT' });
});

it('reaches those who follow: the line comes again, without the people', async () => {
  const incident = await openIncident(hub, 'suivi-masque');
  const line = await addLine(hub, incident, { text: 'Jean Dupont appelle', important: true });
  await addLine(hub, incident);
  const socket = await new RawSocket(hub.url).init({ authorization: `Bearer ${tokens.editor}` });
  const query = `subscription ($incident: ID!, $where: LogFilter) { logLines(incident: $incident, where: $where) { line { number text } } }`;
  const texts = (id: string) => JSON.stringify(socket.of(id));
  await socket.subscribe('all', query, { incident });
  await socket.subscribe('important', query, { incident, where: { important: true } });
  await socket.subscribe('others', query, { incident, where: { important: false } });
  await socket.until(() => ['all', 'important', 'others'].every((id) => socket.of(id).length === 1));
  await mask(line.id, ['Jean Dupont']);
  await addLine(hub, incident, { text: 'fin' });
  await socket.until(() => texts('all').includes('fin') && texts('others').includes('fin'));
  await socket.until(
    () => texts('all').includes('[personne 1] appelle') && texts('important').includes('[personne 1]'),
  );
  expect(texts('others')).not.toContain('personne');
  await socket.end();
});
