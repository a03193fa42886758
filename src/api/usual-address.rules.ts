import { UUID_PATTERN } from '../uuid.ts';

/** Nobody mistypes a longer one. */
const LONGEST = 2_000;
/** The stroke that people add, and signs of the sentence in which an address stood. */
const BEHIND = /[/.,;:!)\]]+$/;
/** Segments that begin with a letter, a digit or `_`: `//elsewhere` would lead a browser to another site. */
const PLAIN = /^(?:\/\w[\w.-]*)+$/;
const ID = new RegExp(UUID_PATTERN, 'gi');

/**
 * The address that is meant by one where nothing is: without what stands behind it, ids in small letters, the query as it came.
 * Undefined where nothing is to be mended, or nothing would be there either.
 */
export function usualAddress(url: string, isThere: (path: string) => boolean): string | undefined {
  if (url.length > LONGEST) return undefined;
  const [path = ''] = url.split('?', 1);
  const usual = path.replace(BEHIND, '').replace(ID, (id) => id.toLowerCase());
  if (usual === path || !PLAIN.test(usual)) return undefined;
  return isThere(usual) || usual.search(ID) >= 0 ? usual + url.slice(path.length) : undefined;
}
