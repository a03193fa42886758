import type { EntityManager } from '@mikro-orm/postgresql';
import { HubError } from '../../errors.ts';
import { reportStates } from '../../reports/report.queries.ts';
import type { Leaving } from '../publishing/prepare.commands.ts';
import { findingsOf } from './lint.rules.ts';

/**
 * Throws NOT_LINTED, with every finding, while one of them is of level ERROR. The reports that the content rests on stay as
 * they are until the caller's transaction ends.
 */
export async function demandLinted(
  em: EntityManager,
  { dossier, revision: { content }, confirmed }: Pick<Leaving, 'dossier' | 'revision' | 'confirmed'>,
  now: Date,
): Promise<void> {
  const states = await reportStates(em, content.reportIds, now, true);
  const findings = findingsOf(dossier.kind, content, { states, confirmed }, now);
  const errors = findings.filter(({ level }) => level === 'ERROR');
  if (errors.length > 0)
    throw new HubError('NOT_LINTED', errors.map(({ path, message }) => `${path}: ${message}`).join(' '), { findings });
}
