import { type ChangeMatch, readChangeFilter } from '../../board/filter/change-filter.rules.ts';
import { type FieldFault, invalidInput } from '../../errors.ts';
import { FRENCH, LANGUAGE_FAULT, readLanguageTag } from '../../publications/content/language.rules.ts';
import { KINDS, MODES, SEVERITIES } from '../../publications/vocabulary.ts';
import type { Territory } from '../../territory/territory.ts';

/** The filter that a reader of a feed asked for by `?commune=&severity=&kind=&language=&mode=`. */
export interface FeedFilter {
  /** Which documents. Kinds without a gravity pass every `severity`; exercises and tests pass only when asked for. */
  match: ChangeMatch;
  /** BCP 47 tag of the wished language. */
  language: string;
  /** The filter as a query, `?` included, in one spelling for all that mean the same; empty for none. */
  query: string;
}

export const FEED_PARAMETERS = ['commune', 'severity', 'kind', 'language', 'mode'] as const;
export type FeedParameter = (typeof FEED_PARAMETERS)[number];

/**
 * Reads the query of a feed. Lists are written `kind=ALERT,CLOSURE` or `kind=ALERT&kind=CLOSURE`; an empty value means none.
 * Throws INVALID_INPUT with a fault for each parameter that is unknown here or has an invalid value: a misspelt filter
 * would answer everything and look right.
 */
export function readFeedFilter(query: unknown, territory: Territory, allowed: readonly FeedParameter[]): FeedFilter {
  const given = new Map(Object.entries(query ?? {}).map(([name, value]) => [name, valuesOf(value)]));
  const listOf = (name: FeedParameter) => given.get(name) ?? [];
  const faults = [...strangers([...given.keys()], allowed), ...repeats(listOf)];
  const kinds = oneOf('kind', listOf('kind'), KINDS, faults);
  const modes = oneOf('mode', listOf('mode'), MODES, faults);
  const severities = oneOf('severity', listOf('severity'), SEVERITIES, faults);
  const communes = codesOf(listOf('commune'), territory, faults);
  const [written = FRENCH] = listOf('language');
  const read = readLanguageTag(written);
  if (!read) faults.push({ path: 'language', message: LANGUAGE_FAULT });
  const language = read ?? FRENCH;
  if (faults.length > 0) throw invalidInput(faults);
  const match = readChangeFilter(
    {
      kinds: kinds.length > 0 ? kinds : null,
      modes: modes.length > 0 ? modes : null,
      communes: communes.length > 0 ? communes : null,
      severityAtLeast: severities[0] ?? null,
    },
    territory,
  );
  const spelt = { commune: communes, severity: severities, kind: kinds, language: [language], mode: modes };
  return { match, language, query: spelling(spelt) };
}

const valuesOf = (value: unknown): string[] =>
  [value]
    .flat()
    .flatMap((text) => String(text).split(','))
    .map((text) => text.trim())
    .filter((text) => text !== '');

const strangers = (names: readonly string[], allowed: readonly FeedParameter[]): FieldFault[] =>
  names
    .filter((name) => !allowed.some((one) => one === name))
    .map((name) => ({
      path: name,
      message: `is no parameter of this address; ${allowed.length > 0 ? `there are ${allowed.join(', ')}` : 'it takes none'}`,
    }));

const repeats = (listOf: (name: FeedParameter) => readonly string[]): FieldFault[] =>
  (['severity', 'language'] as const)
    .filter((name) => listOf(name).length > 1)
    .map((path) => ({ path, message: 'may hold one value' }));

function oneOf<T extends string>(
  path: string,
  values: readonly string[],
  allowed: readonly T[],
  faults: FieldFault[],
): T[] {
  const wrong = values.find((value) => !allowed.some((one) => one === value.toUpperCase()));
  if (wrong !== undefined) faults.push({ path, message: `${JSON.stringify(wrong)} is none of ${allowed.join(', ')}` });
  return allowed.filter((one) => values.some((value) => value.toUpperCase() === one));
}

function codesOf(values: readonly string[], territory: Territory, faults: FieldFault[]): string[] {
  const codes = values.map((value) => territory.byCode(value)?.code);
  const wrong = codes.indexOf(undefined);
  if (wrong >= 0)
    faults.push({
      path: 'commune',
      message: `${JSON.stringify(values[wrong])} is not the INSEE code of a commune of the Essonne, of today or of the past`,
    });
  return [...new Set(codes.filter((code) => code !== undefined))].sort();
}

/** One spelling for every way to ask for the same; defaults are not written. */
function spelling(parts: Record<FeedParameter, readonly string[]>): string {
  const written = FEED_PARAMETERS.map((name) => [name, parts[name].map(encodeURIComponent).join(',')]).filter(
    ([name, value]) => value !== '' && !(name === 'language' && value === FRENCH),
  );
  return written.length === 0 ? '' : `?${written.map((pair) => pair.join('=')).join('&')}`;
}
