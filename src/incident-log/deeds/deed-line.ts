import type { DoneDeed } from '../../office/audit.commands.ts';
import type { NewLine } from '../log-line.commands.ts';

/** A line about a deed, as far as the deed itself does not say it. */
type About = Pick<NewLine, 'incident'> &
  Partial<Pick<NewLine, 'dossier' | 'report' | 'communes' | 'important'>> & { text: string };

/** The line about a deed: by whom it was done, at the hour of the deed. */
export const lineOn = ({ entry, at, actor }: DoneDeed, { text, ...about }: About): NewLine => ({
  kind: 'DEED',
  happenedAt: at,
  writtenAt: at,
  by: actor,
  important: false,
  audience: 'CELL',
  corrects: null,
  dossier: null,
  report: null,
  communes: [],
  entry,
  words: { means: null, sender: null, recipient: null, text },
  ...about,
});
