import { createRequire } from 'node:module';
import { type Font, openSync } from 'fontkit';
import type { Width } from './card-text.rules.ts';

const require = createRequire(import.meta.url);
const file = (name: string) => require.resolve(`@expo-google-fonts/source-sans-3/${name}`);

/** Source Sans 3 (OFL 1.1) as TrueType files, which are all that the renderer reads: given others it draws no text at all. */
export const FONT_FILES = {
  regular: file('400Regular/SourceSans3_400Regular.ttf'),
  bold: file('700Bold/SourceSans3_700Bold.ttf'),
} as const;

export interface Fonts {
  width: Width;
  /** The text with what the fonts have no picture of left out. */
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
