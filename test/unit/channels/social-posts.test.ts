import fc from 'fast-check';
import { SegmentedMessage } from 'sms-segments-calculator';
import twitter from 'twitter-text';
import { describe, expect, it, vi } from 'vitest';
import { straighten } from '../../../src/channels/social/fitting/gsm.rules.ts';
import { measure, NETWORK_ROWS, NETWORKS } from '../../../src/channels/social/fitting/networks.ts';
import { postFacts } from '../../../src/channels/social/posts/facts.rules.ts';
import { placeForms } from '../../../src/channels/social/posts/place.rules.ts';
import { makePost } from '../../../src/channels/social/posts/post.rules.ts';
import { type PublicDocument, publicStateAt } from '../../../src/publications/document.ts';
import { permalinkOf } from '../../../src/publications/permalink.rules.ts';
import { budget } from '../../support/budget.ts';
import { anyDocument, NOW } from '../../support/generated/public-documents.ts';
import { territory } from '../../support/hub/hub.ts';

// Ten thousand cases (FUZZ_RUNS) take their minutes.
vi.setConfig({ testTimeout: 900_000 });

const publicUrl = 'https://informations.essonne.example.fr';
const post = (document: PublicDocument, network: (typeof NETWORKS)[number], language = 'fr-FR') =>
  makePost(document, network, { territory, publicUrl, state: publicStateAt(document, NOW), language });

const letters = (text: string) =>
  text
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');

const withoutEmoji = (text: string) =>
  text
    .replace(/\p{RGI_Emoji}/gv, '')
    .replace(/ {2,}/g, ' ')
    .trim();

/** One document of each kind; what a test is about goes into `more`. */
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
    startsAt: null,
    endsAt: null,
    ...more,
  } as PublicDocument;
};
const saying = (headline: string, description: string, instruction: string | null = null) => ({
  texts: [{ language: 'fr-FR', headline, description, instruction, sourceHash: '' }],
  source: { name: 'x', relayed: false, url: null, reference: null },
});

describe('a post, whatever it tells', () => {
  it.each(NETWORKS)('keeps to the limit of %s and loses neither link, place, gravity nor mark', (network) => {
    const render = network === 'SMS' ? straighten : (text: string) => text;
    fc.assert(
      fc.property(anyDocument, fc.constantFrom('fr-FR', 'en-GB', 'uk', 'ar'), (document, language) => {
        const made = post(document, network, language);
        const facts = postFacts(document, language, publicStateAt(document, NOW));
        expect(measure(network, made.text)).toEqual({
          length: made.length,
          limit: made.limit,
          fits: true,
          segments: made.segments,
        });
        if (network !== 'SMS') expect(made.limit).toBe(NETWORK_ROWS[network].limit);
        const lines = made.text.split('\n');
        expect(lines).toContain(permalinkOf(publicUrl, document));
        // An SMS loses its emoji, and its French typography where every letter is one of GSM-7.
        const has = (forms: readonly string[]) =>
          forms.some((form) => made.text.includes(render(form)) || made.text.includes(withoutEmoji(form)));
        expect(has(facts.title)).toBe(true);
        expect(has(placeForms(document, territory, facts.words, 400))).toBe(true);
        if (facts.mark) expect(made.text.startsWith(facts.mark)).toBe(true);
        if (facts.outdated) expect(has(facts.words.outdated)).toBe(true);
      }),
      budget(150),
    );
  });

  it('is short enough by the counts of others', () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        expect(
          twitter.parseTweet(post(document, 'X').text.replaceAll('🧑🏽‍🚒', '🌊')).weightedLength,
        ).toBeLessThanOrEqual(280);
        const sms = post(document, 'SMS');
        expect(new SegmentedMessage(sms.text).segmentsCount).toBe(sms.segments);
        expect(sms.segments).toBeLessThanOrEqual(4);
      }),
      budget(300),
    );
  });

  it('is cut between words: every word of it is a word of what was written', () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        // A road's name alone may be cut inside, in the first line, where it is longer than any name is.
        const text = post(document, 'BLUESKY').text.split('\n').slice(1).join('\n');
        const whole = post(document, 'FACEBOOK').text;
        const written = JSON.stringify(document).replaceAll('\\n', ' ');
        const words = new Set(letterWords(`${whole} ${written}`));
        const known = letterWords(text).filter((word) => !words.has(word));
        // What only a short form says: dates, and how many communes are left out.
        expect(known.filter((word) => !SHORT_FORMS.has(word) && !/^\d+$|.{24}/.test(word))).toEqual([]);
      }),
      budget(300),
    );
  });
});

const letterWords = (text: string) => text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
/** What no text wrote. */
const SHORT_FORMS = new Set(['et', 'autre', 'autres', 'commune', 'communes', 'nov', 'Traduction', 'antérieure', 'à']);

describe('a correction', () => {
  const rumour = 'Un barrage a cédé à Juvisy';
  const fact = (more: object) =>
    given('CORRECTION', { claim: rumour, verdict: 'FALSE', explanation: 'Il tient.', ...more });

  it('leads with its verdict, and leaves out a headline that is the rumour', () => {
    const { text } = post(fact(saying('Un barrage a cédé à Juvisy !', 'Aucun barrage n’a cédé.')), 'X');
    expect(text.split('\n').slice(0, 3)).toEqual(['Rumeur vérifiée : c’est faux', '📍 Longjumeau', 'Il tient.']);
    expect(letters(text)).not.toContain(letters(rumour));
  });

  it('never tells the rumour without telling in the same breath what it is', () => {
    fc.assert(
      fc.property(
        anyDocument.filter(({ kind }) => kind === 'CORRECTION'),
        fc.constantFrom(...NETWORKS),
        (document, network) => {
          if (document.kind !== 'CORRECTION') return;
          const { text } = post({ ...document, mode: 'ACTUAL' }, network);
          const [first = ''] = text.split('\n');
          expect(first).toMatch(/Rumeur vérifiée : |Rumour checked: /);
        },
      ),
      budget(200),
    );
  });

  it('tells what repeats the rumour whole, or not at all', () => {
    const long = `On lit partout que « ${rumour} ». ${'C’est inexact, les équipes l’ont vérifié. '.repeat(9)}C’est faux.`;
    const { text } = post(fact(saying('Barrages : rien à signaler', long)), 'X');
    expect(letters(text)).not.toContain(letters(rumour));
    expect(post(fact(saying('Barrages : rien à signaler', long)), 'LINKEDIN').text).toContain(long);
  });
});

describe('a post says', () => {
  const flood = saying('L’Yvette déborde', 'Le bas de la ville est inondé.', 'Éloignez-vous des berges.');
  const alert = (more: object = {}) =>
    given('ALERT', { severity: 'SEVERE', hazard: 'OET-081', startsAt: null, endsAt: null, ...flood, ...more });

  it('what, how grave, where and what to do, with the link and the hashtags', () => {
    const made = post(alert(), 'MASTODON');
    expect(made.text).toBe(
      [
        '🟠 Vigilance orange : inondation',
        'L’Yvette déborde',
        '📍 Longjumeau',
        'Éloignez-vous des berges.',
        'Le bas de la ville est inondé.',
        made.url,
        '#Inondation #Essonne',
      ].join('\n'),
    );
  });

  it.each([
    ['an update', { revision: 2 }, '🟠 Mise à jour · Vigilance orange : inondation'],
    ['the end', { endsAt: '2026-11-24T12:00:00+01:00' }, '🟠 Terminé · Vigilance orange : inondation'],
    [
      'the all clear',
      { allClear: { at: '2026-11-24T12:00:00+01:00', texts: flood.texts } },
      'Fin de la vigilance orange : inondation',
    ],
    [
      'a withdrawal',
      { cancelled: { at: '2026-11-24T12:00:00+01:00', reason: 'Erreur' } },
      'Alerte annulée · Vigilance orange : inondation',
    ],
    ['an exercise', { mode: 'EXERCISE' }, 'EXERCICE – Vigilance orange : inondation'],
    ['a test', { mode: 'TEST' }, 'TEST – Vigilance orange : inondation'],
  ])('%s', (_what, more, first) => {
    expect(post(alert(more), 'X').text.split('\n')[0]).toBe(first);
  });

  it('why something was withdrawn, and nothing of what it said', () => {
    const { text } = post(
      alert({ cancelled: { at: '2026-11-24T12:00:00+01:00', reason: 'Erreur de saisie.' } }),
      'FACEBOOK',
    );
    expect(text).toContain('Erreur de saisie.');
    expect(text).not.toContain('déborde');
  });

  it('that a road is open again, without the words that close it', () => {
    const closed = saying('D31 fermée à Bondoufle', 'La D31 est fermée.', 'Prenez un autre itinéraire.');
    const road = given('CLOSURE', {
      ...closed,
      restriction: 'CLOSED',
      roads: [{ name: 'Route de Corbeil', number: 'D31', commune: null }],
      plannedFrom: '2026-11-24T08:00:00+01:00',
      observed: { state: 'REOPENED', at: '2026-11-24T11:00:00+01:00', note: null },
    });
    const { text, phase, url } = post(road, 'FACEBOOK');
    expect(phase).toBe('REOPENED');
    expect(text.split('\n')[0]).toBe('Route rouverte : D31 (Route de Corbeil)');
    expect(text).not.toMatch(/fermée|itinéraire/);
    expect(url).toMatch(/\/r\/1#reopened-\d+$/);
  });

  it('how many places are free and when they were counted, then that a place is full, before its words', () => {
    const gymnasium = (observed: object) =>
      given('AID_POINT', {
        ...saying('Un gymnase ouvre', 'Cent lits.', 'Venez avec vos papiers.'),
        purposes: ['SHELTER'],
        place: 'Gymnase des Prés',
        address: '1 rue des Prés',
        capacity: 100,
        observed: { at: '2026-11-24T11:00:00+01:00', note: null, ...observed },
      });
    const open = post(gymnasium({ status: 'OPEN', freePlaces: 12 }), 'MASTODON');
    expect(open.text.split('\n')[0]).toBe('Lieu d’aide : Gymnase des Prés, 1 rue des Prés');
    expect(open.text).toContain('Ouvert, 12 places libres sur 100 (vu le mardi 24 novembre à 11\u00a0h).');
    const full = post(gymnasium({ status: 'FULL', freePlaces: 0 }), 'MASTODON');
    expect(full.phase).toBe('SHUT');
    expect(full.text.split('\n').slice(0, 2)).toEqual([
      'Lieu d’aide complet : Gymnase des Prés, 1 rue des Prés',
      'Complet (vu le mardi 24 novembre à 11\u00a0h).',
    ]);
    expect(full.text).not.toMatch(/ouvre|papiers/);
    expect(full.url).toMatch(/\/r\/1#shut-\d+$/);
  });

  it('what is wanted of those who give, and first what is no longer', () => {
    const call = given('AID_POINT', {
      ...saying('Dons : plus de vêtements', 'Merci à tous.'),
      purposes: ['DONATIONS'],
      place: 'Mairie',
      address: 'Place de la Mairie',
      observed: { status: 'UNKNOWN', at: null, freePlaces: null, note: null },
      details: [{ language: 'fr-FR', wanted: ['Couches'], unwanted: ['Vêtements', 'Jouets'] }],
    });
    const { text } = post(call, 'FACEBOOK');
    expect(text).toMatch(/^Appel aux dons : Mairie, Place de la Mairie\n/);
    expect(text).toContain('N’apportez plus : Vêtements, Jouets. Dons utiles : Couches.');
  });

  it('who is relayed, and that a translation is of an earlier version', () => {
    const texts = [
      ...flood.texts,
      { language: 'en-GB', headline: 'Flood', description: 'Water', instruction: null, sourceHash: 'old' },
    ];
    const source = { name: 'Préfecture de l’Essonne', relayed: true, url: null, reference: null };
    const { text, language, outdated } = post(alert({ texts, source }), 'MASTODON', 'en-US');
    expect([language, outdated]).toEqual(['en-GB', true]);
    expect(text.split('\n')[0]).toBe('🟠 Orange alert: flood');
    expect(text).toContain('Source: Préfecture de l’Essonne');
    expect(text).toContain('Translation of an earlier version: the French text prevails.');
  });

  it('what to do in whole sentences alone', () => {
    const instruction = `Montez à l’étage. ${'N’allez en aucun cas chercher votre voiture au sous-sol, '.repeat(6)}jamais.`;
    const { text } = post(alert(saying('Crue éclair', 'Description.', instruction)), 'X');
    expect(text).toContain('\nMontez à l’étage.\n');
    expect(text).not.toContain('N’allez');
  });
});

it('says for every network on which day its limits were looked up', () => {
  for (const { checked, source } of Object.values(NETWORK_ROWS)) {
    expect(checked).toMatch(/^20\d\d-\d\d-\d\d$/);
    expect(source).toMatch(/^https:/);
  }
});

it('says so where the hub’s own address leaves no room', () => {
  const setting = {
    territory,
    publicUrl: `https://${'x'.repeat(250)}.fr`,
    state: 'IN_FORCE' as const,
    language: 'fr-FR',
  };
  expect(() => makePost(given('ALERT'), 'BLUESKY', setting)).toThrow(RangeError);
});

it('takes a road for closed again that was seen open before it was to be closed', () => {
  const road = given('CLOSURE', {
    restriction: 'CLOSED',
    roads: [{ name: 'Route de Corbeil', number: 'D31', commune: null }],
    plannedFrom: '2026-11-24T12:00:00+01:00',
    observed: { state: 'REOPENED', at: '2026-11-24T11:00:00+01:00', note: null },
    ...saying('D31 fermée', 'La D31 est fermée.'),
  });
  expect(post(road, 'FACEBOOK')).toMatchObject({
    phase: 'REVISION',
    text: expect.stringMatching(/^Route fermée : D31/),
  });
});
