import { type PostFace, publisherWords } from '../kind/post.ts';
import type { EventDocument } from './event.content.ts';
import { EVENT_WORDS } from './event.words.ts';

export const eventPost: PostFace<EventDocument> = {
  subject: ({ eventStatus }, { tongue }) => ({ what: EVENT_WORDS[tongue].status[eventStatus], about: [] }),
  words: (_document, text) => publisherWords(text),
  tags: () => [],
  isOff: ({ eventStatus }) => eventStatus === 'CANCELLED' || eventStatus === 'POSTPONED',
};
