import { z } from 'zod';
import { isVisible, withClosedDirections, withoutNeedlessSigns } from './visible-text.ts';

// What XML 1.0 cannot carry, C1 controls, the separators that some serializers rewrite (and so break a signature), and the
// overrides of direction and anchors of annotations, which show other words than are written.
// biome keeps control characters out of regular expressions, hence the code points.
const refused = (code: number): boolean =>
  (code < 0x20 && code !== 0x09 && code !== 0x0a) ||
  (code >= 0x7f && code <= 0x9f) ||
  code === 0x2028 ||
  code === 0x2029 ||
  code === 0x202d ||
  code === 0x202e ||
  (code >= 0xfff9 && code <= 0xfffb) ||
  (code >= 0xd800 && code <= 0xdfff) ||
  (code >= 0xfdd0 && code <= 0xfdef) ||
  (code & 0xfffe) === 0xfffe;

/** The first character that plain text may not hold, as `U+0007`, or undefined. */
export function forbiddenCharacter(text: string): string | undefined {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (refused(code)) return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  }
  return undefined;
}

/** Whether a text holds a tag of HTML; an address such as `Mairie <mairie@ville.example>` is none. */
export const holdsHtml = (text: string): boolean => /<\/?[a-z][a-z\d]*(\s[^<>]*)?\/?>/i.test(text);

/** Line ends as LF, Word's U+000B and the form feed among them; in a line, each becomes a space. */
const inLines = (text: string): string => text.replace(/\r\n?|[\v\f]/g, '\n');
const inOneLine = (text: string): string => inLines(text).replace(/\s*\n\s*/g, ' ');

/**
 * Text as every format can carry it: NFC, LF line ends, no control characters, no signs that no text needs, directions
 * closed, trimmed, and something in it to see.
 */
export const plainText = (maxLength: number) => writtenText(maxLength, inLines);

/** The same in one line: a headline or a name. */
export const plainLine = (maxLength: number) => writtenText(maxLength, inOneLine);

const writtenText = (maxLength: number, lines: (text: string) => string) =>
  z
    .string()
    .transform((text) =>
      withClosedDirections(withoutNeedlessSigns(lines(text)))
        .normalize('NFC')
        .trim(),
    )
    .superRefine((text, context) => {
      const found = forbiddenCharacter(text);
      if (found) context.addIssue({ code: 'custom', message: `must be plain text; ${found} is not allowed` });
      else if (!isVisible(text)) context.addIssue({ code: 'custom', message: 'must not be empty' });
      if (text.length > maxLength)
        context.addIssue({ code: 'custom', message: `must have at most ${maxLength} characters, has ${text.length}` });
    });

/** An absolute http or https address, as every format can carry it. */
export const webAddress = z
  .string()
  .max(2000, 'must have at most 2000 characters')
  .refine((text) => {
    const url = URL.parse(text);
    return url !== null && /^https?:$/.test(url.protocol) && !/[\s<>"]/.test(text);
  }, 'must be an absolute http or https address')
  .superRefine((text, context) => {
    const found = forbiddenCharacter(text);
    if (found) context.addIssue({ code: 'custom', message: `must be plain text; ${found} is not allowed` });
  });
