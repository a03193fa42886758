import { formatDateTime } from '../content/date-time.ts';
import type { Tongue } from '../content/tongue.ts';
import { type PostFace, type PostText, publisherWords } from '../kind/post.ts';
import type { AidPointDocument } from './aid-point.content.ts';
import { shutAs } from './aid-point.rules.ts';
import { donationsOf, statusOf, whereIs } from './aid-point.text.ts';
import { AID_POINT_WORDS } from './aid-point.words.ts';

const onlyCollects = ({ purposes }: AidPointDocument): boolean => purposes.every((purpose) => purpose === 'DONATIONS');

/** The last observation with its time; empty where nobody has looked yet. */
function seenIn(document: AidPointDocument, tongue: Tongue): string {
  const [status, { at }] = [statusOf(document, tongue), document.observed];
  return status && at ? `${AID_POINT_WORDS[tongue].seen(status, formatDateTime('long', tongue, at))}.` : '';
}

function shutWords(document: AidPointDocument, tongue: Tongue): PostText {
  const { note } = document.observed;
  return {
    headline: seenIn(document, tongue),
    body: [
      { text: AID_POINT_WORDS[tongue].elsewhere, cut: null },
      { text: note ?? '', cut: 'word' },
    ],
  };
}

export const aidPointPost: PostFace<AidPointDocument> = {
  subject: (document, { phase, tongue }) => {
    const { kind, call, shut } = AID_POINT_WORDS[tongue];
    const status = phase === 'SHUT' ? shutAs(document.observed) : null;
    const open = onlyCollects(document) ? call : kind;
    return { what: status ? shut[status] : open, about: [whereIs(document), document.place] };
  },
  words: (document, text, { phase, tongue }) => {
    if (phase === 'SHUT') return shutWords(document, tongue);
    if (phase !== 'REVISION') return publisherWords(text);
    return publisherWords(text, {
      first: seenIn(document, tongue),
      beforeDescription: donationsOf(document, text.language, tongue)
        .map((list) => `${list}.`)
        .join(' '),
    });
  },
  tags: (document) => (document.purposes.includes('DONATIONS') ? ['Dons', 'Solidarité'] : ['Solidarité']),
};
