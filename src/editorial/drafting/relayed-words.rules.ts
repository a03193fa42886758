import { invalidInput } from '../../errors.ts';
import { withClosedDirections } from '../../publications/content/text/visible-text.ts';
import type { RelayedText } from '../../watchers/relay.rules.ts';

/**
 * Reading trims and normalises the words that people type. Those of an authority stay as they were written (I-03), so the
 * texts that were read get them back. INVALID_INPUT for words that turn the page round: they cannot be shown, and none is changed.
 */
export function asWritten<T extends { language: string }>(read: readonly T[], written: readonly RelayedText[]): T[] {
  demandClosedDirections(written);
  return read.map((text) => ({ ...text, ...written.find(({ language }) => language === text.language) }));
}

function demandClosedDirections(texts: readonly RelayedText[]): void {
  for (const { language, headline, description, instruction } of texts)
    for (const words of [headline, description, instruction ?? ''])
      if (withClosedDirections(words) !== words)
        throw invalidInput([
          {
            path: 'reportId',
            message: `must be of a message that can be shown; its ${language} text opens a direction and leaves it open`,
          },
        ]);
}
