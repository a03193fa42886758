import { afterAll, describe, expect, it } from 'vitest';
import { newIncident } from '../../support/crisis-cell/incident-desk.ts';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, draft, publishNew, refusal, revise } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

/** An incident keeps its mode, and its publications have the same (I-37). */
const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

const MODES = ['ACTUAL', 'EXERCISE', 'TEST'] as const;
type Mode = (typeof MODES)[number];
const incidents = new Map<Mode, string>();
for (const mode of MODES) incidents.set(mode, (await newIncident(hub, `mode-${mode.toLowerCase()}`, mode)).id);

const said = { ACTUAL: '', EXERCISE: 'EXERCICE : ', TEST: 'TEST : ' };
const inputOf = (mode: Mode, of: Mode | null) =>
  alertInput({
    mode,
    incidentId: of && incidents.get(of),
    texts: [{ language: 'fr-FR', headline: `${said[mode]}crue`, description: `${said[mode]}La rivière monte.` }],
  });
const pairs = MODES.flatMap((mode) => MODES.map((of) => [mode, of] as const));

describe('a publication', () => {
  it.each(pairs)('that is %s belongs to an incident that is %s only where both are the same', async (mode, of) => {
    if (mode === of) {
      expect(await publishNew(hub, 'Alert', inputOf(mode, of))).toMatchObject({ stage: 'PUBLISHED' });
      return;
    }
    expect(await refusal(draft(hub, 'Alert', inputOf(mode, of)))).toMatchObject({
      code: 'INVALID_INPUT',
      fields: [{ path: 'input.mode', message: `must be ${of}, as that of the incident is` }],
    });
  });

  it('neither joins an incident of another mode later on, nor leaves the mode of its own', async () => {
    const fault = { code: 'INVALID_INPUT', fields: [{ path: 'input.mode' }] };
    const alone = await draft(hub, 'Alert', inputOf('ACTUAL', null));
    expect(await refusal(revise(hub, 'Alert', alone, inputOf('ACTUAL', 'EXERCISE')))).toMatchObject(fault);
    const belongs = await draft(hub, 'Alert', inputOf('EXERCISE', 'EXERCISE'));
    expect(await refusal(revise(hub, 'Alert', belongs, inputOf('ACTUAL', 'EXERCISE')))).toMatchObject(fault);
    expect(await revise(hub, 'Alert', belongs, inputOf('ACTUAL', null))).toMatchObject({ stage: 'DRAFT' });
  });
});
