import type { z } from 'zod';
import type { FieldFault } from '../errors.ts';
import type { Territory } from '../territory/territory.ts';
import type { Content } from './content/content.ts';
import type { LintFinding } from './content/lint.rules.ts';
import type { PublicationKind, Severity } from './vocabulary.ts';

/** The moments between which a publication is in force; null where it is open on that side. RFC 3339. */
export interface Window {
  startsAt: string | null;
  endsAt: string | null;
}

/**
 * What one kind of publication adds to the shared dossier, revision, journal and board. A new kind is one folder that
 * exports one of these, and one line in `kinds.ts`.
 */
export interface Kind<C extends Content = Content> {
  name: PublicationKind;
  /** Reads an input's fields; its output is canonical content. */
  schema: z.ZodType<C>;
  /** What a schema cannot say, because it needs the territory or two fields at once. Paths start at the content. */
  faults(content: C, territory: Territory): FieldFault[];
  /** Fills in what follows from the rest (a closure's area from its path). Runs before `faults` of places. */
  settle(content: C, territory: Territory): C;
  window(content: C): Window;
  severity(content: C): Severity | null;
  /** Findings of this kind's own rules; the shared ones are in lint.rules.ts. */
  lint(content: C, now: Date): LintFinding[];
  /** Whether `after` is graver than `before`, so that an app should sound again. */
  graver(before: C, after: C): boolean;
  /** The content without what only the desk may know. */
  published(content: C): Omit<C, 'reportIds'>;
}

/**
 * A kind whose content type only its own folder knows. The members above are methods, so that TypeScript lets every kind
 * stand for it; safe because `readContent` picks kind and content together.
 */
export type AnyKind = Kind<Content>;

export const withoutReports = <C extends Content>({ reportIds: _desk, ...content }: C): Omit<C, 'reportIds'> => content;
