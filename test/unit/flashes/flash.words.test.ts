import { describe, expect, it } from 'vitest';
import { FLASH_ANSWERS, flashStateAt, isEscalatedAt, mayBeFlashed } from '../../../src/flashes/flash.rules.ts';
import { flashNotice, REPLACES_NOTHING, type ToldFlash } from '../../../src/flashes/flash.words.ts';
import { REPORT_STATES } from '../../../src/reports/report.rules.ts';

const AT = '2026-11-28T14:03:00+01:00';
const flash = (more: Partial<ToldFlash> = {}): ToldFlash => ({
  mode: 'ACTUAL',
  sentAt: AT,
  hasContact: true,
  escalated: false,
  answer: null,
  answeredAt: null,
  withdrawnAt: null,
  ...more,
});
const answered = (answer: ToldFlash['answer']) =>
  flashNotice(flash({ answer, answeredAt: '2026-11-28T14:07:00+01:00' })).replaceAll('\u00a0', ' ');

describe('the words of a flash', () => {
  it('say that it replaces no emergency number', () => {
    expect(REPLACES_NOTHING).toBe(
      'Ce signalement ne remplace ni le 18, ni le 112, ni le 114. Si une personne est en danger maintenant, appelez d’abord.',
    );
  });

  it('say what was done, and never that help was told', () => {
    expect(flashNotice(flash()).replaceAll('\u00a0', ' ')).toBe('Envoyé à 14 h 03');
    expect(answered('TAKEN')).toBe('Pris en compte par le Sdis à 14 h 07');
    expect(answered('KNOWN_ALREADY')).toBe('Déjà connu du Sdis à 14 h 07');
    expect(flashNotice(flash({ withdrawnAt: AT })).replaceAll('\u00a0', ' ')).toBe('Retiré à 14 h 03');
    const all = [flash(), flash({ escalated: true }), flash({ hasContact: false, escalated: true })];
    const words = [...all.map(flashNotice), ...FLASH_ANSWERS.map(answered)];
    for (const said of words) expect(said.toLowerCase()).not.toMatch(/transmis|secours/);
  });

  it('have somebody telephone where nobody answers, or nobody is there', () => {
    expect(flashNotice(flash({ escalated: true }))).toBe('Personne au Sdis n’a répondu : téléphonez');
    expect(flashNotice(flash({ hasContact: false, escalated: true }))).toBe(
      'Personne au Sdis n’est de garde : téléphonez',
    );
  });

  it('say that it is an exercise', () => {
    expect(flashNotice(flash({ mode: 'EXERCISE' }))).toMatch(/^EXERCICE\. Envoyé/);
  });
});

describe('a flash', () => {
  const sent = { sentAt: new Date(AT), answeredAt: null, withdrawnAt: null };
  const minutesOn = (minutes: number) => new Date(Date.parse(AT) + minutes * 60_000);

  it('is unanswered after 6 minutes, and escalated after 4', () => {
    expect([0, 5.9, 6].map((minutes) => flashStateAt(sent, minutesOn(minutes)))).toEqual([
      'SENT',
      'SENT',
      'UNANSWERED',
    ]);
    const escalated = (minutes: number, hasContact = true) =>
      isEscalatedAt({ ...sent, hasContact }, minutesOn(minutes));
    expect([escalated(3.9), escalated(4), escalated(0, false)]).toEqual([false, true, true]);
    const done = { ...sent, answeredAt: minutesOn(5) };
    expect([flashStateAt(done, minutesOn(60)), isEscalatedAt({ ...done, hasContact: true }, minutesOn(60))]).toEqual([
      'ANSWERED',
      false,
    ]);
  });

  it('is sent before any check, and of no report that repeats another or helps nobody', () => {
    expect(REPORT_STATES.filter((state) => !mayBeFlashed(state))).toEqual(['ANSWERED', 'DUPLICATE', 'NOT_USEFUL']);
  });
});
