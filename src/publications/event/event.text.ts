import { titledList } from '../content/block.ts';
import { formatDateTime } from '../content/date-time.ts';
import type { TextFace } from '../kind/text.ts';
import type { EventDocument } from './event.content.ts';
import { EVENT_WORDS } from './event.words.ts';

export const eventText: TextFace<EventDocument> = {
  lead: () => [],
  details: ({ passages }, _text, tongue) =>
    titledList(
      EVENT_WORDS[tongue].passages,
      passages.map(({ label, expectedFrom }) => `${formatDateTime('full', tongue, expectedFrom)} — ${label}`),
    ),
  tags: (_document, tongue) => [EVENT_WORDS[tongue].kind],
};
