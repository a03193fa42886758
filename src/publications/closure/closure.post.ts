import { formatDateTime } from '../content/date-time.ts';
import type { Tongue } from '../content/tongue.ts';
import { type PostFace, type PostText, publisherWords } from '../kind/post.ts';
import type { ClosureDocument } from './closure.content.ts';
import { roadLabel } from './closure.rules.ts';
import { CLOSURE_WORDS } from './closure.words.ts';

/** Numbers and names, then whichever is the shorter name of each road. */
function roadNames({ roads }: ClosureDocument): string[] {
  const full = roads.map(roadLabel);
  const short = new Set(roads.map(({ name, number }) => number ?? name));
  return [full.join(', '), [...short].join(', ')];
}

function reopenedWords({ observed: { at, note } }: ClosureDocument, tongue: Tongue): PostText {
  const headline = at ? `${CLOSURE_WORDS[tongue].seen} ${formatDateTime('long', tongue, at)}` : '';
  return { headline, body: [{ text: note ?? '', cut: 'word' }] };
}

export const closurePost: PostFace<ClosureDocument> = {
  subject: (document, { phase, tongue }) => {
    const { postReopened, postRestrictions } = CLOSURE_WORDS[tongue];
    const what = phase === 'REOPENED' ? postReopened : postRestrictions[document.restriction];
    return { what, about: roadNames(document) };
  },
  words: (document, text, { phase, tongue }) => {
    if (phase === 'REOPENED') return reopenedWords(document, tongue);
    return publisherWords(
      text,
      document.observed.state === 'NOT_STARTED' ? { first: CLOSURE_WORDS[tongue].notStarted } : {},
    );
  },
  tags: () => ['InfoRoute'],
};
