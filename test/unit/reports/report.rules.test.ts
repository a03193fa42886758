import { expect, it } from 'vitest';
import { canConfirm, canRestOn, REPORT_STATES, stateAt } from '../../../src/reports/report.rules.ts';

const source = (url: string, independenceGroup: string | null, official = false) => ({
  url,
  official,
  independenceGroup,
});

it('one official source is enough to confirm', () => {
  expect(canConfirm([source('https://a.fr', null, true)])).toBe(true);
});

it('two sources of distinct independence groups are enough to confirm', () => {
  expect(canConfirm([source('https://a.fr', 'presse'), source('https://b.fr', 'riverain')])).toBe(true);
});

it('any number of sources of one group is not enough, however the group is spelt', () => {
  const one = ['presse', 'Presse ', 'PRESSE'].map((group, index) => source(`https://${index}.fr`, group));
  expect(canConfirm(one)).toBe(false);
});

it('a source without a group does not count as independent', () => {
  expect(
    canConfirm([source('https://a.fr', 'presse'), source('https://b.fr', null), source('https://c.fr', null)]),
  ).toBe(false);
});

it('one address is never independent of itself', () => {
  expect(canConfirm([source('https://a.fr', 'presse'), source('https://a.fr', 'riverain')])).toBe(false);
});

it('no evidence confirms nothing', () => {
  expect(canConfirm([])).toBe(false);
});

it('a claim reads as NEW from the very moment its lease runs out', () => {
  const claimedUntil = new Date('2016-06-02T10:15:00Z');
  expect(stateAt({ state: 'CLAIMED', claimedUntil }, new Date('2016-06-02T10:14:59.999Z'))).toBe('CLAIMED');
  expect(stateAt({ state: 'CLAIMED', claimedUntil }, claimedUntil)).toBe('NEW');
});

it('a dossier rests on confirmed reports alone, in whole or in part', () => {
  expect(REPORT_STATES.filter(canRestOn)).toEqual(['CONFIRMED', 'PARTLY_CONFIRMED']);
});
