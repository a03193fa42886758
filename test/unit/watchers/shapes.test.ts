import { describe, expect, it } from 'vitest';
import { loadTerritory } from '../../../src/territory/load.ts';
import { matchOf } from '../../../src/watchers/matching.rules.ts';
import { readFeed } from '../../../src/watchers/reading/feed.ts';
import { positionsOf } from '../../../src/watchers/reading/positions.rules.ts';
import { circleIn } from '../../../src/watchers/reading/watched-area.ts';

const territory = loadTerritory();
const read = (text: string) => readFeed(new TextEncoder().encode(text));
const TRIANGLE = [
  [2.29, 48.69],
  [2.291, 48.69],
  [2.291, 48.691],
  [2.29, 48.69],
];

describe('numbers in pairs, whatever parts them', () => {
  it.each([
    '48.69,2.29 48.69,2.291 48.691,2.291 48.69,2.29',
    '48.69, 2.29 48.69, 2.291 48.691, 2.291 48.69, 2.29',
    '48.69 2.29 48.69 2.291 48.691 2.291 48.69 2.29',
    '48.69 2.29, 48.69 2.291, 48.691 2.291, 48.69 2.29',
    '48.69,2.29,48.69,2.291,48.691,2.291,48.69,2.29',
    '48.69,2.29;48.69,2.291;48.691,2.291;48.69,2.29',
    '(48.69,2.29)(48.69,2.291)(48.691,2.291)(48.69,2.29)',
    '((48.69 2.29), (48.69 2.291), (48.691 2.291), (48.69 2.29))',
    '[[48.69, 2.29], [48.69, 2.291], [48.691, 2.291], [48.69, 2.29]]',
    '48.69,2.29,0 48.69,2.291,0 48.691,2.291,0 48.69,2.29,0',
    '48.69 2.29 0 48.69 2.291 0 48.691 2.291 0 48.69 2.29 0',
    '48.69,2.29,80.5 48.69,2.291,81 48.691,2.291,79 48.69,2.29,80.5',
    '48,69000 2,29000 48,69000 2,29100 48,69100 2,29100 48,69000 2,29000',
    '2.29,48.69 2.291,48.69 2.291,48.691 2.29,48.69',
    '\n  48.69,2.29\n\t48.69,2.291\u00a048.691,2.291\r\n48.69,2.29 ',
    '48.69°N 2.29°E, 48.69°N 2.291°E, 48.691°N 2.291°E, 48.69°N 2.29°E',
    '+48.69,+2.29 4.869e1,2.291 48.691,2.291 48.69,2.29',
    '48.69|2.29 / 48.69|2.291 / 48.691|2.291 / 48.69|2.29',
    'POLYGON((2.29 48.69, 2.291 48.69, 2.291 48.691, 2.29 48.69))',
    'SRID=4326;POLYGON ((2.29 48.69, 2.291 48.69, 2.291 48.691, 2.29 48.69))',
    'N48.69 E2.29; N48.69 E2.291; N48.691 E2.291; N48.69 E2.29',
    '48.69 º N 2.29 º E, 48.69 º N 2.291 º E, 48.691 º N 2.291 º E, 48.69 º N 2.29 º E',
    '48.69:2.29 48.69:2.291 48.691:2.291 48.69:2.29',
    '48,69;2,29 48,69;2,291 48,691;2,291 48,69;2,29',
    '[{"lat":48.69,"lon":2.29},{"lat":48.69,"lon":2.291},{"lat":48.691,"lon":2.291},{"lat":48.69,"lon":2.29}]',
    'lat=48.69 lon=2.29 lat=48.69 lon=2.291 lat=48.691 lon=2.291 lat=48.69 lon=2.29',
  ])('%j', (text) => {
    expect(positionsOf(text)).toEqual(TRIANGLE);
  });

  it.each([
    '',
    'Longjumeau',
    '48.69',
    '48.69,2.29 48.7',
    '95,200 96,201',
    '48.69,x',
    'NaN,NaN',
    '1.2.3,4',
    '48.69W 2.29',
  ])('%j is none', (text) => {
    expect(positionsOf(text)).toBeNull();
  });

  it.each([
    ['48,69 2,29', [[2.29, 48.69]]],
    [
      '48,6 2,29 48,7 2,3',
      [
        [2.29, 48.6],
        [2.3, 48.7],
      ],
    ],
    ['48°41′24″ N 2°17′24″ E', [[2.29, 48.69]]],
    ['48°41,4’N, 1°17’24"W', [[-1.29, 48.69]]],
    ['48.4° N 4.5° O', [[-4.5, 48.4]]],
    ['geo:48.69,2.29', [[2.29, 48.69]]],
    ['EPSG:4326 48.69 2.29', [[2.29, 48.69]]],
    // No place near here is meant: pairs of whole degrees.
    [
      '10,20 30,40',
      [
        [20, 10],
        [40, 30],
      ],
    ],
  ])('%j by its decimals, its degrees and its half of the earth', (text, places) => {
    const rounded = positionsOf(text)?.map((place) => place.map((number) => Math.round(number * 1e6) / 1e6));
    expect(rounded).toEqual(places);
  });

  it.each([
    ['48.69,2.29 5', 5000],
    ['48.69 2.29, 5.5', 5500],
    ['48.69,2.29 5,5', 5500],
    ['48,69 2,29 5', 5000],
    ['48.69,2.29 500 m', 500],
    ['48.69,2.29 5 kilomètres', 5000],
    ['48.69,2.29 r=5', 5000],
    ['48.69;2.29;1e1', 10_000],
    ['(48.69, 2.29) / 5', 5000],
  ])('a circle %j', (text, radius) => {
    expect(circleIn(1000)(text)).toEqual({ lon: 2.29, lat: 48.69, radius });
  });

  it.each(['', '48.69,2.29', '48.69,2.29 x', '48.69,2.29 -5', `48.69,2.29${' '.repeat(300)}5`])(
    'no circle is %j',
    (text) => {
      expect(circleIn(1000)(text)).toBeNull();
    },
  );

  it('keeps the south and the west', () => {
    expect(positionsOf('-21.1,55.5 48.4,-4.5 48.4,\u22124.6')).toEqual([
      [55.5, -21.1],
      [-4.5, 48.4],
      [-4.6, 48.4],
    ]);
  });
});

// A place in Longjumeau, in every way in which a feed may name it.
const WAYS: [string, string][] = [
  ['georss:point', '<georss:point xmlns:georss="http://www.georss.org/georss">48.69364, 2.29371</georss:point>'],
  [
    'georss:point of an older GeoRSS',
    '<georss:point xmlns:georss="http://www.georss.org/georss/10">48.69364 2.29371</georss:point>',
  ],
  [
    'georss:line',
    '<georss:line xmlns:georss="http://www.georss.org/georss">48.6936 2.2937 48.6940 2.2940</georss:line>',
  ],
  [
    'georss:polygon',
    '<georss:polygon xmlns:georss="http://www.georss.org/georss">48.6936 2.2937 48.6940 2.2937 48.6940 2.2940 48.6936 2.2937</georss:polygon>',
  ],
  ['georss:box', '<georss:box xmlns:georss="http://www.georss.org/georss">48.6936 2.2937 48.6940 2.2940</georss:box>'],
  ['georss:circle', '<georss:circle xmlns:georss="http://www.georss.org/georss">48.6936 2.2937 50</georss:circle>'],
  [
    'gml:Point in georss:where',
    '<georss:where xmlns:georss="http://www.georss.org/georss"><gml:Point xmlns:gml="http://www.opengis.net/gml"><gml:pos>48.6936 2.2937</gml:pos></gml:Point></georss:where>',
  ],
  [
    'gml:Polygon',
    '<where xmlns="http://www.georss.org/georss"><Polygon xmlns="http://www.opengis.net/gml/3.2"><exterior><LinearRing><pos>48.6936 2.2937</pos><pos>48.6940 2.2937</pos><pos>48.6940 2.2940</pos></LinearRing></exterior><interior><LinearRing><posList>1 1 1 2 2 2 1 1</posList></LinearRing></interior></Polygon></where>',
  ],
  [
    'gml:Envelope',
    '<where xmlns="http://www.georss.org/georss"><Envelope xmlns="http://www.opengis.net/gml"><lowerCorner>48.6936 2.2937</lowerCorner><upperCorner>48.6940 2.2940</upperCorner></Envelope></where>',
  ],
  [
    'gml:LineString by itself',
    '<LineString xmlns="http://www.opengis.net/gml"><posList>48.6936 2.2937 48.6940 2.2940</posList></LineString>',
  ],
  [
    'gml:CircleByCenterPoint',
    '<where xmlns="http://www.georss.org/georss"><CircleByCenterPoint xmlns="http://www.opengis.net/gml"><pos>48.6936 2.2937</pos><radius uom="km">0.05</radius></CircleByCenterPoint></where>',
  ],
  [
    'gml:Curve',
    '<where xmlns="http://www.georss.org/georss"><Curve xmlns="http://www.opengis.net/gml"><segments><LineStringSegment><posList>48.6936 2.2937 48.6940 2.2940</posList></LineStringSegment></segments></Curve></where>',
  ],
  ['georss:Point', '<georss:Point xmlns:georss="http://www.georss.org/georss">48.6936 2.2937</georss:Point>'],
  [
    'georss:multipoint',
    '<georss:multipoint xmlns:georss="http://www.georss.org/georss">48.6936 2.2937 48.6940 2.2940</georss:multipoint>',
  ],
  [
    'georss:featurename',
    '<georss:featurename xmlns:georss="http://www.georss.org/georss">Longjumeau</georss:featurename>',
  ],
  ['kml:Point', '<Point xmlns="http://www.opengis.net/kml/2.2"><coordinates>2.29371,48.69364,0</coordinates></Point>'],
  [
    'attributes of geo:Point',
    '<geo:Point xmlns:geo="http://www.w3.org/2003/01/geo/wgs84_pos#" geo:lat="48.69364" geo:long="2.29371"/>',
  ],
  [
    'geo:lat_long',
    '<geo:lat_long xmlns:geo="http://www.w3.org/2003/01/geo/wgs84_pos#">48.69364,2.29371</geo:lat_long>',
  ],
  [
    'cap:area in cap:info',
    '<cap:info xmlns:cap="urn:oasis:names:tc:emergency:cap:1.2"><cap:area><cap:areaDesc>ici</cap:areaDesc><cap:polygon>48.6936,2.2937 48.6940,2.2937 48.6940,2.2940</cap:polygon></cap:area></cap:info>',
  ],
  [
    'geo:lat and geo:long',
    '<geo:lat xmlns:geo="http://www.w3.org/2003/01/geo/wgs84_pos#">48.69364</geo:lat><geo:long xmlns:geo="http://www.w3.org/2003/01/geo/wgs84_pos#">2.29371</geo:long>',
  ],
  [
    'geo:Point',
    '<geo:Point xmlns:geo="http://www.w3.org/2003/01/geo/wgs84_pos#"><geo:lat>48,69364</geo:lat><geo:long>2,29371</geo:long></geo:Point>',
  ],
  [
    'cap:polygon',
    '<cap:polygon xmlns:cap="urn:oasis:names:tc:emergency:cap:1.1">48.6936,2.2937 48.6940,2.2937 48.6940,2.2940 48.6936,2.2937</cap:polygon>',
  ],
  ['cap:circle', '<cap:circle xmlns:cap="urn:oasis:names:tc:emergency:cap:1.2">48.6936,2.2937 0.05</cap:circle>'],
  [
    'cap:geocode',
    '<cap:geocode xmlns:cap="urn:oasis:names:tc:emergency:cap:1.2"><valueName>INSEE</valueName><value>91345</value></cap:geocode>',
  ],
  [
    'cap:geocode of several pairs',
    '<cap:geocode xmlns:cap="urn:oasis:names:tc:emergency:cap:1.2"><valueName>X</valueName><value>1</value><valueName>INSEE</valueName><value>91345</value></cap:geocode>',
  ],
  ['cap:areaDesc', '<cap:areaDesc xmlns:cap="urn:oasis:names:tc:emergency:cap:1.1">Longjumeau</cap:areaDesc>'],
  [
    'cap:area',
    '<cap:area xmlns:cap="urn:oasis:names:tc:emergency:cap:1.2"><cap:areaDesc>ici</cap:areaDesc><cap:polygon>48.6936,2.2937 48.6940,2.2937 48.6940,2.2940</cap:polygon></cap:area>',
  ],
];
const rss = (inside: string) =>
  `<rss><channel><title>F</title><item><title>Crue</title>${inside}</item></channel></rss>`;
const atom = (inside: string) =>
  `<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><entry><id>e</id><title>Crue</title>${inside}</entry></feed>`;

describe.each([
  ['RSS', rss],
  ['Atom', atom],
])('an item of %s', (_format, feed) => {
  it.each(WAYS)('has its place by %s', (_way, element) => {
    const { items, faults } = read(feed(element));
    expect(faults).toEqual([]);
    const [item] = items;
    expect(item && matchOf(item, { keywords: [], communes: ['91345'] }, territory)).toEqual({ commune: '91345' });
    expect(item && matchOf(item, { keywords: [], communes: ['91223'] }, territory)).toBeNull();
  });

  it.each(
    WAYS.filter(([way]) => !/geocode|areaDesc|cap:area$|featurename/.test(way)).map(
      ([way, element]): [string, string] => [way, element.replace(/(?<=[>"])[\d., ]+(?=[<"])/g, 'ici')],
    ),
  )('tells that it can read no shape in %s', (_way, element) => {
    const { items, faults } = read(feed(element));
    expect(items).toHaveLength(1);
    expect(faults.join()).toContain('forme illisible');
  });

  it.each(['<georss:point/>', '<georss:where/>', '<geo:lat>48.69</geo:lat>', '<cap:polygon>48.69,2.29</cap:polygon>'])(
    'tells that nothing is in %s',
    (element) => {
      expect(read(feed(element)).faults.join()).toContain('forme illisible');
    },
  );
});

describe('a CAP area', () => {
  const cap = (area: string) =>
    read(`<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>A1</identifier><sender>a@b.example</sender>
      <sent>2016-06-01T10:00:00+02:00</sent><status>Actual</status><info><event>Crue</event><area>
      <areaDesc>ici</areaDesc>${area}</area></info></alert>`);

  it.each([
    ['48.69,2.29 5', 5000],
    ['48.69, 2.29 5', 5000],
    ['48.69 2.29 5', 5000],
    ['(48.69,2.29) 5', 5000],
    ['48.69,2.29,5', 5000],
    ['48.69,2.29,0 5', 5000],
    ['48.69,2.29 0.5 km', 500],
    ['48.69,2.29 500 m', 500],
    ['2.29,48.69 5', 5000],
    ['48.69,2.29 0', 0],
  ])('reads the circle %j', (circle, radius) => {
    const { items, faults } = cap(`<circle>${circle}</circle>`);
    expect(faults).toEqual([]);
    expect(items[0]?.cap?.infos[0]?.areas[0]?.circles).toEqual([{ lon: 2.29, lat: 48.69, radius }]);
  });

  it.each([
    '<polygon>48.69,2.29 48.7</polygon>',
    '<polygon>48.69,2.29 48.69,2.291</polygon>',
    '<polygon/>',
    '<polygon>Longjumeau</polygon>',
    '<circle>48.69,2.29</circle>',
    '<circle>5</circle>',
    '<circle>48.69,2.29 cinq</circle>',
    '<polygon>148.69,2.29 148.69,2.291 148.7,2.3 148.69,2.29</polygon>',
  ])('tells that %s holds no shape', (shape) => {
    const { items, faults } = cap(shape);
    expect(items).toHaveLength(1);
    expect(faults.join()).toContain('forme illisible');
  });
});
