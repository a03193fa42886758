import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import { openIncident } from '../../support/desk/desk.ts';
import { takeAway } from '../../support/desk/exporting.ts';
import { addLine, type Line, readLog } from '../../support/desk/log-desk.ts';
import { startHub } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

let incident = '';
let lines: Line[] = [];
beforeAll(async () => {
  incident = await openIncident(hub, 'crue');
  const wrong = await addLine(hub, incident, {
    kind: 'MESSAGE_IN',
    sender: '=1+1',
    means: '-1+1',
    recipient: '007',
    text: '=cmd|"/C calc"!A0;"deux"\nl’eau monte, =2+2',
    communes: ['91345'],
    important: true,
  });
  await addLine(hub, incident, {
    kind: 'CORRECTION',
    corrects: wrong.id,
    text: 'Rappeler le 06 12 34 56 78 ou jean.dupont@example.org',
    audience: 'PARTICIPANTS',
  });
  for (let line = 0; line < 60; line += 1) await addLine(hub, incident, { text: `Ligne ${line}` });
  lines = await readLog(hub, incident);
}, 60_000);

describe('the log of an incident as a file', () => {
  it('has the lines that the list has, the newest first', async () => {
    const { status, headers, headings, rows } = await takeAway(hub, 'log', 'checker', { incident });
    expect([status, rows.length]).toEqual([200, 62]);
    expect(headers.get('content-disposition')).toMatch(/filename="main-courante-[\dh-]+-62-lignes\.csv"/);
    expect(rows.map((row) => Number(row['N°']))).toEqual(lines.map(({ number }) => number));
    expect(rows.map((row) => row['Écrite le (RFC 3339)'])).toEqual(lines.map(({ writtenAt }) => writtenAt));
    expect(rows.at(-1)?.[headings.at(-1) ?? '']).toBe('62 sur 62');
  });

  it('says all that a line says, in French; people of the desk have ids', async () => {
    const where = { kinds: ['MESSAGE_IN'], important: true };
    const { rows, headings } = await takeAway(hub, 'log', 'editor', { incident, where });
    expect(rows).toEqual([
      expect.objectContaining({
        'N°': '1',
        Genre: 'Message reçu',
        Organisme: 'Département de l’Essonne',
        Importante: 'oui',
        Diffusion: 'Cellule',
        'Rectifiée par la ligne': '2',
        'Communes (INSEE)': 'Longjumeau (91345)',
        'Par (compte)': expect.stringMatching(/^[\da-f-]{36}$/),
      }),
    ]);
    for (const part of [`incident : ${incident}`, 'genres : Message reçu', 'importantes : oui'])
      expect(headings.at(-1)).toContain(part);
  });

  it('names a correction as what it is', async () => {
    const { rows, headings } = await takeAway(hub, 'log', 'editor', { incident, where: { kinds: ['CORRECTION'] } });
    expect(rows).toMatchObject([{ Genre: 'Rectification', 'Rectifie la ligne': '1', Diffusion: 'Participants' }]);
    expect(headings.at(-1)).toContain('genres : Rectification');
  });

  it('runs no formula, and holds no number or address of people (I-15)', async () => {
    const { rows, text } = await takeAway(hub, 'log', 'editor', { incident });
    expect(rows.at(-1)).toMatchObject({ De: "'=1+1", Moyen: "'-1+1", À: "'007" });
    expect(rows.at(-1)?.Texte).toMatch(/^'=cmd/);
    const FORMULA = /^[\s\p{Cf}]*[=+\-@＝＋－＠]/u;
    expect(rows.flatMap((row) => Object.values(row)).filter((cell) => FORMULA.test(cell))).toEqual([]);
    expect(text).toContain('Rappeler le [téléphone 1] ou [courriel 1]');
    for (const person of ['06 12 34', 'jean.dupont', 'Élodie Martin']) expect(text).not.toContain(person);
  });

  it.each<[string, unknown, string]>([
    ['no incident', {}, 'INVALID_INPUT'],
    ['an incident that is not there', { incident: randomUUID() }, 'NOT_FOUND'],
    ['a filter that is none', () => ({ incident, where: { kinds: ['OLD'] } }), 'INVALID_INPUT'],
    ['a commune of another Département', () => ({ incident, where: { communes: ['75056'] } }), 'INVALID_INPUT'],
  ])('is refused for %s', async (_what, asked, code) => {
    const { text } = await takeAway(hub, 'log', 'editor', typeof asked === 'function' ? asked() : asked);
    expect(JSON.parse(text).errors[0].extensions.code).toBe(code);
  });
});
