import { describe, expect, it } from 'vitest';
import {
  CALL_REASONS,
  type Callable,
  type DueCall,
  nextRung,
  patienceOf,
  rungsOf,
  turnOf,
} from '../../../src/calling/call.rules.ts';

const MINUTE = 60_000;
const people: Callable[] = [
  { account: 'first', tier: 'FUNCTION' },
  { account: 'lead', tier: 'LEAD' },
  { account: 'second', tier: 'FUNCTION' },
  { account: 'other lead', tier: 'LEAD' },
  { account: 'first', tier: 'ROLE' },
  { account: 'at home', tier: 'ROLE' },
];
const due = (more: Partial<DueCall> = {}): DueCall => ({
  reason: 'REVIEW',
  state: 'RINGING',
  severity: 'SEVERE',
  asked: [],
  isNoted: false,
  ...more,
});

describe('a ladder', () => {
  it('rings those on duty one by one, then those who lead', () => {
    expect(rungsOf('REVIEW', people)).toEqual([['first'], ['second'], ['lead', 'other lead']]);
  });

  it.each(['COSIGN', 'SIGNATURE'] as const)('rings everybody at last where a signature is missing: %s', (reason) => {
    expect(rungsOf(reason, people)).toEqual([['first'], ['second'], ['lead', 'other lead'], ['at home']]);
  });

  it.each(CALL_REASONS.filter((reason) => reason !== 'TEST'))(
    'rings the role where nobody is on duty: %s',
    (reason) => {
      expect(rungsOf(reason, people.slice(4))).toEqual([['first', 'at home']]);
      expect(rungsOf(reason, [])).toEqual([]);
    },
  );

  it('rings somebody who is there twice once', () => {
    const twice: Callable[] = [
      { account: 'one', tier: 'FUNCTION' },
      { account: 'one', tier: 'FUNCTION' },
      { account: 'one', tier: 'LEAD' },
    ];
    expect(rungsOf('REVIEW', twice)).toEqual([['one']]);
  });

  it('goes on with the first people who were not asked, however the roster changed', () => {
    const rungs = rungsOf('REVIEW', people);
    expect(nextRung(rungs, new Set())).toEqual(['first']);
    expect(nextRung(rungs, new Set(['first', 'second', 'lead']))).toEqual(['other lead']);
    expect(nextRung(rungs, new Set(['second', 'lead', 'other lead']))).toEqual(['first']);
    expect(nextRung(rungs, new Set(['first', 'second', 'lead', 'other lead']))).toEqual([]);
  });
});

describe('the ladder of a condition', () => {
  it.each([
    [
      'ROSTER_HOLE',
      [
        ['lead', 'other lead'],
        ['first', 'at home'],
      ],
    ],
    [
      'HUB_FAULT',
      [
        ['first', 'at home'],
        ['lead', 'other lead'],
      ],
    ],
    ['RULE_UNMEETABLE', [['first', 'at home']]],
  ] as const)('%s', (reason, rungs) => {
    const nobodyInFunction = people.filter(({ tier }) => tier !== 'FUNCTION');
    expect(rungsOf(reason, nobodyInFunction)).toEqual(rungs);
  });

  it.each([
    ['ROSTER_HOLE', 12 * 60],
    ['RULE_UNMEETABLE', 12 * 60],
    ['HUB_FAULT', 60],
    ['SITREP_DUE', 30],
  ] as const)('%s rings everybody again after %i minutes', (reason, minutes) => {
    expect(turnOf(due({ reason, state: 'EXHAUSTED' }), [['one']])).toEqual({
      ring: ['one'],
      state: 'EXHAUSTED',
      dueInMs: minutes * MINUTE,
    });
  });
});

describe('how long each rung has', () => {
  it.each([
    ['REVIEW', 'SEVERE', 10],
    ['REVIEW', null, 10],
    ['REVIEW', 'MINOR', 30],
    ['SIGNATURE', 'EXTREME', 5],
    ['SIGNATURE', 'SEVERE', 10],
    ['SIGNATURE', 'MINOR', 30],
    ['COSIGN', 'EXTREME', 5],
    ['REVIEW', 'EXTREME', 10],
    ['ESCALATED', null, 10],
    ['ENDS_SOON', 'MINOR', 10],
    ['DECISION_UNCONFIRMED', null, 10],
    ['SOURCE_FAULT', null, 60],
    ['ROSTER_HOLE', null, 60],
    ['HUB_FAULT', null, 60],
    ['INSTITUTIONS_UNREAD', 'EXTREME', 10],
    ['SITREP_DUE', null, 60],
    ['RULE_UNMEETABLE', null, 60],
    ['TEST', null, 10],
  ] as const)('%s of severity %s: %i minutes', (reason, severity, minutes) => {
    expect(patienceOf(reason, severity)).toBe(minutes * MINUTE);
  });
});

describe('a call that is due', () => {
  const rungs = rungsOf('REVIEW', people);

  it('rings the next people', () => {
    expect(turnOf(due(), rungs)).toEqual({ ring: ['first'], state: 'RINGING', dueInMs: 10 * MINUTE });
  });

  it('rings on where somebody took it, and nothing came of it', () => {
    const taken = due({ state: 'TAKEN', asked: ['first'] });
    expect(turnOf(taken, rungs)).toEqual({ ring: ['second'], state: 'RINGING', dueInMs: 10 * MINUTE });
  });

  it('is done where somebody took it, and it waited for no more', () => {
    const noted = due({ reason: 'ENDS_SOON', state: 'TAKEN', asked: ['first'], isNoted: true });
    expect(turnOf(noted, rungs)).toEqual({ ring: [], state: 'DONE', dueInMs: null });
    expect(turnOf({ ...noted, state: 'RINGING' }, rungs).ring).toEqual(['second']);
  });

  it('is done, and rings nobody, where it waits for nothing any more', () => {
    expect(turnOf(due({ isOver: true }), rungs)).toEqual({ ring: [], state: 'DONE', dueInMs: null });
  });

  it('is exhausted where everybody was asked, and rings all of them each 30 minutes from then on', () => {
    const asked = ['first', 'second', 'lead', 'other lead'];
    expect(turnOf(due({ asked }), rungs)).toEqual({ ring: [], state: 'EXHAUSTED', dueInMs: 30 * MINUTE });
    expect(turnOf(due({ asked, state: 'EXHAUSTED' }), rungs)).toEqual({
      ring: asked,
      state: 'EXHAUSTED',
      dueInMs: 30 * MINUTE,
    });
  });

  it('is exhausted at once where there is nobody at all', () => {
    expect(turnOf(due(), [])).toEqual({ ring: [], state: 'EXHAUSTED', dueInMs: 30 * MINUTE });
  });

  it('ends by itself where it is a test', () => {
    const test = due({ reason: 'TEST' });
    expect(turnOf(test, [['one']])).toEqual({ ring: ['one'], state: 'RINGING', dueInMs: 10 * MINUTE });
    expect(turnOf({ ...test, asked: ['one'] }, [['one']])).toEqual({ ring: [], state: 'EXHAUSTED', dueInMs: null });
  });
});
