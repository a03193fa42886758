import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readContent } from '../../../src/publications/content/read-content.ts';
import type { EventContent, EventDocument } from '../../../src/publications/event/event.content.ts';
import { droppedPassages, lately } from '../../../src/publications/event/passage.rules.ts';
import { budget } from '../../support/budget.ts';
import { territory } from '../../support/hub/hub.ts';

const at = (hour: number) => `2026-07-23T${hour}:00:00+02:00`;
const START = { label: 'Départ de Montgeron', commune: '91421', expectedFrom: at(16) };
const CARAVAN = { label: 'Caravane', commune: '91421', expectedFrom: at(14) };
const RIDERS = { label: 'Coureurs à Longjumeau', commune: '91345', expectedFrom: at(17) };

const read = (passages: readonly object[], before: EventContent | null = null): EventContent =>
  readContent(
    'EVENT',
    {
      texts: [{ language: 'fr-FR', headline: 'Étape', description: 'La dernière.' }],
      areas: [{ description: 'Montgeron', communes: ['91421'] }],
      startsAt: at(10),
      endsAt: at(22),
      passages,
    },
    territory,
    before,
  ) as EventContent;
const keys = ({ passages }: EventContent) => passages.map(({ key }) => key);

const first = read([START, CARAVAN, RIDERS]);
const [start, caravan, riders] = keys(first);

describe('a passage keeps its key', () => {
  it.each([
    [
      'its label is mended',
      [{ ...START, label: 'Départ fictif de Montgeron' }, CARAVAN, RIDERS],
      [start, caravan, riders],
    ],
    ['it is delayed', [{ ...START, expectedFrom: at(18) }, CARAVAN, RIDERS], [start, caravan, riders]],
    ['its commune is mended', [START, CARAVAN, { ...RIDERS, commune: '91377' }], [start, caravan, riders]],
    [
      'it is drawn, and its end is given',
      [START, CARAVAN, { ...RIDERS, expectedTo: at(18) }],
      [start, caravan, riders],
    ],
    ['the order changes', [RIDERS, START, CARAVAN], [riders, start, caravan]],
    ['another one is dropped', [CARAVAN, RIDERS], [caravan, riders]],
    [
      'two labels change places',
      [{ ...START, label: CARAVAN.label }, { ...CARAVAN, label: START.label }, RIDERS],
      [caravan, start, riders],
    ],
    [
      'its key is given and nothing else stays',
      [{ key: start, label: 'Arrivée', commune: '91345', expectedFrom: at(20) }, CARAVAN, RIDERS],
      [start, caravan, riders],
    ],
    [
      'labels are mended in two languages of accents',
      [{ ...START, label: 'DÉPART de Montgeron' }, { ...CARAVAN, label: 'La caravane' }, RIDERS],
      [start, caravan, riders],
    ],
  ])('when %s', (_what, passages, expected) => expect(keys(read(passages, first))).toEqual(expected));

  it('in one revision after the other, whatever becomes of its words', () => {
    let content = first;
    for (const label of ['Un', 'Deux', 'Trois', START.label]) {
      content = read([{ ...START, label }, CARAVAN, RIDERS], content);
      expect(keys(content)).toEqual([start, caravan, riders]);
    }
  });

  it('also where its words were those of another once, and a new one has them now', () => {
    const mended = read([{ ...START, label: 'Départ réel' }, CARAVAN, RIDERS], first);
    const [one, , , another] = keys(
      read([{ ...START, label: 'Départ réel' }, CARAVAN, RIDERS, { ...START, expectedFrom: at(19) }], mended),
    );
    expect(one).toBe(start);
    expect(another).toBe(`${start}-2`);
  });

  it('when it was kept before passages had keys: the one that calendars know', () => {
    const old = {
      ...first,
      passages: first.passages.map(({ key: _key, ...passage }) => passage),
    } as unknown as EventContent;
    expect(keys(read([{ ...START, label: 'Mendé' }, CARAVAN, RIDERS], old))).toEqual([start, caravan, riders]);
  });
});

it('tells passages apart by key, whatever they say, and the same input makes the same content', () => {
  const passage = fc.record({
    label: fc.constantFrom('Départ', 'Caravane', 'Coureurs'),
    commune: fc.constantFrom(null, '91421', '91345'),
    expectedFrom: fc.constantFrom(at(14), at(15)),
  });
  const lists = fc.array(passage, { maxLength: 8 });
  fc.assert(
    fc.property(lists, lists, (one, other) => {
      const before = read(one);
      const after = read(other, before);
      for (const content of [before, after]) expect(new Set(keys(content)).size).toBe(content.passages.length);
      expect(read(other, before)).toEqual(after);
      expect(read(other, after)).toEqual(after);
    }),
    budget(300),
  );
});

it.each([
  [
    'a key twice',
    [
      { ...START, key: 'a1' },
      { ...CARAVAN, key: 'a1' },
    ],
    'input.passages.1.key',
  ],
  ['a key that is none', [{ ...START, key: 'Départ réel' }], 'input.passages.0.key'],
])('refuses %s', (_what, passages, path) => {
  expect(() => read(passages)).toThrow(
    expect.objectContaining({ facts: expect.objectContaining({ fields: [expect.objectContaining({ path })] }) }),
  );
});

describe('a passage that is dropped', () => {
  const published = (content: EventContent, more: object = {}) =>
    ({ ...content, id: 'x', kind: 'EVENT', ...more }) as unknown as EventDocument;
  const now = new Date(at(12));
  const later = (hours: number) => new Date(now.getTime() + hours * 3600_000);
  const dropped = droppedPassages(published(first), read([START, RIDERS], first), now);

  it('is known for a day, with all that calendars show of it', () => {
    expect(dropped).toEqual([{ ...first.passages[1], droppedAt: '2026-07-23T12:00:00+02:00' }]);
    const document = published(first, { droppedPassages: dropped });
    expect(lately(document, later(23).getTime())).toEqual(dropped);
    expect(lately(document, later(24).getTime())).toEqual([]);
  });

  it('stays known through further revisions of that day, until it is there again', () => {
    const without = read([START, RIDERS], first);
    const document = published(without, { droppedPassages: dropped });
    const shorter = droppedPassages(document, read([START], without), later(2));
    expect(shorter.map(({ key }) => key)).toEqual([caravan, riders]);
    expect(droppedPassages(document, read([START, CARAVAN, RIDERS], without), later(2))).toEqual([]);
    expect(droppedPassages(document, without, later(30))).toEqual([]);
  });
});
