import type { EntityManager } from '@mikro-orm/postgresql';
import { HubError } from '../../errors.ts';
import { type LintFinding, lintShared } from '../../publications/content/lint.rules.ts';
import { kindOf } from '../../publications/kinds.ts';
import type { PublicationKind } from '../../publications/vocabulary.ts';
import type { RevisionRow } from '../dossier/revision.entity.ts';
import { reportFindings } from '../dossier-reports/dossier-report.queries.ts';

type Linted = Pick<RevisionRow, 'content'>;

/**
 * All findings on a revision's content: shared rules first, then the kind's, then what it rests on. `hold` keeps the
 * reports it rests on as they are until the caller's transaction ends.
 */
export async function findingsOf(
  em: EntityManager,
  kind: PublicationKind,
  { content }: Linted,
  now: Date,
  hold = false,
): Promise<LintFinding[]> {
  const written = [...lintShared(content), ...kindOf(kind).lint(content, now)];
  return [...written, ...(await reportFindings(em, content.reportIds, now, hold))];
}

/** An urgent publication whose second signature is overdue (I-01): shown on the desk, never taken back by itself. */
export const signatureFindings = ({ cosignDueAt }: { cosignDueAt?: Date | null }, now: Date): LintFinding[] =>
  cosignDueAt && cosignDueAt <= now
    ? [
        {
          rule: 'I-01',
          level: 'WARNING',
          path: '',
          message: 'Publication urgente : la contresignature d’un second valideur est en retard.',
        },
      ]
    : [];

/** Throws NOT_LINTED, with every finding, while one of them is of level ERROR. Inside the caller's transaction. */
export async function demandLinted(
  em: EntityManager,
  kind: PublicationKind,
  revision: Linted,
  now: Date,
): Promise<void> {
  const findings = await findingsOf(em, kind, revision, now, true);
  const errors = findings.filter(({ level }) => level === 'ERROR');
  if (errors.length > 0)
    throw new HubError('NOT_LINTED', errors.map(({ path, message }) => `${path}: ${message}`).join(' '), { findings });
}
