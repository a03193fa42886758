import { isDepartement, plainCode } from '../territory/departement-codes.ts';
import { plainName } from '../territory/search.ts';
import type { Commune, Territory } from '../territory/territory.ts';
import type { WatchedArea } from './reading/watched-area.ts';
import type { WatchedItem } from './reading/watched-item.ts';

/** The items that a watcher wants: nothing named means everything. */
export interface Wanted {
  keywords: readonly string[];
  /** INSEE codes. */
  communes: readonly string[];
}

export interface Match {
  /** The one commune that the item is about, if there is just one. */
  commune: string | null;
}

/** What finds communes by code, by place and by name. */
export type CommuneFinder = Pick<Territory, 'communes' | 'byCode' | 'communeAt' | 'communesTouching' | 'communesNear'>;

/**
 * Whether an item is wanted: one of the keywords stands in its words (whatever accents, case and plural; `inond*` stands
 * for every word that begins so), and one of the communes is named in them or touched by its area. Null where it is not.
 */
export function matchOf(item: WatchedItem, { keywords, communes }: Wanted, territory: CommuneFinder): Match | null {
  const words = plainName(wordsOf(item));
  if (keywords.length > 0 && !keywords.some((keyword) => patternOf(keyword).test(words))) return null;
  const wanted = communes.length > 0 ? communes.flatMap((code) => territory.byCode(code) ?? []) : null;
  const placed = new Set([...placesOf(item, territory), ...communesNamed(words, territory.communes)]);
  const meant = wanted ? wanted.filter((commune) => placed.has(commune)) : [...placed];
  if (wanted && meant.length === 0) return null;
  return { commune: meant.length === 1 ? (meant[0]?.code ?? null) : null };
}

const wordsOf = ({ title, summary, places, cap }: WatchedItem): string =>
  [
    title,
    summary,
    ...places.map(({ description }) => description),
    ...(cap?.infos ?? []).flatMap((info) => [
      info.event,
      info.headline,
      info.description,
      ...info.areas.map(({ description }) => description),
    ]),
  ].join('\n');

/** A keyword as plainName leaves words: letters, digits and single spaces, so nothing needs escaping. */
function patternOf(keyword: string): RegExp {
  const plain = plainName(keyword);
  return new RegExp(`\\b${plain}${keyword.trim().endsWith('*') ? '' : '(s|x|e|es)?\\b'}`);
}

/** Communes named in a text, longest names first: a text about Saint-Germain-lès-Arpajon does not mean Arpajon. */
function communesNamed(words: string, communes: readonly Commune[]): Commune[] {
  const names = communes.map((commune) => ({ commune, name: plainName(commune.name) }));
  let rest = ` ${words} `;
  return names
    .sort((a, b) => b.name.length - a.name.length)
    .filter(({ name }) => {
      const there = rest.includes(` ${name} `);
      if (there) rest = rest.replaceAll(` ${name} `, ' | ');
      return there;
    })
    .map(({ commune }) => commune);
}

function placesOf({ point, places, cap }: WatchedItem, territory: CommuneFinder): Commune[] {
  const there = point && territory.communeAt(point);
  const areas = [...places, ...(cap?.infos ?? []).flatMap((info) => info.areas)];
  return [...(there ? [there] : []), ...areas.flatMap((area) => communesOfArea(area, territory))];
}

/**
 * The communes that an area touches or names by their INSEE codes; some may stand there twice. A code of the Département
 * means all of it, unless the area has shapes or communes: those are finer, and the code says only in which territory they lie.
 */
export function communesOfArea({ geometries, circles, geocodes }: WatchedArea, territory: CommuneFinder): Commune[] {
  const codes = geocodes.flatMap(codesIn);
  const communes = codes.filter(({ name }) => INSEE.has(plainCode(name)));
  const isCoarse = geometries.length + circles.length + communes.length === 0;
  if (isCoarse && codes.some(({ name, value }) => isDepartement(name, value))) return [...territory.communes];
  return [
    ...geometries.flatMap((shape) => territory.communesTouching(shape)),
    ...circles.flatMap((circle) => territory.communesNear(circle, circle.radius)),
    ...communes.flatMap(({ value }) => territory.byCode(value) ?? []),
  ];
}

/** The names that publishers give to the list of communes by INSEE. */
const INSEE = new Set(['INSEE', 'INSEE_COM', 'INSEE_COMMUNE', 'CODE_INSEE']);

/** The codes in one value, which may hold several. */
const codesIn = ({ name, value }: WatchedArea['geocodes'][number]) =>
  value.split(/[\s,;|/+]+/).flatMap((one) => (one === '' ? [] : [{ name, value: one }]));
