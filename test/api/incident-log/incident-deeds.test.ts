import { afterAll, expect, it } from 'vitest';
import { handOver, idOf, saveShift, shiftInput, takeOver } from '../../support/crisis-cell/duty-desk.ts';
import { newIncident, onIncident } from '../../support/crisis-cell/incident-desk.ts';
import { testDatabase } from '../../support/database/database.ts';
import { readLog } from '../../support/desk/log-desk.ts';
import { startHub } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

const seen = ({ id, version }: { id: string; version: number }) => ({ id, version });

it('levels, closing and reopening leave their lines, with their reasons (I-36)', async () => {
  const incident = await newIncident(hub, 'niveaux');
  const raised = await onIncident(hub, 'duty', 'setIncidentLevel', {
    ...seen(incident),
    level: 'FULL',
    reason: 'La crue monte.',
  });
  const closed = await onIncident(hub, 'validator', 'closeIncident', {
    ...seen(raised),
    reason: 'Décrue.',
    leaveRunning: [],
  });
  await onIncident(hub, 'validator', 'reopenIncident', { ...seen(closed), reason: 'Il pleut de nouveau.' });
  const lines = (await readLog(hub, incident.id)).reverse();
  expect(lines.map(({ text }) => text)).toEqual([
    'Niveau : cellule complète, motif : La crue monte.',
    'Incident clos, motif : Décrue.',
    'Incident rouvert, motif : Il pleut de nouveau.',
  ]);
  expect(lines[0]).toMatchObject({ kind: 'DEED', important: true, by: { name: 'Claire Moreau (astreinte)' } });
});

it('reliefs of its cell leave theirs, those of the standing roster none', async () => {
  const { id: incident } = await newIncident(hub, 'releves');
  const [editor, checker] = [await idOf(hub, 'editor'), await idOf(hub, 'checker')];
  for (const of of [{ incident }, {}]) {
    const on = await saveShift(hub, shiftInput(editor, of));
    await takeOver(hub, 'checker', await handOver(hub, 'editor', on, checker));
  }
  const lines = (await readLog(hub, incident)).reverse();
  expect(lines.map(({ text, by }) => [text, by?.name])).toEqual([
    ['Relève demandée : direction de la cellule', 'Élodie Martin (rédaction)'],
    ['Relève prise : direction de la cellule', 'Nadia Roux (vérification)'],
  ]);
});
