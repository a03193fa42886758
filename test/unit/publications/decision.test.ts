import { describe, expect, it } from 'vitest';
import { demandMinor } from '../../../src/editorial/drafting/minor.rules.ts';
import { changedFields } from '../../../src/editorial/publishing/document.rules.ts';
import type { ClosureContent } from '../../../src/publications/closure/closure.content.ts';
import { readContent } from '../../../src/publications/content/read-content.ts';
import type { ConfirmedOrder } from '../../../src/publications/decision/confirmation.ts';
import { decisionOf, legalOrderOf, type PublicDecision } from '../../../src/publications/decision/decision.content.ts';
import { decisionLine } from '../../../src/publications/decision/decision.words.ts';
import { kindOf } from '../../../src/publications/kinds.ts';
import { alertInput, closureInput, decisionInput, hoursFromNow } from '../../support/desk/desk.ts';
import { territory } from '../../support/hub/hub.ts';

const MAYOR = decisionInput({ authority: 'MAYOR', by: 'Le maire de Longjumeau' });
const PREFECT = decisionInput({ authority: 'PREFECT', by: 'La préfète de l’Essonne' });
const CALLED_BACK = { heardAt: hoursFromNow(-3), calledBackAt: hoursFromNow(-2) };
const spoken = (more: object = {}) => ({
  ...MAYOR,
  form: 'ORAL_ORDER',
  act: null,
  decidedAt: hoursFromNow(-4),
  call: CALLED_BACK,
  ...more,
});
const TWO = [{ description: 'Ici', communes: ['91345', '91661'] }];
const says = (description: string) => ({ texts: [{ language: 'fr-FR', headline: 'Crue', description }] });

const findings = (name: 'ALERT' | 'CLOSURE', input: object, confirmed?: ConfirmedOrder) =>
  kindOf(name)
    .lint(readContent(name, input, territory), new Date(), confirmed)
    .filter(({ rule }) => /^D\d\d$|^C19$/.test(rule))
    .map(({ rule, level, path }) => `${rule} ${level} ${path}`);
const UNDECIDED = ['D01 ERROR decision'];

describe('the linter on who decided', () => {
  it.each<[what: string, more: object, expected: string[]]>([
    ['nothing in an alert that orders nothing', {}, []],
    ['an EXTREME alert without a decision', { severity: 'EXTREME', decision: null }, UNDECIDED],
    ['an evacuation without one', { responseTypes: ['EVACUATE'] }, UNDECIDED],
    ['a shelter among other responses without one', { responseTypes: ['AVOID', 'SHELTER'] }, UNDECIDED],
    [
      'an evacuation that the president of the Département ordered',
      { responseTypes: ['EVACUATE'], decision: decisionInput() },
      UNDECIDED,
    ],
    ['nothing in one of a mayor', { responseTypes: ['EVACUATE'], decision: MAYOR }, []],
    ['nothing in one of the prefect', { responseTypes: ['EVACUATE'], areas: TWO, decision: PREFECT }, []],
    [
      'nothing in relayed words, which are their source’s',
      { severity: 'EXTREME', decision: null, source: { name: 'Préfecture', relayed: true } },
      [],
    ],
    ['a written act without its number', { decision: { ...MAYOR, act: null } }, ['D02 ERROR decision.act']],
    ['an order by voice that nobody checked', { decision: spoken({ call: null }) }, ['D02 ERROR decision.call']],
    [
      'one that was heard, and no more',
      { decision: spoken({ call: { heardAt: hoursFromNow(-3) } }) },
      ['D02 ERROR decision.call'],
    ],
    ['nothing in one that was called back', { decision: spoken() }, []],
    [
      'nothing where it says why nobody called back',
      { decision: spoken({ call: { heardAt: hoursFromNow(-3), whyNotCalledBack: 'Réseau coupé.' } }) },
      [],
    ],
    [
      'a call back before the call',
      { decision: spoken({ call: { heardAt: hoursFromNow(-2), calledBackAt: hoursFromNow(-3) } }) },
      ['D02 ERROR decision.call.calledBackAt'],
    ],
    [
      'a call that is yet to come',
      { decision: spoken({ call: { heardAt: hoursFromNow(1), whyNotCalledBack: 'Urgence.' } }) },
      ['D02 ERROR decision.call.heardAt'],
    ],
    [
      'a decision that is yet to come',
      { decision: { ...MAYOR, decidedAt: hoursFromNow(1) } },
      ['D02 ERROR decision.decidedAt'],
    ],
    [
      'forces on site, who decide of roads alone',
      { decision: { ...MAYOR, authority: 'FORCES_ON_SITE' } },
      ['D02 ERROR decision.authority'],
    ],
    ['HTML in a decision', { decision: { ...MAYOR, by: 'Le <b>maire</b>' } }, ['C19 ERROR decision.by']],
    ['one mayor for several communes', { areas: TWO, decision: MAYOR }, ['D03 WARNING decision.authority']],
    [
      'a text that names another authority',
      { ...says('Par arrêté préfectoral, le bas est évacué.'), decision: MAYOR },
      ['D04 WARNING decision.authority'],
    ],
    ['nothing where the text names it', { ...says('Par arrêté du maire, le bas est évacué.'), decision: MAYOR }, []],
    [
      'an order by voice that no act followed for a day',
      { decision: spoken({ decidedAt: hoursFromNow(-25) }) },
      ['D05 WARNING decision.form'],
    ],
    ['nothing in one of 23 hours', { decision: spoken({ decidedAt: hoursFromNow(-23) }) }, []],
  ])('finds %s', (_what, more, expected) => {
    expect(findings('ALERT', alertInput(more))).toEqual(expected);
  });

  const road = (number: string) => ({ roads: [{ name: 'Route', number }] });
  it.each<[what: string, more: object, expected: string[]]>([
    ['a closure without a decision', { decision: null }, UNDECIDED],
    [
      'nothing in one that names its order alone',
      { decision: null, legalOrder: { number: '2026-1', authority: 'Mairie' } },
      [],
    ],
    ['nothing in one of a road of the Département', { decision: decisionInput() }, []],
    [
      'nothing where the forces on site decided',
      { decision: spoken({ authority: 'FORCES_ON_SITE', by: 'La gendarmerie' }) },
      [],
    ],
    ['a motorway that a mayor closed', { ...road('A6'), decision: MAYOR }, ['D04 WARNING decision.authority']],
    [
      'a national road of the president',
      { ...road('RN20'), decision: decisionInput() },
      ['D04 WARNING decision.authority'],
    ],
    ['nothing in a national road in a town', { ...road('N20'), decision: MAYOR }, []],
  ])('finds %s', (_what, more, expected) => {
    expect(findings('CLOSURE', closureInput(more))).toEqual(expected);
  });

  const LATE = spoken({ decidedAt: hoursFromNow(-25) });
  const confirmed = (more: Partial<ConfirmedOrder['order']> = {}): ConfirmedOrder => ({
    order: { authority: 'MAYOR', by: MAYOR.by, decidedAt: LATE.decidedAt, ...more },
    act: '2026-42',
  });
  const WAITS = ['D05 WARNING decision.form'];
  it.each<[what: string, decision: object, known: ConfirmedOrder, expected: string[]]>([
    ['nothing in an order that was confirmed', LATE, confirmed(), []],
    [
      'that an order waits where another moment was confirmed',
      LATE,
      confirmed({ decidedAt: hoursFromNow(-48) }),
      WAITS,
    ],
    ['that it waits where another authority was', LATE, confirmed({ authority: 'PREFECT', by: PREFECT.by }), WAITS],
    ['nothing where the act is that of the confirmation', { ...MAYOR, act: '2026-42' }, confirmed(), []],
    ['another act than that of the confirmation', MAYOR, confirmed(), ['D06 WARNING decision.act']],
    ['nothing in the act of another authority', PREFECT, confirmed(), []],
  ])('finds %s', (_what, decision, known, expected) => {
    expect(findings('ALERT', alertInput({ decision }), known)).toEqual(expected);
  });

  it('takes an order twice for a fault of the input', () => {
    const input = closureInput({ legalOrder: { number: '1', authority: 'Mairie' } });
    expect(() => readContent('CLOSURE', input, territory)).toThrow(/legalOrder: must be left out/);
  });
});

describe('a decision', () => {
  const decision = (more: Partial<PublicDecision> = {}): PublicDecision => ({
    authority: 'MAYOR',
    by: 'Le maire de Longjumeau',
    form: 'WRITTEN_ACT',
    act: '2026-41',
    decidedAt: '2026-06-02T14:05:00+02:00',
    confirmedAt: null,
    url: null,
    ...more,
  });

  it.each<[what: Partial<PublicDecision>, french: string, english: string]>([
    [
      {},
      'Décision : Le maire de Longjumeau, arrêté n°\u00a02026-41 du 2 juin 2026',
      'Decided by: Le maire de Longjumeau, order no. 2026-41 of 2 June 2026',
    ],
    [
      { act: 'Arrêté SIDPC 41' },
      'Décision : Le maire de Longjumeau, Arrêté SIDPC 41 du 2 juin 2026',
      'Decided by: Le maire de Longjumeau, Arrêté SIDPC 41 of 2 June 2026',
    ],
    [
      { decidedAt: null },
      'Décision : Le maire de Longjumeau, arrêté n°\u00a02026-41',
      'Decided by: Le maire de Longjumeau, order no. 2026-41',
    ],
    [
      { form: 'ORAL_ORDER', act: null },
      'Décision : Le maire de Longjumeau, ordre oral du 2 juin 2026 à 14\u00a0h\u00a005, arrêté à suivre',
      'Decided by: Le maire de Longjumeau, spoken order of 2 June 2026 at 14:05, written act to follow',
    ],
    [
      { authority: 'FORCES_ON_SITE', by: 'La gendarmerie', form: 'ORAL_ORDER', act: null },
      'Décision : La gendarmerie, sur place, le 2 juin 2026 à 14\u00a0h\u00a005',
      'Decided by: La gendarmerie, on site, on 2 June 2026 at 14:05',
    ],
    [
      { form: 'ORAL_ORDER', act: '2026-42', confirmedAt: '2026-06-03T09:00:00+02:00' },
      'Décision : Le maire de Longjumeau, ordre oral du 2 juin 2026 à 14\u00a0h\u00a005, confirmé par arrêté n°\u00a02026-42 du 3 juin 2026',
      'Decided by: Le maire de Longjumeau, spoken order of 2 June 2026 at 14:05, confirmed by order no. 2026-42 of 3 June 2026',
    ],
    [
      {
        authority: 'FORCES_ON_SITE',
        by: 'La gendarmerie',
        form: 'ORAL_ORDER',
        act: '2026-42',
        confirmedAt: '2026-06-03T09:00:00+02:00',
      },
      'Décision : La gendarmerie, sur place, le 2 juin 2026 à 14\u00a0h\u00a005, confirmée par arrêté n°\u00a02026-42 du 3 juin 2026',
      'Decided by: La gendarmerie, on site, on 2 June 2026 at 14:05, confirmed by order no. 2026-42 of 3 June 2026',
    ],
  ])('is said in one line: %j', (more, french, english) => {
    expect(decisionLine(decision(more), 'fr')).toBe(french);
    expect(decisionLine(decision(more), 'en')).toBe(english);
  });

  it('is an order too for apps that know no decision, and an order of before is a decision', () => {
    const closure = readContent('CLOSURE', closureInput(), territory) as ClosureContent;
    expect(legalOrderOf(closure)).toEqual({ number: '2026-41', authority: 'Le président du Département', url: null });
    const order = { number: '2024-7', authority: 'Mairie de Bondoufle', url: null };
    const { decision: _unknown, ...older } = closure;
    expect(decisionOf({ ...older, legalOrder: order } as ClosureContent)).toEqual(
      decision({ authority: null, by: order.authority, act: order.number, decidedAt: null }),
    );
    expect(legalOrderOf({ ...older, legalOrder: order } as ClosureContent)).toEqual(order);
    expect(decisionOf({ ...older, legalOrder: null } as ClosureContent)).toBeNull();
  });

  it('leaves the desk without the call that checked it', () => {
    const content = readContent('ALERT', alertInput({ decision: spoken() }), territory);
    expect(content).toMatchObject({ decision: { call: { heardAt: expect.any(String) } } });
    expect(kindOf('ALERT').published(content)).toMatchObject({ decision: { by: MAYOR.by, call: null } });
  });

  it('that a content from before decisions has not is no change, neither is it news in a minor revision', () => {
    const content = readContent('ALERT', alertInput(), territory);
    const { decision: _unknown, ...older } = content as typeof content & { decision: null };
    expect(changedFields(older, content)).toEqual([]);
    expect(() => demandMinor('ALERT', older, content)).not.toThrow();
    const decided = { ...content, decision: MAYOR };
    expect(changedFields(older, decided)).toEqual(['decision']);
    expect(() => demandMinor('ALERT', older, decided)).toThrow(/input\.decision/);
  });
});
