import { demand } from '../access/permissions.rules.ts';
import { sqlIn } from '../database/sql-in.ts';
import { invalidInput, readInput } from '../errors.ts';
import { notFound } from '../office/lock.queries.ts';
import type { UnitOfWork } from '../office/unit-of-work.ts';
import { marksIn, masking } from '../reports/personal/personal.rules.ts';
import { namesOfPeople } from '../reports/read-report.ts';
import { isUuid } from '../uuid.ts';
import type { LineWords } from './log-line.rules.ts';

/**
 * Takes people out of the words of a line for good: the names given, and the numbers and addresses that can be recognised
 * (I-15). Nothing is kept apart; the salt goes too, so that nobody can guess the words from their hash (I-35). NOT_FOUND
 * without the line; INVALID_INPUT where nothing of it stands there.
 */
export async function maskLogLine(
  { em, actor, clock }: UnitOfWork,
  { id, people }: { id: string; people: unknown },
): Promise<{ id: string }> {
  demand(actor, 'maskLogLine');
  const names = readInput(namesOfPeople, people, 'people');
  const sql = sqlIn(em);
  const [words] = isUuid(id)
    ? await sql<LineWords>('select means, sender, recipient, text from log_words where line_id = ?::uuid for update', [
        id,
      ])
    : [];
  if (!words) throw notFound('line', id);
  const { means, sender, recipient, text } = withoutPeople(words, names);
  if (means === words.means && sender === words.sender && recipient === words.recipient && text === words.text)
    throw invalidInput([{ path: 'people', message: 'must hold a name that stands in the line' }]);
  await sql(
    'update log_words set salt = null, masked_at = ?, means = ?, sender = ?, recipient = ?, text = ? where line_id = ?::uuid',
    [clock.now().toISOString(), means, sender, recipient, text, id],
  );
  return { id: id.toLowerCase() };
}

/** The words with a mark for everything that identifies people; marks of an earlier time keep their numbers. */
function withoutPeople(words: LineWords, names: readonly string[]): LineWords {
  const { means, sender, recipient, text } = words;
  const { mask } = masking(names, marksIn([sender, recipient, means, text].join('\n')));
  const masked = (word: string | null) => word && mask(word);
  return { means: masked(means), sender: masked(sender), recipient: masked(recipient), text: mask(text) };
}
