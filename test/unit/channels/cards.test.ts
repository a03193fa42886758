import { Resvg } from '@resvg/resvg-js';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { CARD_COLOURS, type CardContent, cardAlt, cardContent } from '../../../src/channels/cards/card.rules.ts';
import { cardPath, readCardPath } from '../../../src/channels/cards/card-address.rules.ts';
import { drawCard, FAMILY } from '../../../src/channels/cards/card-drawing.rules.ts';
import { FONT_FILES, openFonts } from '../../../src/channels/cards/card-fonts.ts';
import { CardPress } from '../../../src/channels/cards/card-press.ts';
import { heightOf, setForms } from '../../../src/channels/cards/card-text.rules.ts';
import { postWords } from '../../../src/channels/social/posts/words.ts';
import type { PublicDocument } from '../../../src/publications/document.ts';
import { happenedTo } from '../../../src/publications/news.rules.ts';
import { budget } from '../../support/budget.ts';
import { anyDocument } from '../../support/generated/public-documents.ts';
import { territory } from '../../support/hub/hub.ts';

const fonts = openFonts();
const places = territory.communes.map(({ code, outline }) => ({ code, outline }));
const longest = [...territory.communes].sort((a, b) => b.name.length - a.name.length).slice(0, 9);
const content = (more: Partial<CardContent> = {}): CardContent => ({
  size: 'wide',
  language: 'fr-FR',
  colour: 'ORANGE',
  mark: null,
  titles: ['Vigilance orange : inondation'],
  headline: 'L’Yvette déborde à Longjumeau',
  places: ['Longjumeau'],
  windows: ['Jusqu’au jeudi 26 novembre à 20\u00a0h'],
  feet: ['Département de l’Essonne · 24 novembre 2026 à 12\u00a0h\u00a050'],
  communes: ['91345'],
  path: null,
  note: null,
  ...more,
});
const draw = (more?: Partial<CardContent>) => drawCard(content(more), places, fonts.width);
const textsOf = (svg: string) =>
  [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, words = '']) => words.replaceAll('\u00a0', ' '));
/** WCAG 2.1, relative luminance. */
const luminance = (colour: string) => {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((from) => Number.parseInt(colour.slice(from, from + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const isPng = (bytes: Buffer) => bytes.subarray(1, 4).toString() === 'PNG';
const sizeOf = (png: Buffer) => [png.readUInt32BE(16), png.readUInt32BE(20)];

const press = new CardPress({ territory, keepBytes: 400_000 });
afterAll(() => press.close());

describe('a card', () => {
  it('is a PNG of its size, the same bytes each time', async () => {
    const [wide, square] = [content(), content({ size: 'square' })];
    const first = await press.card('wide', () => wide);
    expect([isPng(first), sizeOf(first)]).toEqual([true, [1200, 630]]);
    expect(sizeOf(await press.card('square', () => square))).toEqual([1080, 1080]);
    expect((await press.card('wide again', () => wide)).equals(first)).toBe(true);
  });

  it('has its text: it differs from the same card drawn without fonts', async () => {
    const without = new Resvg(draw(), { font: { fontFiles: [], loadSystemFonts: false, defaultFontFamily: FAMILY } });
    const [bare, drawn] = [without.render().asPng(), await press.card('text', () => content())];
    expect(drawn.length).toBeGreaterThan(bare.length + 10_000);
    const bold = new Resvg(draw(), { font: { fontFiles: [FONT_FILES.regular], loadSystemFonts: false } });
    expect(bold.render().asPng().equals(drawn)).toBe(false);
  });

  it('keeps dates and source whole, whatever the headline', () => {
    const headline = 'Inondations à Saint-Germain-lès-Arpajon et Sainte-Geneviève-des-Bois '.repeat(4).trim();
    for (const size of ['wide', 'square'] as const) {
      const drawn = textsOf(
        draw({ size, headline, places: [longest.map(({ name }) => name).join(', '), 'Massy et 8 autres communes'] }),
      );
      expect(drawn).toContain('Jusqu’au jeudi 26 novembre à 20 h');
      expect(drawn).toContain('Département de l’Essonne · 24 novembre 2026 à 12 h 50');
      expect(drawn.some((line) => line.endsWith('…'))).toBe(true);
    }
  });

  it('never cuts a date, or what it is: it takes shorter words, or smaller letters', () => {
    const alert = fc.sample(
      anyDocument.filter(({ kind }) => kind === 'ALERT'),
      { numRuns: 1, seed: 7 },
    )[0];
    const document = {
      ...alert,
      mode: 'EXERCISE',
      revision: 4,
      severity: 'MODERATE',
      hazard: 'OET-047',
      cancelled: null,
      allClear: null,
      startsAt: '2026-12-23T08:00:00+01:00',
      endsAt: '2026-12-26T20:00:00+01:00',
      source: { name: 'Préfecture de l’Essonne et Agence régionale de santé Île-de-France', relayed: true },
    } as unknown as PublicDocument;
    for (const size of ['wide', 'square'] as const) {
      const said = textsOf(drawCard(cardContent(document, territory, 'fr-FR', size), places, fonts.width)).join(' ');
      expect(said).toContain('EXERCICE – Mise à jour · Vigilance jaune : eau impropre à la consommation');
      expect(said).toMatch(/Du (mercredi )?23 déc(embre|\.) à 8 h au (samedi )?26 déc(embre|\.) à 20 h/);
      expect(said).toMatch(/Préfecture de l’Essonne.* · \d+ novembre 2026 à \d+ h/);
    }
  });

  it('names fewer places and says how many more there are, where they do not all fit', () => {
    const forms = [longest.map(({ name }) => name).join(', '), `${longest[0]?.name} et 8 autres communes`];
    expect(textsOf(draw({ places: forms })).join(' ')).toContain('8 autres communes');
  });

  it('circles what is too small to be seen, and nothing else', () => {
    expect(draw()).toContain('<circle');
    expect(draw({ communes: territory.communes.map(({ code }) => code) })).not.toContain('<circle');
  });

  it('shows from afar that it is an exercise', () => {
    const titles = ['EXERCICE – Vigilance orange : inondation'];
    const drill = draw({ titles, mark: 'EXERCICE' });
    expect(textsOf(drill)[0]).toMatch(/^EXERCICE – Vigilance orange/);
    expect(drill.length).toBeGreaterThan(draw({ titles }).length);
  });

  it.each(CARD_COLOURS)('has letters on its %s band that stand out by 4.5 at least', (colour) => {
    const svg = draw({ colour });
    const band = /<rect x="0" y="0" width="1200" height="116" fill="(#\w{6})"/.exec(svg)?.[1] ?? '';
    const ink = /<text [^>]*fill="(#\w{6})"[^>]*>Vigilance/.exec(svg)?.[1] ?? '';
    const [light = 0, dark = 0] = [luminance(band), luminance(ink)].sort((a, b) => b - a);
    expect((light + 0.05) / (dark + 0.05)).toBeGreaterThanOrEqual(4.5);
  });

  it('escapes what people write', () => {
    expect(draw({ headline: '<b>Crue</b> & « fin » ]]>' })).toContain('&lt;b&gt;Crue&lt;/b&gt; &amp;');
  });

  it('is drawn of any document, within its borders', () => {
    fc.assert(
      fc.property(anyDocument, fc.constantFrom('wide', 'square'), (document, size) => {
        const made = cardContent(document, territory, 'fr-FR', size);
        const clean = { ...made, headline: fonts.drawable(made.headline), titles: made.titles.map(fonts.drawable) };
        const [width, height] = size === 'wide' ? [1200, 630] : [1080, 1080];
        const svg = drawCard(clean, places.slice(0, 5), fonts.width);
        for (const [, x, y, weight, letters, words = ''] of svg.matchAll(
          /<text x="([\d.]+)" y="([\d.]+)"[^>]*font-weight="(\d+)" font-size="(\d+)"[^>]*>([^<]*)</g,
        )) {
          expect(Number(y)).toBeLessThan(height);
          const plain = words.replace(/&(amp|lt|gt|quot|apos);/g, 'x');
          expect(Number(x) + fonts.width(plain, weight === '700') * Number(letters)).toBeLessThan(width + 1);
        }
        expect(cardAlt(made, postWords('fr-FR')).length).toBeLessThanOrEqual(1_000);
      }),
      budget(150),
    );
  });

  it('breaks no line where French does not', () => {
    const { lines } = setForms(
      ['D31 fermée à Bondoufle : 4,80 m à Corbeil « ouest » ?'],
      { width: 300, height: 900, largest: 40, smallest: 40, bold: true },
      fonts.width,
    );
    for (const line of lines) expect(line).not.toMatch(/^[:;!?»]|«$|\d$/);
  });

  it('takes smaller letters before it breaks a word', () => {
    const block = setForms(
      ['Saint-Maurice-Montcouronne'],
      { width: 460, height: 300, largest: 60, smallest: 30, bold: false },
      fonts.width,
    );
    expect(block.lines).toEqual(['Saint-Maurice-Montcouronne']);
    expect(heightOf(block)).toBeLessThan(70);
  });
});

describe('the press', () => {
  it('draws a card once, however many ask for it', async () => {
    let asked = 0;
    const make = () => {
      asked += 1;
      return content({ headline: 'Une seule fois' });
    };
    const all = await Promise.all(Array.from({ length: 5 }, () => press.card('once', make)));
    expect(asked).toBe(1);
    expect(new Set(all).size).toBe(1);
  });

  it('keeps no more bytes than it may, the newest first', async () => {
    let drawn = 0;
    const card = (key: string) =>
      press.card(key, () => {
        drawn += 1;
        return content({ headline: key });
      });
    for (const key of ['a', 'b', 'c', 'd', 'e', 'f']) await card(key);
    expect(drawn).toBe(6);
    await card('f');
    expect(drawn).toBe(6);
    await card('a');
    expect(drawn).toBe(7);
  });

  it('refuses what would wait too long, and goes on', async () => {
    const small = new CardPress({ territory, queue: 2 });
    const results = await Promise.allSettled(['a', 'b', 'c'].map((key) => small.card(key, () => content())));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(results[2]).toMatchObject({ reason: { code: 'UNAVAILABLE' } });
    expect(isPng(await small.card('c', () => content()))).toBe(true);
    await small.close();
  });

  it('outlives its worker', async () => {
    const long = new CardPress({ territory, keepBytes: 1, queue: 100 });
    for (let card = 0; card < 42; card++) expect(isPng(await long.card(`${card}`, () => content()))).toBe(true);
    await long.close();
  });
});

it('has an address that is read back', () => {
  fc.assert(
    fc.property(anyDocument, fc.constantFrom('wide', 'square'), (document, size) => {
      expect(readCardPath(cardPath(document, 'fr-FR-x-falc', size))).toEqual({
        publication: document.id,
        revision: document.revision,
        language: 'fr-FR-x-falc',
        size,
        happened: happenedTo(document),
      });
    }),
    budget(100),
  );
  expect(readCardPath('/cards/x/r/1/fr-FR-wide.png')).toBeUndefined();
});
