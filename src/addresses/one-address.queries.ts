import type { Actor } from '../access/actor.ts';
import { invalidInput } from '../errors.ts';
import { type AddressSources, searchAddresses } from './address.queries.ts';
import type { AddressView } from './address-view.rules.ts';
import { wordsOfName } from './street-words.rules.ts';

const MOST_NAMED = 3;

/**
 * The one address that somebody means, as `addresses` labels it or in words that fit no other. INVALID_INPUT at `path` where none does, where
 * its number is not there, or where several do; the message names those.
 */
export async function oneAddress(
  sources: AddressSources,
  actor: Actor | null,
  text: string,
  path: string,
): Promise<AddressView> {
  const { nodes, loadedAt } = await searchAddresses(
    sources,
    actor,
    { search: text, near: null, first: MOST_NAMED },
    path,
  );
  const there = nodes.filter(({ approximate }) => !approximate);
  const typed = wordsOfName(text).join(' ');
  const labelled = there.filter(({ label }) => wordsOfName(label).join(' ') === typed);
  const [found, ...others] = labelled.length > 0 ? labelled : there;
  if (found && others.length === 0) return found;
  const labels = (found ? [found, ...others] : nodes).map(({ label }) => label).join('; ');
  if (labels !== '')
    throw fault(path, found ? `may be one of several: ${labels}` : `is not there; nearest to it: ${labels}`);
  throw fault(path, loadedAt === null ? 'cannot be found: no addresses are loaded' : 'is no address of the Essonne');
}

const fault = (path: string, message: string) => invalidInput([{ path, message }]);
