import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClosureContent, ClosureDocument } from '../../../src/publications/closure/closure.content.ts';
import { readContent } from '../../../src/publications/content/read-content.ts';
import { oralOrderOf, stillConfirmed } from '../../../src/publications/decision/confirmation.ts';
import { decisionOf, legalOrderOf } from '../../../src/publications/decision/decision.content.ts';
import { changedAt, changedWithDecisionAt, newsAt } from '../../../src/publications/news.rules.ts';
import { closureInput, decisionInput, hoursFromNow } from '../../support/desk/desk.ts';
import { anyClosure } from '../../support/generated/generated-documents.ts';
import { territory } from '../../support/hub/hub.ts';

const GIVEN_AT = hoursFromNow(-4);
const ORDER = decisionInput({
  authority: 'MAYOR',
  by: 'Le maire de Longjumeau',
  form: 'ORAL_ORDER',
  act: null,
  decidedAt: GIVEN_AT,
  call: { heardAt: hoursFromNow(-3), calledBackAt: hoursFromNow(-2) },
});
const contentOf = (more: object = {}) =>
  readContent('CLOSURE', closureInput({ decision: { ...ORDER, ...more } }), territory) as ClosureContent;
const confirmation = { act: '2026-42', url: null, confirmedAt: hoursFromNow(-1), toldAt: hoursFromNow(0) };

describe('an oral order that was confirmed', () => {
  it('shows the act, also as an order, at its own address where the act has none', () => {
    const url = 'https://longjumeau.example/ordre';
    const { confirmedAt } = confirmation;
    const told = { ...contentOf({ url }), confirmation };
    const { authority, by, form } = ORDER;
    const shown = { authority, by, form, act: '2026-42', decidedAt: GIVEN_AT, confirmedAt, url };
    expect(decisionOf(told)).toEqual(shown);
    expect(legalOrderOf(told)).toEqual({ number: '2026-42', authority: by, url });
    const other = 'https://longjumeau.example/2026-42';
    expect(decisionOf({ ...told, confirmation: { ...confirmation, url: other } })?.url).toBe(other);
  });

  it.each<[what: string, more: object, isKept: boolean]>([
    ['the same order', {}, true],
    ['the same order, where nobody called back', { call: { heardAt: GIVEN_AT, whyNotCalledBack: 'Urgence.' } }, true],
    ['the same order with its act', { act: '2026-42' }, true],
    ['the same order with another act', { act: '2026-43' }, false],
    ['the act itself', { form: 'WRITTEN_ACT', act: '2026-42' }, false],
    ['an order of another moment', { decidedAt: hoursFromNow(-3) }, false],
    ['an order of another mayor', { by: 'Le maire de Massy' }, false],
  ])('%s in the next revision', (_what, more, isKept) => {
    const before = { ...contentOf(), confirmation };
    expect(stillConfirmed(before, contentOf(more))).toEqual(isKept ? { confirmation } : {});
  });

  it('takes nothing along where nobody confirmed it, or nothing was public', () => {
    expect(stillConfirmed(null, contentOf())).toEqual({});
    expect(stillConfirmed(contentOf(), contentOf())).toEqual({});
  });

  it('is no order of a written act, nor of a content from before decisions', () => {
    const { decision: _unknown, ...older } = contentOf();
    expect(oralOrderOf(older)).toBeNull();
    expect(oralOrderOf(contentOf({ form: 'WRITTEN_ACT', act: '1' }))).toBeNull();
    expect(oralOrderOf(contentOf())).toEqual({ authority: 'MAYOR', by: ORDER.by, decidedAt: GIVEN_AT });
  });

  it('reads otherwise since then where its decision is shown, and is no news', () => {
    const [drawn] = fc.sample(anyClosure, { numRuns: 1, seed: 5 });
    const revisedAt = hoursFromNow(-2);
    const observed = { state: 'UNKNOWN' as const, at: null, note: null };
    const plain: ClosureDocument = { ...drawn!, cancelled: null, allClear: null, observed, revisedAt };
    const told = { ...plain, confirmation };
    expect([plain, told].map((one) => changedWithDecisionAt(one))).toEqual([revisedAt, confirmation.toldAt]);
    expect(changedAt(told)).toBe(revisedAt);
    expect(newsAt(told)).toBe(newsAt(plain));
    const revised = { ...told, revisedAt: hoursFromNow(1) };
    expect(changedWithDecisionAt(revised)).toBe(revised.revisedAt);
  });
});
