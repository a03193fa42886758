import { errorCodeOf, HubError } from '../errors.ts';

/** The errors that PostgreSQL's triggers raise (see the migrations): each refuses what a permission should have refused. */
const GUARDS: ReadonlySet<string> = new Set(['TOC01', 'TOC02', 'TOC03']);

/** FORBIDDEN where a trigger of ours refused; every other error as it is. */
export function fromGuard(error: unknown): unknown {
  for (let at = error; at instanceof Error; at = at.cause)
    if (GUARDS.has(errorCodeOf(at))) return new HubError('FORBIDDEN', at.message);
  return error;
}
