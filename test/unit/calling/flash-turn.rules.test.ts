import { describe, expect, it } from 'vitest';
import { type DueFlash, type FlashPeople, flashTurn } from '../../../src/calling/flash-turn.rules.ts';

const START = Date.UTC(2026, 10, 28, 14);
const people = (more: Partial<FlashPeople> = {}): FlashPeople => ({
  contacts: ['first', 'second', 'third'],
  officers: ['officer'],
  leads: ['lead'],
  sender: ['sender'],
  ...more,
});
const turn = (minutes: number, { rung = 0, asked = [] }: Partial<DueFlash> = {}, among = people()) =>
  flashTurn({ startedAt: new Date(START), rung, asked }, among, new Date(START + minutes * 60_000));

describe('the call about a flash', () => {
  it('rings the first contact at once, the others after 2 minutes, sender and officer after 4, all of them after 6', () => {
    expect(turn(0)).toEqual({ ring: ['first'], state: 'RINGING', dueInMs: 120_000 });
    expect(turn(2, { rung: 1, asked: ['first'] }).ring).toEqual(['second', 'third']);
    const asked = ['first', 'second', 'third'];
    expect(turn(4, { rung: 2, asked })).toMatchObject({ ring: ['sender', 'officer'], state: 'RINGING' });
    const all = ['first', 'second', 'third', 'sender', 'officer', 'lead'];
    expect(turn(6, { rung: 3, asked })).toEqual({ ring: all, state: 'EXHAUSTED', dueInMs: 120_000 });
    expect(turn(8, { rung: 4, asked: all })).toMatchObject({ ring: all, state: 'EXHAUSTED' });
  });

  it('rings on for good, after half an hour each 10 minutes', () => {
    expect(turn(29, { rung: 14 }).dueInMs).toBe(120_000);
    expect(turn(30, { rung: 15 }).dueInMs).toBe(600_000);
    expect(turn(6_000, { rung: 600 }).ring).toContain('first');
  });

  it('rings the only contact again, and one who came meanwhile', () => {
    const alone = people({ contacts: ['first'] });
    expect(turn(2, { rung: 1, asked: ['first'] }, alone).ring).toEqual(['first']);
    const relieved = people({ contacts: ['relief'] });
    expect(turn(2, { rung: 1, asked: ['first'] }, relieved).ring).toEqual(['relief']);
    expect(turn(4, { rung: 2, asked: ['first'] }, relieved).ring).toEqual(['relief', 'sender', 'officer']);
  });

  it('without a contact rings the officer at once, without an officer those who lead', () => {
    const none = people({ contacts: [] });
    expect(turn(0, {}, none).ring).toEqual(['officer']);
    expect(turn(2, { rung: 1 }, none).ring).toEqual(['officer', 'lead']);
    expect(turn(4, { rung: 2 }, none).ring).toEqual(['sender', 'officer']);
    expect(turn(0, {}, people({ contacts: [], officers: [] })).ring).toEqual(['lead']);
  });

  it('that is late, after hubs were down, rings everybody whose time has come', () => {
    expect(turn(5).ring).toEqual(['first', 'second', 'third', 'sender', 'officer']);
    expect(turn(60)).toMatchObject({ ring: expect.arrayContaining(['lead', 'first', 'sender']), state: 'EXHAUSTED' });
  });

  it('that somebody passed on rings the next ones before their time', () => {
    expect(turn(0.5, { rung: 1, asked: ['first'] }).ring).toEqual(['second', 'third']);
  });

  it('rings a person once in a turn', () => {
    const twice = people({ contacts: ['officer'], leads: ['officer', 'lead'] });
    expect(turn(6, { rung: 3 }, twice).ring).toEqual(['officer', 'sender', 'lead']);
  });
});
