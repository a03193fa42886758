import { isJsonObject } from './asked.rules.ts';
import { WORD_OF } from './words.ts';

const NAMES: Readonly<Record<string, string>> = {
  activeAt: 'en vigueur le',
  box: 'cadre',
  communes: 'communes',
  hazards: 'aléas',
  incidents: 'incidents',
  kinds: 'genres',
  modes: 'modes',
  near: 'autour de',
  publications: 'publications',
  search: 'mots',
  severityAtLeast: 'gravité au moins',
  states: 'états',
  updatedAfter: 'modifiées après le',
};

const LONGEST = 1_000;

/** A filter in the words of staff: `états : Nouveau, Confirmé ; mots : « eau »`. It is cut after 1,000 signs. */
export function filterWords(filter: Readonly<Record<string, unknown>>): string {
  const parts = partsOf(filter);
  const said = parts.length === 0 ? 'aucun' : parts.join(' ; ');
  return said.length <= LONGEST ? said : `${said.slice(0, LONGEST)}…`;
}

function partsOf(filter: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(filter).flatMap(([name, value]): string[] => {
    if (value === null || value === undefined) return [];
    // Of `where` the parts say more than its name.
    if (name === 'where' && isJsonObject(value)) return partsOf(value);
    return [`${NAMES[name] ?? name} : ${name === 'search' ? `« ${value} »` : say(value)}`];
  });
}

function say(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'aucun' : value.map(say).join(', ');
  if (isJsonObject(value))
    return Object.entries(value)
      .map(([name, part]) => `${name} ${say(part)}`)
      .join(', ');
  const text = String(value);
  return Object.hasOwn(WORD_OF, text) ? WORD_OF[text as keyof typeof WORD_OF] : text;
}
