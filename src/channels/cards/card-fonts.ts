import { fileURLToPath } from 'node:url';
import { type Font, openSync } from 'fontkit';
import type { Width } from './card-text.rules.ts';

const file = (name: string) => fileURLToPath(new URL(`fonts/${name}`, import.meta.url));

/** Source Sans 3 (OFL 1.1) as TrueType files: the renderer reads no other kind, and draws no text without them. */
export const FONT_FILES = {
  regular: file('SourceSans3-Regular.ttf'),
  bold: file('SourceSans3-Bold.ttf'),
} as const;

export interface Fonts {
  width: Width;
  /** The text without the characters that the fonts cannot draw. */
  drawable(text: string): string;
}

/** Opens the fonts. Throws where they cannot be read. */
export function openFonts(): Fonts {
  const regular = openSync(FONT_FILES.regular) as Font;
  const bold = openSync(FONT_FILES.bold) as Font;
  const has = (character: string) => regular.hasGlyphForCodePoint(character.codePointAt(0) ?? 0);
  return {
    width: (text, isBold) => {
      const font = isBold ? bold : regular;
      return font.layout(text).advanceWidth / font.unitsPerEm;
    },
    drawable: (text) => [...text.normalize('NFC')].filter(has).join('').replace(/ {2,}/g, ' ').trim(),
  };
}
