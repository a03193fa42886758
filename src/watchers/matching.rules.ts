import { plainName } from '../territory/commune-names.ts';
import { isDepartement, isOfCommunes, isOfKnownList } from '../territory/departement-codes.ts';
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
export type CommuneFinder = Pick<
  Territory,
  'communes' | 'byCode' | 'communeAt' | 'communesTouching' | 'communesNear' | 'communesNamed'
>;

/**
 * Whether an item is wanted: one of the keywords stands in its words (whatever accents, case and plural; `inond*` stands
 * for every word that begins so), and one of the communes is named in them or touched by its area. Null where it is not.
 */
export function matchOf(item: WatchedItem, { keywords, communes }: Wanted, territory: CommuneFinder): Match | null {
  const text = wordsOf(item);
  const words = plainName(text);
  if (keywords.length > 0 && !keywords.some((keyword) => patternOf(keyword).test(words))) return null;
  const wanted = communes.length > 0 ? communes.flatMap((code) => territory.byCode(code) ?? []) : null;
  const placed = new Set([...placesOf(item, territory), ...territory.communesNamed(text)]);
  const meant = wanted ? wanted.filter((commune) => placed.has(commune)) : [...placed];
  if (wanted && meant.length === 0) return null;
  return { commune: meant.length === 1 ? (meant[0]?.code ?? null) : null };
}

/** Characters of an item that are searched: a message may have a million, and the search of those takes a second. */
const MOST_SEARCHED = 50_000;

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
  ]
    .join('\n')
    .slice(0, MOST_SEARCHED);

/** A keyword as plainName leaves words: letters, digits and single spaces, so nothing needs escaping. */
function patternOf(keyword: string): RegExp {
  const plain = plainName(keyword);
  return new RegExp(`\\b${plain}${keyword.trim().endsWith('*') ? '' : '(s|x|e|es)?\\b'}`);
}

function placesOf({ point, places, cap }: WatchedItem, territory: CommuneFinder): Commune[] {
  const there = point && territory.communeAt(point);
  const areas = [...places, ...(cap?.infos ?? []).flatMap((info) => info.areas)];
  return [...(there ? [there] : []), ...areas.flatMap((area) => communesOfArea(area, territory))];
}

/**
 * The communes that an area touches or names by their INSEE codes, and by its words where it has nothing else; some may stand
 * there twice. A code of the Département means all of it, unless the area has shapes or communes: those are finer, and the
 * code says only in which territory they lie.
 */
export function communesOfArea(
  { description, geometries, circles, geocodes }: WatchedArea,
  territory: CommuneFinder,
): Commune[] {
  const codes = geocodes.flatMap(codesIn);
  const communes = codes.filter(({ name }) => isOfCommunes(name));
  if (geometries.length + circles.length + communes.length === 0) {
    const isWhole = codes.some(({ name, value }) => isDepartement(name, value)) || WHOLE.test(plainName(description));
    if (isWhole) return [...territory.communes];
    return codes.some(({ name }) => isOfKnownList(name)) ? [] : territory.communesNamed(description);
  }
  return [
    ...geometries.flatMap((shape) => territory.communesTouching(shape)),
    ...circles.flatMap((circle) => territory.communesNear(circle, circle.radius)),
    ...communes.flatMap(({ value }) => territory.byCode(value.replace(/^FR[-_]?(?=\d)/i, '')) ?? []),
  ];
}

/** The Département by its name alone. */
const WHOLE = /^(?:departement (?:de )?(?:l )?)?essonne(?: 91)?$/;

/** The codes in one value, which may hold several. */
const codesIn = ({ name, value }: WatchedArea['geocodes'][number]) =>
  value.split(/[\s,;|/+]+|(?<=\d)-(?=\d)/).flatMap((one) => (one === '' ? [] : [{ name, value: one }]));
