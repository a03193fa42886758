import { describe, expect, it } from 'vitest';
import type { AlertContent } from '../../../src/publications/alert/alert.content.ts';
import { lintAlert } from '../../../src/publications/alert/alert.rules.ts';
import { lintShared } from '../../../src/publications/content/lint.rules.ts';
import { readContent } from '../../../src/publications/content/read-content.ts';
import { kindOf } from '../../../src/publications/kinds.ts';
import { adviceInput, alertInput, closureInput, correctionInput } from '../../support/desk/desk.ts';
import { territory } from '../../support/hub/hub.ts';

const now = new Date();
const lint = (more: object) => {
  const content = readContent('ALERT', alertInput(more), territory);
  return [...lintShared(content), ...lintAlert(content as AlertContent, now)].map(
    ({ rule, level, path }) => `${rule} ${level} ${path}`,
  );
};
const text = (more: object) => ({
  texts: [
    {
      language: 'fr-FR',
      headline: 'Crue de l’Yvette',
      description: 'La rivière monte.',
      instruction: 'Éloignez-vous.',
      ...more,
    },
  ],
});
const english = { language: 'en-GB', headline: 'Flood', description: 'La rivière monte.', instruction: 'Keep away.' };

describe('the linter', () => {
  it('has only advice for a good alert', () => {
    expect(lint(text({}))).toEqual(['C14 ADVICE infoUrl', 'C16 ADVICE contact']);
    expect(lint({ ...text({}), infoUrl: 'https://www.essonne.fr', contact: '112' })).toEqual([]);
  });

  it.each([
    [
      'a headline over 140 characters',
      text({ headline: `Crue ${'longue '.repeat(30)}` }),
      'C16 WARNING texts.0.headline',
    ],
    [
      'a description that repeats the headline',
      text({ description: 'Crue de l’Yvette' }),
      'C16 WARNING texts.0.description',
    ],
    ['no instruction', text({ instruction: null }), 'C16 WARNING texts.0.instruction'],
    ['no response type', { responseTypes: [] }, 'C16 WARNING responseTypes'],
    ['a severity that is not known', { severity: 'UNKNOWN' }, 'C16 WARNING severity'],
    ['HTML', text({ description: 'La <b>rivière</b> monte.' }), 'C19 ERROR texts.0.description'],
    ['a headline that shouts', text({ headline: 'CRUE TRÈS FORTE DE L’YVETTE' }), 'F01 WARNING texts.0.headline'],
    [
      'a missing space',
      text({ description: 'La route est fermée.Merci de partir.' }),
      'F02 WARNING texts.0.description',
    ],
    ['an exercise that does not say so', { mode: 'EXERCISE' }, 'I-10 ERROR texts.0.headline'],
    ['a translation that was never made', { texts: [...text({}).texts, english] }, 'C13 ERROR texts.1.description'],
    [
      'a translation that repeats another',
      {
        texts: [
          ...text({}).texts,
          { ...english, description: 'Wet' },
          { ...english, language: 'en-US', description: 'Wet' },
        ],
      },
      'C13 ERROR texts.2.description',
    ],
    [
      'HTML in the name of a place',
      { areas: [{ description: '<b>Ici</b>', communes: ['91345'] }] },
      'C19 ERROR areas.0.description',
    ],
    ['HTML in the name of a source', { source: { name: 'Préfecture<br/>' } }, 'C19 ERROR source.name'],
    ['HTML in a contact', { contact: '<a href="tel:112">112</a>' }, 'C19 ERROR contact'],
    [
      'a line outside that encloses nothing',
      {
        areas: [
          {
            description: 'A6',
            geometry: {
              type: 'LineString',
              coordinates: [
                [1.88, 48.5],
                [1.885, 48.5],
              ],
            },
          },
        ],
      },
      'C14 ERROR areas.0.geometry',
    ],
    ['an end that has passed', { endsAt: '2020-01-01T00:00:00+01:00' }, 'I-07 ERROR endsAt'],
  ])('finds %s', (_what, more, finding) => {
    expect(lint(more)).toContain(finding);
  });

  it('lets a headline have 140 characters, and not one more (C16)', () => {
    const about = (length: number) => lint(text({ headline: 'Crue'.padEnd(length, '…') }));
    expect(about(140)).not.toContain('C16 WARNING texts.0.headline');
    expect(about(141)).toContain('C16 WARNING texts.0.headline');
  });

  it('takes an e-mail address in brackets and a comparison for no HTML', () => {
    expect(
      lint({
        ...text({ description: 'Eau < 2 m et > 1 m.' }),
        infoUrl: 'https://a.example',
        contact: 'Mairie <a@b.example>',
      }),
    ).toEqual([]);
  });

  it('takes neither an address nor a number for a missing space', () => {
    const fine = text({ description: 'Voir https://www.essonne.fr/alertes.Html ; niveau 4.80 m, réf. D31.A.' });
    expect(lint(fine).filter((finding) => finding.startsWith('F02'))).toEqual([]);
  });
});

describe('the linter of other kinds', () => {
  const lintKind = (name: 'ADVICE' | 'CLOSURE' | 'CORRECTION', input: object) =>
    kindOf(name)
      .lint(readContent(name, input, territory), now)
      .map(({ rule, level, path }) => `${rule} ${level} ${path}`);
  const item = { language: 'fr-FR', dos: ['Montez à l’étage.'], donts: [] };
  const source = { label: 'Mairie', url: 'https://mairie.example', official: false };

  it.each([
    ['advice that gives none', { items: [{ ...item, dos: [] }] }, ['A01 ERROR items.0']],
    [
      'advice in a language without a text',
      { items: [item, { ...item, language: 'en-GB' }] },
      ['A02 WARNING items.1.language'],
    ],
    ['nothing in good advice', { items: [item] }, []],
  ])('finds %s', (_what, more, findings) => {
    expect(lintKind('ADVICE', adviceInput(more))).toEqual(findings);
  });

  it.each([
    ['a correction with one source that is not official', [source], ['R01 WARNING evidence']],
    ['nothing where there are two', [source, source], []],
    ['nothing where one is official', [{ ...source, official: true }], []],
  ])('finds %s', (_what, evidence, findings) => {
    expect(lintKind('CORRECTION', correctionInput({ evidence }))).toEqual(findings);
  });

  /** A line to the north, so many metres long. */
  const line = (metres: number): number[][] => [
    [2.3, 48.6],
    [2.3, 48.6 + metres / 111_195],
  ];
  const path = (...lines: number[]) =>
    lines.length === 1
      ? { type: 'LineString', coordinates: line(lines[0] ?? 0) }
      : { type: 'MultiLineString', coordinates: lines.map(line) };
  const roads = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `Rue ${index}` }));

  it.each<[string, object, string[]]>([
    ['a line of 30 m', { path: path(30) }, ['W01 ADVICE path']],
    ['a line of 34 m', { path: path(34) }, ['W01 ADVICE path']],
    ['nothing in a line of 36 m', { path: path(36) }, []],
    ['nothing in a line of 9.9 km', { path: path(9_900) }, []],
    ['a line of 10.1 km', { path: path(10_100) }, ['W01 ADVICE path']],
    [
      'each line that is too short or too long',
      { path: path(20, 500, 20_000), roads: roads(3) },
      ['W01 ADVICE path.coordinates.0', 'W01 ADVICE path.coordinates.2'],
    ],
    ['two roads on one line', { path: path(500), roads: roads(2) }, ['W01 ADVICE path']],
    ['three roads on two lines', { path: path(500, 500), roads: roads(3) }, ['W01 ADVICE path']],
    ['nothing in one road of two lines', { path: path(500, 500), roads: roads(1) }, []],
    ['nothing in a parking ban, of which Waze hears nothing', { path: path(20), restriction: 'PARKING_BAN' }, []],
  ])('finds %s', (_what, more, findings) => {
    expect(lintKind('CLOSURE', closureInput(more))).toEqual(findings);
  });
});
