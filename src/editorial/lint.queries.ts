import { HubError } from '../errors.ts';
import { kindOf } from '../publications/kinds.ts';
import { type LintFinding, lintShared } from '../publications/lint.rules.ts';
import type { PublicationKind } from '../publications/vocabulary.ts';
import type { RevisionRow } from './revision.entity.ts';

/** All findings on a revision's content, shared rules first. */
export function findingsOf(kind: PublicationKind, revision: Pick<RevisionRow, 'content'>, now: Date): LintFinding[] {
  return [...lintShared(revision.content), ...kindOf(kind).lint(revision.content, now)];
}

/** Throws NOT_LINTED, with every finding, while one of them is of level ERROR. */
export function demandLinted(kind: PublicationKind, revision: Pick<RevisionRow, 'content'>, now: Date): void {
  const findings = findingsOf(kind, revision, now);
  const errors = findings.filter(({ level }) => level === 'ERROR');
  if (errors.length > 0)
    throw new HubError('NOT_LINTED', errors.map(({ path, message }) => `${path}: ${message}`).join(' '), { findings });
}
