import { isJsonObject } from './asked.rules.ts';
import { WORD_OF } from './words.ts';

const NAMES: Readonly<Record<string, string>> = {
  activeAt: 'en vigueur le',
  audience: 'diffusion',
  box: 'cadre',
  communes: 'communes',
  from: 'depuis le',
  hazards: 'aléas',
  important: 'importantes',
  incident: 'incident',
  incidents: 'incidents',
  kinds: 'genres',
  modes: 'modes',
  near: 'autour de',
  organisations: 'organismes',
  publication: 'publication',
  publications: 'publications',
  search: 'mots',
  severityAtLeast: 'gravité au moins',
  states: 'états',
  to: 'avant le',
  updatedAfter: 'modifiées après le',
};

const LONGEST = 1_000;

/** The words of closed lists. */
type Words = Readonly<Record<string, string>>;

/** A filter in the words of staff: `états : Nouveau, Confirmé ; mots : « eau »`. It is cut after 1,000 signs. */
export function filterWords(filter: Readonly<Record<string, unknown>>, words: Words = WORD_OF): string {
  const parts = partsOf(filter, words);
  const said = parts.length === 0 ? 'aucun' : parts.join(' ; ');
  return said.length <= LONGEST ? said : `${said.slice(0, LONGEST)}…`;
}

function partsOf(filter: Readonly<Record<string, unknown>>, words: Words): string[] {
  return Object.entries(filter).flatMap(([name, value]): string[] => {
    if (value === null || value === undefined) return [];
    // Of `where` the parts say more than its name.
    if (name === 'where' && isJsonObject(value)) return partsOf(value, words);
    return [`${NAMES[name] ?? name} : ${name === 'search' ? `« ${value} »` : say(value, words)}`];
  });
}

function say(value: unknown, words: Words): string {
  if (Array.isArray(value)) return value.length === 0 ? 'aucun' : value.map((one) => say(one, words)).join(', ');
  if (isJsonObject(value))
    return Object.entries(value)
      .map(([name, part]) => `${name} ${say(part, words)}`)
      .join(', ');
  if (typeof value === 'boolean') return value ? 'oui' : 'non';
  const text = String(value);
  return Object.hasOwn(words, text) ? (words[text] ?? text) : text;
}
