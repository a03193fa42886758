import type { EntityManager } from '@mikro-orm/postgresql';
import { HubError } from '../../errors.ts';
import type { PublicationKind } from '../../publications/vocabulary.ts';
import { reportStates } from '../../reports/report.queries.ts';
import type { RevisionRow } from '../dossier/revision.entity.ts';
import { findingsOf } from './lint.rules.ts';

/**
 * Throws NOT_LINTED, with every finding, while one of them is of level ERROR. The reports that the content rests on stay as
 * they are until the caller's transaction ends.
 */
export async function demandLinted(
  em: EntityManager,
  kind: PublicationKind,
  { content }: Pick<RevisionRow, 'content'>,
  now: Date,
): Promise<void> {
  const states = await reportStates(em, content.reportIds, now, true);
  const findings = findingsOf(kind, content, states, now);
  const errors = findings.filter(({ level }) => level === 'ERROR');
  if (errors.length > 0)
    throw new HubError('NOT_LINTED', errors.map(({ path, message }) => `${path}: ${message}`).join(' '), { findings });
}
