import { decodeHTMLStrict } from 'entities';
import type { NoteXmlFault } from './xml-fault.ts';

/** Parts in which a sign stands for itself, references, and signs that may not stand alone. */
const SIGNS =
  /<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|<!--[\s\S]*?(?:-->|$)|<\?[\s\S]*?(?:\?>|$)|&(?:#(\d+)|#x([\da-f]+)|([a-z][a-z\d]*));|&|<(?![\p{L}_:/!])|<(?=[\p{L}_:][^<>"'=/]*<)/giu;
const PREDEFINED = new Set(['amp', 'lt', 'gt', 'quot', 'apos']);
const NO_CHARACTER = /[^\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/**
 * Replaces the signs for which a parser would refuse a whole document by what they stand for, and notes them: references of
 * HTML by their characters, a lone `&` or `<` by its reference. Characters that XML cannot hold go, but for the line breaks
 * among them. No reference is expanded that the document defines.
 */
export function mendSigns(text: string, note: NoteXmlFault): string {
  return text
    .replace(NO_CHARACTER, (sign) => {
      note(`caractère de contrôle ${codeOf(sign)}`);
      return sign === '\v' || sign === '\f' ? '\n' : '';
    })
    .replace(SIGNS, (sign, decimal?: string, hexadecimal?: string, name?: string) => {
      if (sign.startsWith('<') && sign.length > 1) return sign;
      if (name !== undefined) return namedReference(sign, name, note);
      const code = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal);
      if (!Number.isNaN(code)) return numberedReference(sign, code, note);
      note(sign === '&' ? 'signe « & » isolé' : 'signe « < » isolé');
      return sign === '&' ? '&amp;' : '&lt;';
    });
}

function namedReference(reference: string, name: string, note: NoteXmlFault): string {
  if (PREDEFINED.has(name)) return reference;
  const meant = decodeHTMLStrict(reference);
  note(meant === reference ? `référence inconnue ${reference.slice(0, 30)}` : `référence HTML ${reference}`);
  return escaped(meant);
}

/** HTML reads the numbers of C1 controls as Windows-1252, and so do those who write them. */
function numberedReference(reference: string, code: number, note: NoteXmlFault): string {
  const sound = (code >= 0x20 && code < 0x80) || (code > 0x9f && code <= 0x10ffff) || [9, 10, 13].includes(code);
  if (sound && !holdsNoCharacter(code)) return reference;
  note(`référence impossible ${reference.slice(0, 30)}`);
  if (code === 0x0b || code === 0x0c) return '\n';
  return code >= 0x80 && code <= 0x9f ? decodeHTMLStrict(reference) : '';
}

const holdsNoCharacter = (code: number): boolean => String.fromCodePoint(code).search(NO_CHARACTER) >= 0;

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const codeOf = (sign: string): string => `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
