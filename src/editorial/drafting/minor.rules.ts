import { type FieldFault, invalidInput } from '../../errors.ts';
import type { Content } from '../../publications/content/content.ts';
import { kindOf } from '../../publications/kinds.ts';
import type { PublicationKind } from '../../publications/vocabulary.ts';

/** Where the words of every kind stand in its content. */
const SHARED_PROSE = ['texts.*.headline', 'texts.*.description', 'texts.*.instruction', 'areas.*.description'];

/** The desk and the hub keep these to themselves: the public is told nothing by them. */
const UNSEEN = /^(?:reportIds(?:\.|$)|texts\.\*\.sourceHash$|evidence\.\*\.independenceGroup$)/;

/**
 * Refuses a minor revision that changes more than words: a place, a time, how grave it is, a language that comes or goes, a
 * number within a sentence. All of these are news, of which people must hear. INVALID_INPUT names every such field.
 */
export function demandMinor(kind: PublicationKind, live: Content, content: Content): void {
  const { prose, inputNames } = kindOf(kind);
  const words: Words = { prose: [...SHARED_PROSE, ...prose], inputNames: new Map(Object.entries(inputNames ?? {})) };
  const faults = differences(live, content, []).flatMap((difference) => faultsOf(difference, words));
  if (faults.length > 0) throw invalidInput(faults);
}

/** How a kind names its words and its fields. */
interface Words {
  prose: readonly string[];
  inputNames: ReadonlyMap<string, string>;
}

interface Difference {
  path: readonly string[];
  before: unknown;
  after: unknown;
}

/** Where two values differ, as deep down as both have the same shape. A content from before a field existed has null there. */
function differences(before: unknown, after: unknown, path: readonly string[]): Difference[] {
  if (before === after) return [];
  if (!isComposite(before) || !isComposite(after) || !haveSameShape(before, after)) return [{ path, before, after }];
  const [earlier, later] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  return [...new Set([...earlier.keys(), ...later.keys()])].flatMap((name) =>
    differences(earlier.get(name) ?? null, later.get(name) ?? null, [...path, name]),
  );
}

const isComposite = (value: unknown): value is object => typeof value === 'object' && value !== null;

const haveSameShape = (before: object, after: object): boolean =>
  Array.isArray(before) && Array.isArray(after)
    ? before.length === after.length
    : Array.isArray(before) === Array.isArray(after);

function faultsOf({ path, before, after }: Difference, { prose, inputNames }: Words): FieldFault[] {
  const place = path.map((name) => (/^\d+$/.test(name) ? '*' : name)).join('.');
  if (UNSEEN.test(place)) return [];
  const [first = '', ...rest] = path;
  const field = ['input', inputNames.get(first) ?? first, ...rest].join('.');
  if (!prose.includes(place) || typeof before !== 'string' || typeof after !== 'string')
    return [{ path: field, message: 'must stay as it is public: a minor revision changes words alone' }];
  if (numbersIn(before) !== numbersIn(after))
    return [{ path: field, message: 'must keep its numbers: another number is news, not a typo' }];
  return [];
}

/** The digits of a text, in their order, however they are parted. */
const numbersIn = (text: string): string => text.normalize('NFKC').replace(/\D+/g, '');
