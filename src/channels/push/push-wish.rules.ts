import { readChangeFilter } from '../../board/filter/change-filter.rules.ts';
import type { ChangeFilter } from '../../board/filter/change-filter.types.ts';
import { type FieldFault, HubError, invalidInput } from '../../errors.ts';
import { FRENCH, LANGUAGE_FAULT, readLanguageTag } from '../../publications/content/language.rules.ts';
import type { Mode, PublicationKind } from '../../publications/vocabulary.ts';
import type { Territory } from '../../territory/territory.ts';

/** The wish of an app, as it is kept. */
export interface PushWish {
  keyId: string;
  /** Null: every kind. */
  kinds: PublicationKind[] | null;
  /** Null: everywhere. */
  communes: string[] | null;
  least: number;
  modes: Mode[];
  language: string;
}

export interface AskedPush {
  key: string;
  where: ChangeFilter;
  language?: string | null;
}

const MOST_COMMUNES = 20;
/** Publications, incidents and hazards come and go, and a subscription stays. */
const NOT_FOR_PUSH = ['publications', 'incidents', 'hazards'] as const;

/** Reads what an app asks for. INVALID_INPUT names every faulty field. `keys`: those of the hub. */
export function readPushWish(
  { key, where, language }: AskedPush,
  keys: readonly string[],
  territory: Territory,
): PushWish {
  const faults: FieldFault[] = [];
  const tag = readLanguageTag(language ?? FRENCH);
  if (tag === undefined || tag.length > MOST_TAG) faults.push({ path: 'input.language', message: LANGUAGE_FAULT });
  if (!keys.includes(key))
    faults.push({
      path: 'input.key',
      message: 'must be the key that you subscribed with: ask for pushKey, and subscribe anew',
    });
  for (const field of NOT_FOR_PUSH)
    if (where[field])
      faults.push({ path: `input.where.${field}`, message: 'is not for push, which stays while these go' });
  if ((where.communes?.length ?? 0) > MOST_COMMUNES)
    faults.push({ path: 'input.where.communes', message: `must hold at most ${MOST_COMMUNES} communes` });
  if (faults.length > 0 || tag === undefined) throw invalidInput(faults);
  const { communes, modes, least } = readWhere(where, territory);
  return {
    keyId: key,
    kinds: where.kinds ? [...new Set(where.kinds)] : null,
    communes: communes ? [...communes] : null,
    least,
    modes: [...modes],
    language: tag,
  };
}

const MOST_TAG = 60;

/** The same as the filter of changes, whose faults stand one level deeper here. */
function readWhere(where: ChangeFilter, territory: Territory) {
  try {
    return readChangeFilter(where, territory);
  } catch (error) {
    const fields = error instanceof HubError ? error.facts.fields : undefined;
    throw fields ? invalidInput(fields.map(({ path, message }) => ({ path: `input.${path}`, message }))) : error;
  }
}
