import type { Attachment } from 'postal-mime';
import { isNoSuchMailbox, statusCodeIn } from './smtp-answer.rules.ts';

/** A letter that did not arrive, as a mail server behind the relay reported it. */
export interface FailedLetter {
  /** The id of the letter, which nobody can guess. */
  letter: string;
  /** The most exact status code of RFC 3463 that the report gives; null where it gives none. */
  code: string | null;
  /** Whether the mailbox is not there; else the letter alone did not arrive. */
  isGone: boolean;
}

/** Reports are a few kB, and give back the letter at most. */
export const LONGEST_REPORT = 256 * 1024;
/** A report has three parts, of which one is a letter. */
const LIMITS = { maxNestingDepth: 8, maxHeadersSize: 64 * 1024 };

/**
 * Reads a report of RFC 3464 that a letter did not arrive; undefined for every other message: one that was delayed, an answer of a
 * person or of a program, and whatever is too deep or too large to be a report.
 */
export async function readDeliveryReport(raw: Uint8Array): Promise<FailedLetter | undefined> {
  if (raw.length > LONGEST_REPORT) return undefined;
  const { default: PostalMime } = await import('postal-mime');
  const { attachments, inReplyTo = '', references = '' } = await PostalMime.parse(raw, LIMITS).catch(() => NOTHING);
  const failed = recipientsIn(textOf(attachments, ['message/delivery-status'])).find(({ action }) =>
    /^failed\b/i.test(action ?? ''),
  );
  if (!failed) return undefined;
  const returned = textOf(attachments, ['message/rfc822', 'text/rfc822-headers', 'message/rfc822-headers']);
  const letter = [headersOf(returned), inReplyTo, references].map(letterIn).find((id) => id !== undefined);
  if (letter === undefined) return undefined;
  const code = codeOf(failed);
  return { letter, code, isGone: code !== null && isNoSuchMailbox(code) };
}

const NOTHING: { attachments: Attachment[]; inReplyTo?: string; references?: string } = { attachments: [] };

function textOf(attachments: readonly Attachment[], types: readonly string[]): string {
  const content = attachments.find(({ mimeType }) => types.includes(mimeType.toLowerCase()))?.content ?? '';
  return typeof content === 'string' ? content : new TextDecoder('utf-8').decode(content);
}

/** The fields of each recipient in a report: its first group of lines is about the whole message. */
function recipientsIn(report: string): Record<string, string>[] {
  const groups = report
    .replaceAll('\r\n', '\n')
    .trim()
    .split(/\n[ \t]*\n/);
  return groups.map((group) => {
    const lines = group.replace(/\n[ \t]+/g, ' ').split('\n');
    return Object.fromEntries(lines.map((line) => [fieldIn(line), line.slice(line.indexOf(':') + 1).trim()]));
  });
}

const fieldIn = (line: string): string =>
  line
    .slice(0, Math.max(0, line.indexOf(':')))
    .trim()
    .toLowerCase();

/** Some servers say `5.0.0`, and the true one in the words of the server that refused. */
function codeOf({ status = '', 'diagnostic-code': diagnosis = '' }: Record<string, string>): string | null {
  const [said, exact] = [status, diagnosis].map(statusCodeIn);
  return (said === undefined || /\.0\.0$/.test(said) ? (exact ?? said) : said) ?? null;
}

/** The headers of a letter that was given back, whole or without its words. */
const headersOf = (text: string): string =>
  text.split(/\r?\n\r?\n/, 1)[0]?.match(/^message-id:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*/im)?.[0] ?? '';

/** Our ids stand alone before the @ of a Message-ID. */
const letterIn = (text: string): string | undefined =>
  /<([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})@[^<>\s]+>/i.exec(text)?.[1]?.toLowerCase();
