import { HubError } from '../../errors.ts';
import { LIMITS } from '../limits.ts';

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const [OPENS_LIST, CLOSES_LIST, OPENS_OBJECT, CLOSES_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Refuses JSON whose lists and objects stand in one another too deep, before it is parsed: all that reads it afterwards goes
 * down to its end. Anything else that is wrong with it is found by the parser. Throws BAD_REQUEST.
 */
export function demandShallow(json: string): void {
  if (!isDeep(json, LIMITS.nesting)) return;
  const limit = { name: 'nesting', weight: LIMITS.nesting + 1, most: LIMITS.nesting };
  throw new HubError('BAD_REQUEST', `JSON may hold lists and objects at most ${limit.most} levels deep`, { limit });
}

/** Whether lists and objects stand more than so many levels deep. */
export function isDeep(json: string, most: number): boolean {
  let depth = 0;
  for (let at = 0; at < json.length; at += 1) {
    const sign = json.charCodeAt(at);
    if (sign === QUOTE) at = endOfText(json, at);
    else if (sign === OPENS_LIST || sign === OPENS_OBJECT) {
      depth += 1;
      if (depth > most) return true;
    } else if (sign === CLOSES_LIST || sign === CLOSES_OBJECT) depth -= 1;
  }
  return false;
}

/** Where the quote stands that ends a text; the end of the JSON where none does. */
function endOfText(json: string, start: number): number {
  let end = json.indexOf('"', start + 1);
  while (end > 0 && isEscaped(json, end)) end = json.indexOf('"', end + 1);
  return end < 0 ? json.length : end;
}

function isEscaped(json: string, quote: number): boolean {
  let first = quote;
  while (json.charCodeAt(first - 1) === BACKSLASH) first -= 1;
  return (quote - first) % 2 === 1;
}
