import { type Block, paragraph, titledList } from '../content/block.ts';
import type { Tongue } from '../content/tongue.ts';
import type { TextFace } from '../kind/text.ts';
import type { ClosureDocument } from './closure.content.ts';
import { CLOSURE_WORDS } from './closure.words.ts';

const places = ({ areas }: ClosureDocument): string => areas.map(({ description }) => description).join(', ');

export const closureText: TextFace<ClosureDocument> = {
  lead: (document, _text, tongue) =>
    paragraph(`${CLOSURE_WORDS[tongue].restrictions[document.restriction]} — ${places(document)}`),
  details: ({ detour, crossingPoints }, _text, tongue) => [
    ...titledList(CLOSURE_WORDS[tongue].detour, detour ? [detour.text] : []),
    ...titledList(
      CLOSURE_WORDS[tongue].crossings,
      crossingPoints.map(({ label }) => label),
    ),
  ],
  tags: (_document, tongue) => [CLOSURE_WORDS[tongue].kind],
};

/** The words of a road that was seen open again. */
export function reopenedText(document: ClosureDocument, tongue: Tongue): { title: string; blocks: Block[] } {
  const title = CLOSURE_WORDS[tongue].reopened(places(document));
  return { title, blocks: [{ text: document.observed.note ?? title }] };
}
