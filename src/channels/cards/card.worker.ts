import { parentPort, workerData } from 'node:worker_threads';
import { Resvg } from '@resvg/resvg-js';
import type { CardContent } from './card.rules.ts';
import { drawCard, FAMILY } from './card-drawing.rules.ts';
import { FONT_FILES, openFonts } from './card-fonts.ts';
import type { CommuneShape } from './card-map.rules.ts';

/** Draws cards off the main thread: takes `{ id, content }`, answers `{ id, png }` or `{ id, fault }`. */
const fonts = openFonts();
const { places } = workerData as { places: readonly CommuneShape[] };

parentPort?.on('message', ({ id, content }: { id: number; content: CardContent }) => {
  try {
    parentPort?.postMessage({ id, png: render(content) });
  } catch (error) {
    parentPort?.postMessage({ id, fault: String(error) });
  }
});

function render(content: CardContent): Uint8Array {
  const { drawable } = fonts;
  const svg = drawCard(
    {
      ...content,
      titles: content.titles.map(drawable),
      headline: drawable(content.headline),
      places: content.places.map(drawable),
      windows: content.windows.map(drawable),
      feet: content.feet.map(drawable),
    },
    places,
    fonts.width,
  );
  return new Resvg(svg, {
    font: { fontFiles: Object.values(FONT_FILES), loadSystemFonts: false, defaultFontFamily: FAMILY },
  })
    .render()
    .asPng();
}
