import type { Block } from '../../publications/content/block.ts';
import type { TextContent } from '../../publications/content/content.ts';
import { formatEnd } from '../../publications/content/date-time.ts';
import type { PublicDocument } from '../../publications/document.ts';
import type { Departed } from '../../publications/ending/departed.rules.ts';
import { marked } from '../../publications/ending/ending.words.ts';
import { kindOf } from '../../publications/kinds.ts';
import type { Mode } from '../../publications/vocabulary.ts';
import type { Territory } from '../../territory/territory.ts';
import type { EndingText } from './ending.ts';
import { factsOf } from './publication-body.ts';
import type { Wording } from './wording.ts';

interface Frame {
  wording: Wording;
  territory: Territory;
}

/** The words for readers that a publication has left: that it did, and where and how grave it is now. */
export function departureText(
  document: PublicDocument,
  departed: Departed,
  text: TextContent,
  frame: Frame,
): EndingText {
  const { wording, territory } = frame;
  const places = namesOf(departed.communes, territory);
  return {
    title: departureTitle(document.mode, departed, text, frame),
    blocks: [
      { text: places ? wording.left.sentence(places) : wording.lowered.sentence },
      ...kindOf(document.kind).text.lead(document, text, wording.tongue),
      ...factsOf(document, wording, territory),
    ],
    language: text.language,
  };
}

export function departureTitle(
  mode: Mode,
  { communes }: Departed,
  { headline }: TextContent,
  { wording: { left, lowered, exercise }, territory }: Frame,
): string {
  const places = namesOf(communes, territory);
  return marked(mode, exercise, places ? left.title(places, headline) : lowered.title(headline));
}

/** The words of a publication that a revision ended earlier than it was announced. */
export function earlyEndText(document: PublicDocument, end: string, text: TextContent, wording: Wording): EndingText {
  const { over, exercise, tongue } = wording;
  const blocks: Block[] = [{ text: over.sentence(formatEnd('full', tongue, end)) }];
  return { title: marked(document.mode, exercise, over.title(text.headline)), blocks, language: text.language };
}

const MOST_NAMES = 5;

/** Names of communes; of many, the first and how many there are. */
function namesOf(codes: readonly string[], territory: Territory): string {
  const names = territory.communesOf(codes).map(({ name }) => name);
  const shown = names.slice(0, MOST_NAMES).join(', ');
  return names.length > MOST_NAMES ? `${shown} (+ ${names.length - MOST_NAMES})` : shown;
}
