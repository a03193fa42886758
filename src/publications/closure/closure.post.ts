import { formatDateTime } from '../content/date-time.ts';
import type { Tongue } from '../content/tongue.ts';
import { type PostFace, type PostText, publisherWords, type RoadNews } from '../kind/post.ts';
import type { PublicState } from '../vocabulary.ts';
import type { ClosureDocument } from './closure.content.ts';
import { reopenedAt, roadLabel } from './closure.rules.ts';
import { CLOSURE_WORDS, ROAD_WORDS } from './closure.words.ts';

const shortNames = ({ roads }: ClosureDocument): string[] => [
  ...new Set(roads.map(({ name, number }) => number ?? name)),
];

/** Numbers and names, then whichever is the shorter name of each road. */
const roadNames = (document: ClosureDocument): string[] => [
  document.roads.map(roadLabel).join(', '),
  shortNames(document).join(', '),
];

/** The news for drivers, by the plan, what was seen of it and how it ended. */
function roadNews(document: ClosureDocument, state: PublicState): RoadNews | null {
  const [what, roads] = [ROAD_WORDS[document.restriction], shortNames(document)];
  if (what === null) return null;
  if (state === 'CANCELLED') return { what: `Annulation ${what}`, roads, holds: false };
  if (reopenedAt(document)) return { what: CLOSURE_WORDS.fr.postReopened, roads, holds: false };
  if (state === 'ENDED') return { what: `Fin ${what}`, roads, holds: false };
  const isAwaited = state === 'IN_FORCE' && document.observed.state === 'NOT_STARTED';
  return { what: isAwaited ? `${what} en attente` : what, roads, holds: !isAwaited };
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
  road: roadNews,
};
