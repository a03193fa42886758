import { describe, expect, it } from 'vitest';
import { demandMinor } from '../../../src/editorial/drafting/minor.rules.ts';
import { HubError } from '../../../src/errors.ts';
import { readContent } from '../../../src/publications/content/read-content.ts';
import { kindOf } from '../../../src/publications/kinds.ts';
import type { PublicationKind } from '../../../src/publications/vocabulary.ts';
import { loadTerritory } from '../../../src/territory/load.ts';
import { INPUTS } from '../../support/desk/desk.ts';

const territory = loadTerritory();

type Noun = keyof typeof INPUTS;
const KINDS: Record<Noun, PublicationKind> = {
  Alert: 'ALERT',
  Event: 'EVENT',
  Closure: 'CLOSURE',
  Advice: 'ADVICE',
  Correction: 'CORRECTION',
  AidPoint: 'AID_POINT',
};

/** The paths that are refused where a minor revision changes an input so; none where it is taken. */
function refused(noun: Noun, before: object, after: object): string[] {
  const kind = KINDS[noun];
  // One clock for both: an input tells its times from now on.
  const input = INPUTS[noun]();
  const live = readContent(kind, { ...input, ...before }, territory);
  const content = readContent(kind, { ...input, ...after }, territory, live);
  try {
    demandMinor(kind, live, content);
    return [];
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    return (error.facts.fields ?? []).map(({ path }) => path);
  }
}

const french = (
  headline: string,
  description = 'Le bas de la ville est inondé.',
  instruction: string | null = null,
) => ({
  texts: [{ language: 'fr-FR', headline, description, instruction }],
});
const english = { language: 'en-GB', headline: 'Flood', description: 'The river rises.', instruction: null };
const passages = (label: string, expectedFrom = '2026-07-26T16:00:00+02:00') => ({
  passages: [{ label, commune: '91421', expectedFrom }],
});

describe('a minor revision', () => {
  it.each<[what: string, noun: Noun, before: object, after: object]>([
    ['a letter of the headline', 'Alert', french('L’Yvete déborde'), french('L’Yvette déborde')],
    [
      'a word of the description',
      'Alert',
      french('Crue', 'La vile est inondée.'),
      french('Crue', 'La ville est inondée.'),
    ],
    ['what to do', 'Alert', french('Crue', 'D', 'Éloignez vous.'), french('Crue', 'D', 'Éloignez-vous.')],
    ['how an hour is written', 'Alert', french('Crue', 'Vers 14h10.'), french('Crue', 'Vers 14 h 10.')],
    ['the place in words', 'Alert', { areas: [{ description: 'Lonjumeau', communes: ['91345'] }] }, {}],
    [
      'a translation',
      'Alert',
      { texts: [...french('Crue').texts, { ...english, headline: 'Flod' }] },
      { texts: [...french('Crue').texts, english] },
    ],
    [
      'a piece of advice',
      'Advice',
      { items: [{ language: 'fr-FR', dos: ['Monter a l’étage.'], donts: [] }] },
      { items: [{ language: 'fr-FR', dos: ['Montez à l’étage.'], donts: [] }] },
    ],
    [
      'an explanation',
      'Correction',
      { explanation: 'L’odeur vien de la raffinerie.' },
      { explanation: 'L’odeur vient de la raffinerie.' },
    ],
    ['a cause', 'Closure', { cause: 'Chausée inondée' }, { cause: 'Chaussée inondée' }],
    ['the name of a passage', 'Event', passages('Pasage au pont'), passages('Passage au pont')],
    ['opening hours in words', 'AidPoint', { details: [{ language: 'fr-FR', openingHours: 'Jour et nui.' }] }, {}],
    ['nothing at all', 'Alert', {}, {}],
  ])('may mend %s', (_what, noun, before, after) => {
    expect(refused(noun, before, after)).toEqual([]);
  });

  it.each<[what: string, noun: Noun, after: object, path: string]>([
    ['gravity', 'Alert', { severity: 'EXTREME' }, 'input.severity'],
    ['end', 'Alert', { endsAt: '2031-01-01T00:00:00+01:00' }, 'input.endsAt'],
    ['start', 'Alert', { startsAt: '2026-01-01T00:00:00+01:00' }, 'input.startsAt'],
    [
      'communes',
      'Alert',
      { areas: [{ description: 'Longjumeau', communes: ['91345', '91027'] }] },
      'input.areas.0.communes',
    ],
    [
      'areas',
      'Alert',
      {
        areas: [
          { description: 'Longjumeau', communes: ['91345'] },
          { description: 'Massy', communes: ['91377'] },
        ],
      },
      'input.areas',
    ],
    ['hazard', 'Alert', { hazard: 'OET-194' }, 'input.hazard'],
    ['link', 'Alert', { infoUrl: 'https://essonne.example/crue' }, 'input.infoUrl'],
    ['telephone number', 'Alert', { contact: '01 60 91 91 91' }, 'input.contact'],
    ['authority', 'Alert', { source: { name: 'Préfecture de l’Essonne' } }, 'input.source.name'],
    [
      'path',
      'Closure',
      {
        path: {
          type: 'LineString',
          coordinates: [
            [2.364, 48.612],
            [2.396, 48.6215],
          ],
        },
      },
      'input.path.coordinates.1.1',
    ],
    ['restriction', 'Closure', { restriction: 'ALTERNATING' }, 'input.restriction'],
    ['window', 'Closure', { endsAt: '2031-01-01T00:00:00+01:00' }, 'input.endsAt'],
    ['verdict', 'Correction', { verdict: 'ACCURATE' }, 'input.verdict'],
    ['rumour', 'Correction', { claim: 'L’odeur de fioul est dangereuse' }, 'input.claim'],
    [
      'things to do',
      'Advice',
      {
        items: [
          { language: 'fr-FR', dos: ['Montez à l’étage.', 'Appelez.'], donts: ['Ne descendez pas au sous-sol.'] },
        ],
      },
      'input.items.0.dos',
    ],
    ['capacity', 'AidPoint', { capacity: 10 }, 'input.capacity'],
    ['address', 'AidPoint', { address: '11 rue des Prés' }, 'input.address'],
  ])('never changes the %s', (_what, noun, after, path) => {
    expect(refused(noun, {}, after)).toContain(path);
  });

  it.each<[what: string, before: object, after: object, path: string]>([
    ['an hour', french('Crue à 21 h'), french('Crue à 23 h'), 'input.texts.0.headline'],
    ['a road', french('Crue', 'La D31 est coupée.'), french('Crue', 'La D13 est coupée.'), 'input.texts.0.description'],
    ['a number in full width', french('Crue', 'Niveau ２.'), french('Crue', 'Niveau 3.'), 'input.texts.0.description'],
    [
      'what to do for the first time',
      french('Crue', 'D', null),
      french('Crue', 'D', 'Fuyez.'),
      'input.texts.0.instruction',
    ],
    ['another language', french('Crue'), { texts: [...french('Crue').texts, english] }, 'input.texts'],
  ])('tells %s by no words', (_what, before, after, path) => {
    expect(refused('Alert', before, after)).toEqual([path]);
  });

  it('names words of every kind where its schema has them', () => {
    for (const [noun, kind] of Object.entries(KINDS)) {
      const content = readContent(kind, INPUTS[noun as Noun](), territory);
      for (const place of kindOf(kind).prose) expect(Object.keys(content)).toContain(place.split('.')[0]);
    }
  });
});
