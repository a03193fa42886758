import { element, serialize, type XmlNode } from '../../xml/write.ts';
import { CARD_SIZES, type CardColour, type CardContent } from './card.rules.ts';
import { type CommuneShape, type Frame, mapPaths } from './card-map.rules.ts';
import { heightOf, LEADING, type SetText, setForms, type Width } from './card-text.rules.ts';

/** Every pair of ink and band has a contrast of 4.5 at least; the map's colours stand out from the paper and each other. */
const COLOURS: Readonly<Record<CardColour, { band: string; ink: string; map: string }>> = {
  GREEN: { band: '#1e7a35', ink: '#ffffff', map: '#1e7a35' },
  YELLOW: { band: '#ffd500', ink: '#161616', map: '#ffd500' },
  ORANGE: { band: '#f28c00', ink: '#161616', map: '#f28c00' },
  RED: { band: '#c1001f', ink: '#ffffff', map: '#c1001f' },
  BLUE: { band: '#00398f', ink: '#ffffff', map: '#00398f' },
  GREY: { band: '#4a4a4a', ink: '#ffffff', map: '#8a8a8a' },
};
const [PAPER, INK, QUIET, LAND, BORDER, FOOT] = ['#ffffff', '#161616', '#3a3a3a', '#e3e3e3', '#b4b4b4', '#f0f0f0'];

/** The family that every text is set in: see card-fonts.ts. */
export const FAMILY = 'Source Sans 3';
const MARGIN = 44;

interface Plan {
  band: number;
  headline: { width: number; largest: number; smallest: number };
  map: Frame;
  place: { width: number; largest: number; smallest: number; height: number };
  foot: { largest: number; smallest: number };
  title: { largest: number; smallest: number };
}

// Letters that are read on a telephone, where a card is 320 pixels wide, are 34 pixels high at least.
const PLANS: Readonly<Record<CardContent['size'], Plan>> = {
  wide: {
    band: 116,
    title: { largest: 60, smallest: 40 },
    headline: { width: 730, largest: 68, smallest: 40 },
    place: { width: 730, largest: 48, smallest: 36, height: 140 },
    map: { x: 812, y: 136, width: 344, height: 344 },
    foot: { largest: 44, smallest: 34 },
  },
  square: {
    band: 140,
    title: { largest: 64, smallest: 44 },
    headline: { width: 992, largest: 80, smallest: 46 },
    place: { width: 500, largest: 56, smallest: 38, height: 340 },
    map: { x: 584, y: 500, width: 452, height: 400 },
    foot: { largest: 46, smallest: 36 },
  },
};

/** Draws a card as SVG. */
export function drawCard(content: CardContent, places: readonly CommuneShape[], width: Width): string {
  const { width: w, height: h } = CARD_SIZES[content.size];
  const { band, map } = PLANS[content.size];
  const { title, headline, place, foot } = setCard(content, width);
  const colours = COLOURS[content.colour];
  const frame = { ...map, height: Math.min(map.height, foot.top - map.y - 50) };
  return serialize(
    element(
      'svg',
      { xmlns: 'http://www.w3.org/2000/svg', width: `${w}`, height: `${h}`, viewBox: `0 0 ${w} ${h}` },
      box(0, 0, w, h, PAPER),
      ...mapOf(content, places, frame, colours.map),
      box(0, 0, w, band, colours.band),
      ...(content.mark ? stripes(w, band) : []),
      ...text(title.block, MARGIN, title.top, colours.ink),
      ...text(headline.block, MARGIN, headline.top, INK),
      ...text(place.block, MARGIN, place.top, QUIET),
      box(0, foot.top, w, h - foot.top, FOOT),
      box(0, foot.top, w, 6, colours.band),
      ...stack(foot.blocks, MARGIN, foot.top + 18, INK),
    ),
  );
}

/**
 * Sets the words of a card. The foot (dates and source) has its room first, then the place, then the headline takes what is
 * left: smaller letters, then fewer words.
 */
function setCard(content: CardContent, width: Width) {
  const { width: w, height: h } = CARD_SIZES[content.size];
  const plan = PLANS[content.size];
  const foot = footBlocks(content, plan, w, width);
  const footTop = h - 32 - foot.reduce((sum, block) => sum + heightOf(block), 0);
  const box = { ...plan.title, width: w - 2 * MARGIN, height: plan.band - 20, bold: true };
  const title = setForms(content.titles, box, width);
  const place = setForms(content.places, { ...plan.place, bold: false }, width);
  const isSquare = content.size === 'square';
  const top = plan.band + 26;
  const placeTop = isSquare ? plan.map.y + 20 : footTop - 24 - heightOf(place);
  const height = (isSquare ? plan.map.y - 20 : placeTop - 16) - top;
  return {
    title: { block: title, top: (plan.band - heightOf(title)) / 2 },
    headline: { block: setForms([content.headline], { ...plan.headline, height, bold: true }, width), top },
    place: { block: place, top: placeTop },
    foot: { blocks: foot, top: footTop },
  };
}

function footBlocks(content: CardContent, { foot }: Plan, w: number, width: Width): SetText[] {
  const box = { ...foot, width: w - 2 * MARGIN, height: foot.largest * LEADING + 1 };
  return [
    ...(content.windows.length > 0 ? [setForms(content.windows, { ...box, bold: true }, width)] : []),
    setForms(content.feet, { ...box, largest: foot.smallest + 2, bold: false }, width),
  ];
}

function mapOf(content: CardContent, places: readonly CommuneShape[], frame: Frame, colour: string): XmlNode[] {
  const { touched, others, road, circle } = mapPaths(places, new Set(content.communes), content.path, frame);
  const path = (d: string, more: Record<string, string>) => (d === '' ? [] : [element('path', { d, ...more })]);
  // A road is a thin thing on a map of the whole Département: its communes are tinted, it is drawn over them.
  const area = road === '' ? colour : '#9db7de';
  return [
    ...path(others, { fill: LAND, stroke: BORDER, 'stroke-width': '1' }),
    ...path(touched, { fill: area, stroke: INK, 'stroke-width': '1.5', 'stroke-linejoin': 'round' }),
    ...path(road, {
      fill: 'none',
      stroke: '#c1001f',
      'stroke-width': '9',
      'stroke-linecap': 'round',
      'stroke-linejoin': 'round',
    }),
    ...(circle
      ? [
          element('circle', {
            cx: circle.x.toFixed(1),
            cy: circle.y.toFixed(1),
            r: circle.radius.toFixed(1),
            fill: 'none',
            stroke: INK,
            'stroke-width': '6',
          }),
        ]
      : []),
    ...(content.note ? [label(content.note, frame.x + frame.width / 2, frame.y + frame.height + 32)] : []),
  ];
}

const label = (words: string, x: number, y: number): XmlNode =>
  element(
    'text',
    { x: `${x}`, y: `${y}`, 'font-family': FAMILY, 'font-size': '24', fill: QUIET, 'text-anchor': 'middle' },
    words,
  );

/** Readers see an exercise or a test before they read it. */
const stripes = (w: number, band: number): XmlNode[] =>
  Array.from({ length: Math.ceil(w / 48) }, (_, index) =>
    element('path', { d: `M${index * 48} ${band}l24 -14h24l-24 14Z`, fill: INK }),
  );

const box = (x: number, y: number, width: number, height: number, fill = PAPER): XmlNode =>
  element('rect', { x: `${x}`, y: `${y}`, width: `${width}`, height: `${height}`, fill });

const text = ({ lines, size, bold }: SetText, x: number, top: number, fill = INK): XmlNode[] =>
  lines.map((words, index) =>
    element(
      'text',
      {
        x: `${x}`,
        y: `${Math.round(top + index * size * LEADING + size * 0.88)}`,
        'font-family': FAMILY,
        'font-weight': bold ? '700' : '400',
        'font-size': `${size}`,
        fill,
      },
      words,
    ),
  );

function stack(blocks: readonly SetText[], x: number, top: number, fill: string | undefined): XmlNode[] {
  let y = top;
  return blocks.flatMap((block) => {
    const drawn = text(block, x, y, fill);
    y += heightOf(block);
    return drawn;
  });
}
