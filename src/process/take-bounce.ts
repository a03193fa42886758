import type { Sql } from '../database/sql.ts';
import { recordBounce } from '../institutions/letters/bounce.commands.ts';
import { LONGEST_REPORT, readDeliveryReport } from '../mail/delivery-report.ts';

/**
 * Takes one message that came to the sender of letters, and tells what it was without a word of it: it may hold an address. Whatever is no
 * report of a letter that failed is left alone, so that a mail server never has to send it back.
 */
export async function takeBounce(sql: Sql, message: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of message) {
    size += chunk.length;
    // The rest is read and dropped: a server that pipes a message in wants it taken whole.
    if (size <= LONGEST_REPORT) chunks.push(chunk);
  }
  const failed = size > LONGEST_REPORT ? undefined : await readDeliveryReport(Buffer.concat(chunks));
  if (!failed) return 'No report of a letter that did not arrive: nothing is changed.';
  const { letter, code, isGone } = failed;
  if (!(await recordBounce(sql, failed))) return `Letter ${letter} is not on its way from here: nothing is changed.`;
  const mailbox = isGone ? 'its mailbox is marked for the desk' : 'its mailbox stays as it is';
  return `Letter ${letter} did not arrive (${code ?? 'no code'}): ${mailbox}.`;
}
