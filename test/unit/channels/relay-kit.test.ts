import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { chooseForms } from '../../../src/channels/relay/choose-forms.rules.ts';
import { demandSize, relayPanel } from '../../../src/channels/relay/panel/panel.rules.ts';
import { abbreviated, panelText } from '../../../src/channels/relay/panel/panel-letters.rules.ts';
import { roadPanel } from '../../../src/channels/relay/panel/road-panel.rules.ts';
import { relayFacts } from '../../../src/channels/relay/relay-facts.rules.ts';
import {
  BEGINNING,
  LONGEST_BODY,
  LONGEST_TITLE,
  relayBody,
  relayTitle,
} from '../../../src/channels/relay/relay-text.rules.ts';
import { MOST_SPOKEN, spokenText, spokenWords } from '../../../src/channels/relay/spoken/spoken.rules.ts';
import { makePost } from '../../../src/channels/social/posts/post.rules.ts';
import { type PublicDocument, publicStateAt } from '../../../src/publications/document.ts';
import { KINDS } from '../../../src/publications/vocabulary.ts';
import { budget } from '../../support/budget.ts';
import { anyDocument, at, NOW } from '../../support/generated/public-documents.ts';
import { territory } from '../../support/hub/hub.ts';

// Ten thousand cases (FUZZ_RUNS) take their minutes.
vi.setConfig({ testTimeout: 900_000 });

const LINK = 'https://informations.essonne.example.fr/publications/1/r/1';
const stateOf = (document: PublicDocument) => publicStateAt(document, NOW);
const factsOf = (document: PublicDocument, language = 'fr-FR') =>
  relayFacts(document, stateOf(document), language, territory);
const panelOf = (document: PublicDocument, lines = 8, columns = 16, accents = false) =>
  relayPanel(factsOf(document), stateOf(document), { lines, columns, accents });
const roadOf = (document: PublicDocument) => roadPanel(document, stateOf(document), factsOf(document));
const spokenOf = (document: PublicDocument) => spokenText(document, factsOf(document));
const bodyOf = (document: PublicDocument, language = 'fr-FR') => relayBody(factsOf(document, language), LINK);
const titleOf = (document: PublicDocument, language = 'fr-FR') => relayTitle(factsOf(document, language));

const french = (
  headline: string,
  instruction: string | null = null,
  description = 'Le bas de la ville est inondé.',
) => ({
  texts: [{ language: 'fr-FR', headline, description, instruction, sourceHash: '' }],
});

/** One document of each kind, in force; what a test is about goes into `more`. */
const given = (kind: PublicDocument['kind'], more: object = {}): PublicDocument => {
  const [one] = fc.sample(
    anyDocument.filter((document) => document.kind === kind),
    { numRuns: 1, seed: 91 },
  );
  return {
    ...one,
    mode: 'ACTUAL',
    revision: 1,
    cancelled: null,
    allClear: null,
    communes: ['91345'],
    areas: [],
    startsAt: at(-60),
    plannedFrom: at(-60),
    endsAt: at(24 * 60),
    observed: { state: 'UNKNOWN', status: 'UNKNOWN', at: null, note: null, freePlaces: null },
    source: { name: 'Département de l’Essonne', relayed: false, url: null, reference: null },
    ...{ severity: 'SEVERE', hazard: 'OET-081', restriction: 'CLOSED', verdict: 'FALSE', eventStatus: 'SCHEDULED' },
    ...{ roads: [{ name: 'route de Corbeil', number: 'D31', commune: null }], items: [], details: [] },
    ...{ place: 'Gymnase Marcel-Cerdan', address: '3 rue Foch', purposes: ['SHELTER'] },
    ...{ claim: 'Un barrage a cédé', explanation: 'Tous les barrages tiennent.' },
    ...french('L’Yvette déborde', 'Éloignez-vous des berges.'),
    ...more,
  } as unknown as PublicDocument;
};

const anySize = fc.record({
  lines: fc.integer({ min: 1, max: 12 }),
  columns: fc.integer({ min: 8, max: 40 }),
  accents: fc.boolean(),
});
const MARKS = { ACTUAL: '', EXERCISE: 'EXERCICE', TEST: 'TEST' };
const OVER = /TERMIN|FIN D|FIN |ANNUL|RETIR|ROUVERTE|COMPLET|FERM/;

describe('a kit, whatever it passes on', () => {
  it('keeps its notice as short as phones show it, the mark of an exercise first', () => {
    fc.assert(
      fc.property(anyDocument, fc.constantFrom('fr-FR', 'en-GB', 'ar', 'fr-FR-x-falc'), (document, language) => {
        const { post, barest } = factsOf(document, language);
        const [title, body] = [titleOf(document, language), bodyOf(document, language)];
        const [first = ''] = body.split('\n');
        expect(title.length).toBeLessThanOrEqual(LONGEST_TITLE);
        expect(title).not.toContain('\n');
        expect(first.length).toBeLessThanOrEqual(BEGINNING);
        expect(first).toMatch(/[.!?…]$/u);
        expect(body.length).toBeLessThanOrEqual(LONGEST_BODY);
        expect(title.startsWith(post.mark ?? '') && body.startsWith(post.mark ?? '')).toBe(true);
        const begins = `${post.mark ? `${post.mark} – ` : ''}${barest}`;
        if (begins.length <= LONGEST_TITLE) expect([title, first].every((text) => text.startsWith(begins))).toBe(true);
      }),
      budget(150),
    );
  });

  it('cuts no word on a panel, and passes no edge of it', () => {
    fc.assert(
      fc.property(anyDocument, anySize, (document, size) => {
        const facts = factsOf(document);
        const { pages, complete } = relayPanel(facts, stateOf(document), size);
        expect(pages.length).toBeLessThanOrEqual(2);
        if (pages.length === 0) expect(complete).toBe(false);
        const written = [facts.barest, ...facts.subjects, facts.detail ?? '', ...facts.places(3), ...facts.orders]
          .concat(facts.post.window, facts.post.mark ?? '')
          // A subject that is set in lines loses what stands between its parts.
          .flatMap((text) => [text, text.replace(/ · |\s?: /gu, '\n')])
          .flatMap((text) => panelText(text, size.accents) ?? []);
        const words = new Set(
          written.flatMap((text) => [text, abbreviated(text)]).flatMap((text) => text.split(/\s+/)),
        );
        for (const page of pages) {
          expect(page.length).toBeLessThanOrEqual(size.lines);
          expect(page[0]?.startsWith(MARKS[document.mode])).toBe(true);
          for (const line of page) {
            expect(line.length).toBeGreaterThan(0);
            expect(line.length).toBeLessThanOrEqual(size.columns);
            expect(line).toMatch(size.accents ? /^[ -`|~ÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸ]+$/ : /^[ -`|~]+$/);
          }
          expect(
            page
              .join(' ')
              .split(/ +/)
              .filter((word) => !isWhole(word, words)),
          ).toEqual([]);
          if (facts.over) expect(page.join(' ').normalize('NFD').replace(/\p{M}/gu, '')).toMatch(OVER);
        }
      }),
      budget(300),
    );
  });

  it('tells drivers three things in seven words, of closures alone', () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        const lines = roadOf(document);
        const isTraffic = document.kind === 'CLOSURE' && document.restriction !== 'PARKING_BAN';
        expect(lines !== null).toBe(isTraffic);
        if (!lines) return;
        expect(lines.length).toBeLessThanOrEqual(3);
        expect(lines.join(' ').split(' ').length).toBeLessThanOrEqual(7);
        expect(lines[0]?.startsWith(MARKS[document.mode])).toBe(true);
        if (stateOf(document) === 'ENDED' || document.cancelled) expect(lines[0]).toMatch(OVER);
        if (stateOf(document) === 'UPCOMING') expect(lines.slice(1).join()).toMatch(/^LE \d/);
      }),
      budget(300),
    );
  });

  it('says nothing to a voice that it cannot read', () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        const spoken = spokenOf(document);
        expect(spokenWords(spoken)).toBeLessThanOrEqual(MOST_SPOKEN);
        expect(spoken).toMatch(/^[\p{Script=Latin} .,’?!-]+$/u);
        expect(spoken.toLocaleUpperCase('fr').startsWith(MARKS[document.mode])).toBe(true);
        expect(spoken).toContain('Nous répétons.');
        expect(spoken).toMatch(/Message (?:officiel|du Département de l’Essonne)/);
      }),
      budget(300),
    );
  });
});

/** Whether it is a word, or as much of one as stands between two of its own hyphens. */
function isWhole(shown: string, words: ReadonlySet<string>): boolean {
  if (words.has(shown)) return true;
  return [...words].some((word) => {
    const parts = word.split(/(?<=-)/);
    return parts.some((_, from) => parts.some((_part, to) => parts.slice(from, to + 1).join('') === shown));
  });
}

it('gives an order its room before a name gets a longer form', () => {
  const whole = (...texts: string[]) => texts.map((text) => ({ text, whole: true }));
  const parts = [
    { forms: whole('Longjumeau, Massy et Juvisy', 'Longjumeau'), rank: 0 },
    { forms: whole('Partez.'), rank: 1 },
  ];
  const chosen = (room: number) => chooseForms(parts, (texts) => texts.join(' ').length <= room);
  expect(chosen(30)).toEqual({ texts: ['Longjumeau', 'Partez.'], whole: [true, true] });
  expect(chosen(40).texts[0]).toBe('Longjumeau, Massy et Juvisy');
  expect(chosen(12)).toEqual({ texts: ['Longjumeau', ''], whole: [true, false] });
});

describe('the kit of an alert', () => {
  const alert = given('ALERT', { communes: ['91345'] });

  it('has every form', () => {
    expect(titleOf(alert)).toBe('Vigilance orange : inondation – Longjumeau');
    expect(bodyOf(alert).split('\n')).toEqual([
      'Vigilance orange : inondation. Longjumeau. Éloignez-vous des berges. Jusqu’au 25 nov. à 13\u00a0h.',
      'L’Yvette déborde',
      'Jusqu’au mercredi 25 novembre à 13\u00a0h',
      'Le bas de la ville est inondé.',
      LINK,
    ]);
    expect(panelOf(alert)).toEqual({
      pages: [
        ['VIGILANCE ORANGE', 'INONDATION', 'LONGJUMEAU', 'ELOIGNEZ-VOUS', 'DES BERGES.', "JUSQU'AU 25 NOV.", 'A 13 H'],
      ],
      complete: true,
    });
    expect(roadOf(alert)).toBeNull();
    expect(spokenOf(alert)).toBe(
      'Message du Département de l’Essonne. Vigilance orange, inondation. Longjumeau. L’Yvette déborde. Éloignez-vous des berges. Jusqu’au mercredi vingt-cinq novembre à treize heures. Nous répétons. Vigilance orange, inondation. Longjumeau.',
    );
  });

  it('has accents on panels that have them', () => {
    expect(panelOf(alert, 8, 20, true).pages[0]).toContain('ÉLOIGNEZ-VOUS DES');
  });

  it.each([
    ['by the clock', { endsAt: at(-1) }],
    ['by a withdrawal', { cancelled: { at: at(-1), reason: 'Erreur de saisie.' } }],
    ['by an all clear', { allClear: { at: at(-1), texts: french('La crue est finie', 'Rentrez chez vous.').texts } }],
  ])('orders nothing any more once it is over %s, and says so in every form', (_how, more) => {
    const order = 'Évacuez le bas de la ville.';
    const over = given('ALERT', { ...french('L’Yvette déborde', order), ...more });
    const sms = makePost(over, 'SMS', {
      territory,
      publicUrl: 'https://x.fr',
      state: stateOf(over),
      language: 'fr-FR',
    });
    const forms = [
      titleOf(over),
      bodyOf(over),
      sms.text,
      spokenOf(over),
      ...panelOf(over, 12, 40).pages.map((page) => page.join(' ')),
    ];
    for (const form of forms) {
      const plain = form.normalize('NFD').replace(/\p{M}/gu, '').toUpperCase();
      expect(plain).toMatch(
        /^(?:MESSAGE DU DEPARTEMENT DE L.ESSONNE. )?(?:TERMINE|ALERTE ANNULEE|FIN DE LA VIGILANCE)/,
      );
      expect(plain).not.toContain('EVACUEZ');
      if (form !== sms.text) expect(plain).not.toContain('DEBORDE');
    }
  });

  it('never shows half an order: a sentence that has no room is not begun', () => {
    const long = 'Si l’eau atteint la rue, montez à l’étage avec vos papiers, une lampe et de l’eau potable.';
    const panel = panelOf(given('ALERT', french('Crue', `Coupez le gaz. ${long}`)), 4, 16);
    expect(panel.complete).toBe(false);
    expect(panel.pages.flat().join(' ')).toContain('COUPEZ LE GAZ.');
    expect(panel.pages.flat().join(' ')).not.toContain('MONTEZ');
    const spoken = spokenOf(
      given('ALERT', french('Crue', `Coupez le gaz. ${long.repeat(1).replace('.', ` ${'et encore '.repeat(40)}.`)}`)),
    );
    expect(spoken).toContain('Coupez le gaz. D’autres consignes sont publiées par écrit.');
    expect(spoken).not.toContain('encore');
  });

  it('takes the easy French, another language or another script into the notice alone', () => {
    const [text] = french('x').texts;
    const texts = [
      ...french('L’Yvette déborde', 'Éloignez-vous des berges.').texts,
      { ...text, language: 'fr-FR-x-falc', headline: 'Il y a trop d’eau', instruction: 'Partez.' },
      { ...text, language: 'ar', headline: 'فيضان', instruction: 'ابتعدوا' },
    ];
    const told = given('ALERT', { texts });
    expect(bodyOf(told, 'fr-FR-x-falc')).toContain('Partez.');
    expect(bodyOf(told, 'ar')).toContain('ابتعدوا');
    expect(titleOf(told, 'ar')).toBe('Orange alert: flood – Longjumeau');
    expect(panelOf(told)).toEqual(panelOf(given('ALERT')));
  });

  it('leaves a place out whose name no line holds, and says that something is missing', () => {
    const wide = (columns: number) => panelOf(given('ALERT', { communes: ['91228'] }), 8, columns);
    expect(wide(16)).toMatchObject({ complete: true });
    expect(wide(16).pages.flat()).toContain('EVRY-');
    expect(wide(8)).toMatchObject({ complete: false });
  });

  it('names the whole Département rather than its communes', () => {
    const everywhere = given('ALERT', { communes: territory.communes.map(({ code }) => code) });
    expect(titleOf(everywhere)).toBe('Vigilance orange : inondation – Toute l’Essonne');
    expect(panelOf(everywhere).pages.flat()).toContain("TOUTE L'ESSONNE");
    expect(spokenOf(everywhere)).toContain('Toute l’Essonne.');
  });

  it('shows nothing on a panel that has no room for its subject', () => {
    expect(panelOf(given('ALERT', { mode: 'EXERCISE' }), 1, 8)).toEqual({ pages: [], complete: false });
  });
});

describe('the kit of a closure', () => {
  it.each([
    ['in force', {}, ['FERMETURE D31', "JUSQU'AU 25 NOV. 13H", 'LONGJUMEAU']],
    ['to come', { startsAt: at(60), plannedFrom: at(60) }, ['FERMETURE D31', 'LE 24 NOV. 14H', 'LONGJUMEAU']],
    ['an exercise', { mode: 'EXERCISE' }, ['EXERCICE FERMETURE D31', "JUSQU'AU 25 NOV. 13H"]],
    ['over', { endsAt: at(-1) }, ['FIN FERMETURE D31']],
    ['withdrawn', { cancelled: { at: at(-1), reason: 'Erreur' } }, ['ANNULATION FERMETURE D31']],
    ['seen open again', { observed: { state: 'REOPENED', at: at(-5), note: null } }, ['ROUTE ROUVERTE D31']],
    ['not begun', { observed: { state: 'NOT_STARTED', at: at(-5), note: null } }, ['FERMETURE EN ATTENTE D31']],
    ['of another kind', { restriction: 'ALTERNATING' }, ['CIRCULATION ALTERNEE D31', "JUSQU'AU 25 NOV. 13H"]],
  ])('tells drivers of a road %s', (_how, more, lines) => expect(roadOf(given('CLOSURE', more))).toEqual(lines));

  it('leaves out a name that is longer than any panel, never that the road is closed', () => {
    const name = `rue ${'anticonstitutionnellement '.repeat(7)}`.trim();
    const long = given('CLOSURE', { roads: [{ name, number: null, commune: null }] });
    expect(roadOf(long)).toEqual(['FERMETURE', "JUSQU'AU 25 NOV. 13H", 'LONGJUMEAU']);
    const panel = panelOf(long);
    expect(panel.complete).toBe(false);
    expect(panel.pages[0]?.[0]).toBe('ROUTE FERMEE');
  });

  it('says roads and hours in words', () => {
    expect(spokenOf(given('CLOSURE'))).toContain('Route fermée, départementale trente et un');
  });
});

describe('the kit of a correction', () => {
  const rumour = 'Un barrage a cédé';

  it('answers the rumour without showing it on a panel, and says the verdict on every page', () => {
    const { pages, complete } = panelOf(given('CORRECTION', { endsAt: null, ...french(rumour) }), 4, 20);
    expect(complete).toBe(true);
    for (const page of pages) expect(page.join(' ')).toContain("C'EST FAUX");
    expect(pages.flat().join(' ')).toContain('TOUS LES BARRAGES');
    expect(pages.flat().join(' ')).not.toContain('CEDE');
  });

  it('is not complete where there is nothing but the rumour to say', () => {
    const bare = given('CORRECTION', { explanation: rumour, ...french(rumour, null, rumour) });
    expect(panelOf(bare)).toMatchObject({ complete: false });
  });
});

it.each(KINDS)('the kit of %s without a known end says none', (kind) => {
  const open = given(kind, { endsAt: null });
  expect(`${panelOf(open, 12, 40).pages} ${spokenOf(open)}`).not.toMatch(/jusqu/i);
});

it.each([
  [{ lines: 0, columns: 16 }, ['lines']],
  [{ lines: 13, columns: 16 }, ['lines']],
  [{ lines: 8, columns: 7 }, ['columns']],
  [{ lines: -1, columns: 41 }, ['lines', 'columns']],
])('refuses a panel of %o, and names what is wrong', (size, paths) => {
  const refused = (() => {
    try {
      demandSize(size);
    } catch (error) {
      return error;
    }
    return undefined;
  })();
  expect(refused).toMatchObject({ code: 'INVALID_INPUT', facts: { fields: paths.map((path) => ({ path })) } });
  expect(() => demandSize({ lines: 1, columns: 40 })).not.toThrow();
});
