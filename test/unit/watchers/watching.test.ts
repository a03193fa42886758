import { describe, expect, it } from 'vitest';
import { isPublicAddress } from '../../../src/outgoing/public-address.rules.ts';
import { loadTerritory } from '../../../src/territory/load.ts';
import { communesOfArea, matchOf } from '../../../src/watchers/matching.rules.ts';
import type { WatchedItem } from '../../../src/watchers/reading/watched-item.ts';

const ground = loadTerritory();
const item = (title: string, more: Partial<WatchedItem> = {}): WatchedItem => ({
  identity: title,
  title,
  summary: '',
  link: null,
  at: null,
  point: null,
  places: [],
  marks: '',
  announces: null,
  cap: null,
  ...more,
});
const found = (title: string, keywords: string[], communes: string[] = [], more = {}) =>
  matchOf(item(title, more), { keywords, communes }, ground);

describe('what a watcher wants', () => {
  it.each([
    ['INONDATIONS dans le nord', 'inondation', true],
    ['L’Yvette deborde', 'déborde', true],
    ['Une route coupée', 'coup*', true],
    ['Un accoudoir', 'coud*', false],
    ['Des feuilles mortes', 'feu', false],
    ['Feux de forêt', 'feu', true],
    ['Crue de la Seine', 'crue de la seine', true],
  ])('in “%s” by “%s”: %s', (title, keyword, is) => {
    expect(found(title, [keyword]) !== null).toBe(is);
  });

  it('is looked for in the first 50,000 characters, however long a message is', () => {
    const rest = { summary: `inondation ${'à Massy '.repeat(120_000)} tempête` };
    expect(found('Avis', ['inondation'], [], rest)).not.toBeNull();
    expect(found('Avis', ['tempête'], [], rest)).toBeNull();
  });

  it('is where one of its communes is named, by the longest name that fits', () => {
    expect(found('Incendie à Longjumeau', [], ['91345'])).toEqual({ commune: '91345' });
    expect(found('Incendie à Massy', [], ['91345'])).toBeNull();
    const arpajon = ground.search('Arpajon', 1)[0]?.code ?? '';
    expect(found('Incendie à Saint-Germain-lès-Arpajon', [], [arpajon])).toBeNull();
    expect(found('Incendie à St Germain les Arpajon', [])).not.toBeNull();
  });

  it.each([
    ['Incendie à Évry', '91228'],
    ['COURCOURONNES : rue coupée', '91228'],
    ['Accident à Brétigny', '91103'],
    ['Brétigny s/Orge : crue', '91103'],
    ['Brétigny s/O. : crue', '91103'],
    ['Crue à Dhuison-Longueville', '91198'],
    ['Quincy s/Sénart : coupure', '91514'],
    ['Crue à Savigny S/ ORGE', '91589'],
    ['Feu à St-Michel s/ Orge', '91570'],
    ['Méréville sous l’eau', '91390'],
    ['Estouches', '91390'],
    ['91100 Corbeil Cedex', '91174'],
    ['Ste Geneviève sans courant', '91549'],
    ['Long\u00adjumeau évacuée', '91345'],
    ['Ｍａｓｓｙ', '91377'],
    ['Juvisy, la gare est fermée', '91326'],
    ['Viry sur la RN7', '91687'],
    ['Limours-en-Hurepoix', '91338'],
    ['Longjumeau (91) : crue', '91345'],
  ])('is where a text names a commune as people do: %s', (title, code) => {
    expect(found(title, [])).toEqual({ commune: code });
    expect(found(title, [], [code])).toEqual({ commune: code });
  });

  it.each([
    'Savigny-le-Temple inondé',
    'Auvers-sur-Oise',
    'Épinay sous la neige',
    'Feu de bois à la ville',
    'Marolles',
    'Saint-Aubin-sur-Mer',
    'Saint-Maurice (94)',
    'Corbeil-Cerf',
    'Un val, une fontaine, des forges',
    'Villeneuve-Saint-Georges',
    'Лонжюмо',
  ])('is not where a text names another place, or an ambiguous one: %s', (title) => {
    expect(found(title, [])).toEqual({ commune: null });
  });

  it('is where the words of a CAP area say, when it has nothing else', () => {
    const area = { description: 'Longjumeau et Massy', geometries: [], circles: [], geocodes: [] };
    expect(communesOfArea(area, ground).map(({ name }) => name)).toEqual(['Longjumeau', 'Massy']);
    expect(communesOfArea({ ...area, description: 'Département de l’Essonne (91)' }, ground)).toHaveLength(194);
    const elsewhere = [{ name: 'NUTS3', value: 'FR101' }];
    expect(communesOfArea({ ...area, geocodes: elsewhere }, ground)).toEqual([]);
  });

  it('is where its point lies, and a former code means its successor', () => {
    expect(found('Incendie', [], ['91345'], { point: { lon: 2.29371, lat: 48.69364 } })).toEqual({ commune: '91345' });
    expect(found('Incendie à Évry-Courcouronnes', [], ['91182'])).toEqual({ commune: '91228' });
  });

  it('is of no one commune where several are meant', () => {
    expect(found('Pluie sur Massy et Longjumeau', [])).toEqual({ commune: null });
  });
});

describe('an address that watchers may reach', () => {
  it.each(['8.8.8.8', '2a00:1450:4007:80e::200e'])('is %s', (address) => expect(isPublicAddress(address)).toBe(true));
  it.each([
    '127.0.0.1',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '::1',
    '::7f00:1',
    '::ffff:127.0.0.1',
    'fe80::1',
    'fc00::1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'localhost',
    '',
  ])('is not “%s”', (address) => expect(isPublicAddress(address)).toBe(false));
});
