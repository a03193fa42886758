import fc from 'fast-check';
import ICAL from 'ical.js';
import nodeIcal from 'node-ical';
import { describe, expect, it } from 'vitest';
import { calendar } from '../../../src/formats/calendar/icalendar.ts';
import { frenchText } from '../../../src/publications/content/content.ts';
import type { EventDocument } from '../../../src/publications/event/event.content.ts';
import { budget } from '../../support/budget.ts';
import { anyEvent } from '../../support/generated/generated-documents.ts';
import { territory } from '../../support/hub/hub.ts';

const options = { publicUrl: 'https://tocsin.example', territory, language: 'fr-FR', name: 'Événements, « tous »' };

interface Read {
  uid: string;
  start: number;
  end: number | null;
  summary: string;
  description: string;
  sequence: number;
  status: string;
}
const bySubject = (a: { uid: string }, b: { uid: string }) => (a.uid < b.uid ? -1 : 1);

function byIcalJs(text: string): Read[] {
  const root = new ICAL.Component(ICAL.parse(text));
  for (const zone of root.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(zone);
  const at = (part: ICAL.Component, name: string) => {
    const time = part.getFirstPropertyValue(name);
    return time instanceof ICAL.Time ? time.toJSDate().getTime() : null;
  };
  const parts = root.getAllSubcomponents('vevent').map((part) => ({
    uid: String(part.getFirstPropertyValue('uid')),
    start: at(part, 'dtstart') ?? 0,
    end: at(part, 'dtend'),
    summary: String(part.getFirstPropertyValue('summary')),
    description: String(part.getFirstPropertyValue('description')),
    sequence: Number(part.getFirstPropertyValue('sequence')),
    status: String(part.getFirstPropertyValue('status')),
  }));
  return parts.sort(bySubject);
}

const textOf = (value: unknown): string => String((value as { val?: string }).val ?? value);

function byNodeIcal(text: string): Read[] {
  const parts = Object.values(nodeIcal.sync.parseICS(text)).flatMap((part) =>
    part?.type === 'VEVENT'
      ? [
          {
            uid: part.uid,
            start: part.start.getTime(),
            end: part.end?.getTime() ?? null,
            summary: textOf(part.summary),
            description: textOf(part.description),
            sequence: Number(part.sequence),
            status: part.status ?? '',
          },
        ]
      : [],
  );
  return parts.sort(bySubject);
}

const timesOf = (event: EventDocument) =>
  [event, ...event.passages.map(({ expectedFrom }) => ({ startsAt: expectedFrom }))]
    .map(({ startsAt }) => Date.parse(startsAt))
    .sort((a, b) => a - b);

describe('calendars', () => {
  it('are read alike by strangers, every passage a component, at the same moments', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const text = calendar([event], options);
        const [one, other] = [byIcalJs(text), byNodeIcal(text)];
        expect(one.map(({ start }) => start).sort((a, b) => a - b)).toEqual(timesOf(event));
        const whole = one.find(({ uid }) => uid === event.id);
        expect(whole?.summary).toBe(frenchText(event).headline);
        expect(whole?.description).toContain(frenchText(event).description);
        expect(whole?.sequence).toBe(event.revision - (event.cancelled || event.allClear ? 0 : 1));
        if (event.cancelled) expect(new Set(one.map(({ status }) => status))).toEqual(new Set(['CANCELLED']));
        // A start without an end is a moment to the one, and ends as it starts to the other.
        const moments = (list: Read[]) => list.map(({ uid, start, end }) => ({ uid, start, end: end ?? start }));
        expect(moments(other)).toEqual(moments(one));
        // node-ical takes the escaped backslash of a text for the escape of what follows.
        const words = (list: Read[]) => list.map(({ summary }) => (/\\/.test(summary) ? '' : summary.trim()));
        expect(words(other)).toEqual(words(one));
      }),
      budget(60),
    );
  });

  it('fold at 75 octets, between characters, with CRLF and nothing else', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const text = calendar([event], options);
        expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
        const lines = text.split('\r\n');
        expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75);
        expect(text.isWellFormed()).toBe(true);
        for (const line of lines.slice(0, -1)) expect(line).toMatch(/^[A-Z-]+[;:]| ./su);
      }),
      budget(60),
    );
  });

  it('write the hour that comes twice in October in UTC, and every other in Paris time', () => {
    const [event] = fc.sample(anyEvent, { numRuns: 1, seed: 1 });
    const at = (startsAt: string) =>
      /DTSTART\S*/.exec(calendar([{ ...event!, passages: [], startsAt }], options).split('BEGIN:VEVENT')[1] ?? '')?.[0];
    expect(at('2026-10-25T01:59:59+02:00')).toBe('DTSTART;TZID=Europe/Paris:20261025T015959');
    expect(at('2026-10-25T02:30:00+02:00')).toBe('DTSTART:20261025T003000Z');
    expect(at('2026-10-25T02:30:00+01:00')).toBe('DTSTART:20261025T013000Z');
    expect(at('2026-10-25T03:00:00+01:00')).toBe('DTSTART;TZID=Europe/Paris:20261025T030000');
    expect(at('2026-03-29T03:00:00+02:00')).toBe('DTSTART;TZID=Europe/Paris:20260329T030000');
  });

  it('keep the name of a passage while its time moves, and tell apart two of one name', () => {
    const passage = { key: null, label: 'Caravane', commune: null, geometry: null, expectedTo: null };
    const [event] = fc.sample(anyEvent, { numRuns: 1, seed: 2 });
    const uids = (...times: string[]) => {
      const passages = times.map((expectedFrom) => ({ ...passage, expectedFrom }));
      return byIcalJs(calendar([{ ...event!, passages }], options)).map(({ uid }) => uid);
    };
    const before = uids('2026-07-23T14:00:00+02:00', '2026-07-23T15:00:00+02:00');
    expect(new Set(before).size).toBe(3);
    expect(uids('2026-07-23T14:30:00+02:00', '2026-07-23T15:30:00+02:00')).toEqual(before);
  });

  it('are valid without any event', () => {
    expect(byIcalJs(calendar([], options))).toEqual([]);
    expect(new ICAL.Component(ICAL.parse(calendar([], options))).getAllSubcomponents()).toHaveLength(1);
  });
});
