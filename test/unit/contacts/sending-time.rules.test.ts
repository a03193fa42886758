import { describe, expect, it } from 'vitest';
import type { CallReason } from '../../../src/calling/call.rules.ts';
import { sendingTime, type ToBeSent } from '../../../src/contacts/messages/sending-time.rules.ts';
import type { Severity } from '../../../src/publications/vocabulary.ts';

const now = new Date('2026-01-13T10:00:30Z');
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000);
const message = (more: Partial<ToBeSent> = {}): ToBeSent => ({
  reason: 'REVIEW',
  severity: 'SEVERE',
  quietHours: null,
  before: [],
  ...more,
});
/** After how many seconds a message is sent. */
const wait = (more: Partial<ToBeSent> = {}, at = now): number => {
  const sent = sendingTime(message(more), at);
  expect(sent.held).toBe(sent.at > at);
  return (sent.at.getTime() - at.getTime()) / 1000;
};

describe('in a storm', () => {
  it('one message goes in two minutes, and six within an hour', () => {
    expect(wait()).toBe(0);
    expect(wait({ before: [ago(119)] })).toBe(1);
    expect(wait({ before: [ago(120)] })).toBe(0);
    const five = [3_500, 3_000, 2_500, 2_000, 1_500].map(ago);
    expect(wait({ before: five })).toBe(0);
    expect(wait({ before: [ago(600), ...five] })).toBe(100);
    expect(wait({ before: [ago(10), ...five] })).toBe(110);
    // Whatever the order, and of more than six the sixth to last counts.
    expect(wait({ before: [ago(600), ...five, ago(3_599), ago(3_598)].reverse() })).toBe(100);
  });

  it('a second signature waits for none before it', () => {
    const before = Array.from({ length: 10 }, (_, index) => ago(index));
    expect(wait({ reason: 'COSIGN', before })).toBe(0);
    expect(wait({ reason: 'FLASH', before })).toBe(0);
    expect(wait({ reason: 'SIGNATURE', severity: 'EXTREME', before })).toBe(0);
    expect(wait({ reason: 'SIGNATURE', before })).toBeGreaterThan(0);
    for (const reason of ['ESCALATED', 'ENDS_SOON', 'SOURCE_FAULT', 'TEST'] as const)
      expect(wait({ reason, before })).toBeGreaterThan(0);
  });
});

describe('in quiet hours', () => {
  const night = { from: '22:00', to: '06:30' };
  // 03:00:30 in Paris; the hours end 3 h 29 min 30 s later.
  const atNight = new Date('2026-01-13T02:00:30Z');
  const rest = 3 * 3600 + 29 * 60 + 30;

  it.each<[CallReason, Severity | null, number]>([
    ['REVIEW', 'MODERATE', rest],
    ['REVIEW', 'UNKNOWN', rest],
    ['REVIEW', 'SEVERE', 0],
    ['REVIEW', null, 0],
    ['ESCALATED', null, 0],
    ['ENDS_SOON', 'MINOR', rest],
    ['ENDS_SOON', 'EXTREME', 0],
    ['COSIGN', 'MINOR', 0],
    ['SIGNATURE', 'MODERATE', rest],
    ['FLASH', null, 0],
    ['SIGNATURE', 'EXTREME', 0],
    ['SOURCE_FAULT', null, rest],
    ['DECISION_UNCONFIRMED', 'EXTREME', rest],
    ['ROSTER_HOLE', null, rest],
    ['SITREP_DUE', null, rest],
    ['TEST', null, 0],
  ])('%s of %s waits %i s', (reason, severity, seconds) => {
    expect(wait({ reason, severity, quietHours: night }, atNight)).toBe(seconds);
  });

  it('begin and end with their minute, over midnight or not, and not outside', () => {
    const of = (at: string, quietHours: ToBeSent['quietHours']) =>
      wait({ severity: 'MINOR', quietHours }, new Date(at));
    expect(of('2026-01-13T05:29:59Z', night)).toBe(1);
    expect(of('2026-01-13T05:30:00Z', night)).toBe(0);
    expect(of('2026-01-13T20:59:59Z', night)).toBe(0);
    expect(of('2026-01-13T21:00:00Z', night)).toBe(8.5 * 3600);
    expect(of('2026-01-13T12:00:00Z', { from: '12:30', to: '14:00' })).toBe(3600);
    expect(of('2026-01-13T13:00:00Z', { from: '12:30', to: '14:00' })).toBe(0);
  });

  it('are told by the clock on the wall where that is put on, and back', () => {
    const of = (at: string) => wait({ severity: 'MINOR', quietHours: night }, new Date(at));
    // 29 March 2026, 01:00 in Paris: an hour is left out. 25 October: one comes twice.
    expect(of('2026-03-29T00:00:00Z')).toBe(4.5 * 3600);
    expect(of('2026-10-24T23:00:00Z')).toBe(6.5 * 3600);
  });

  it('and a storm hold for what waits until then', () => {
    expect(wait({ severity: 'MINOR', quietHours: night, before: [new Date('2026-01-13T05:29:30Z')] }, atNight)).toBe(
      rest + 90,
    );
  });
});
