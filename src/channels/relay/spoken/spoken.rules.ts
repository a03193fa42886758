import { PUBLISHER } from '../../../publications/content/content.ts';
import { senderOf } from '../../../publications/decision/signed.rules.ts';
import type { PublicDocument } from '../../../publications/document.ts';
import { chooseForms, type Form, type Part } from '../choose-forms.rules.ts';
import { ordersToTry, type RelayFacts } from '../relay-facts.rules.ts';
import { inSpeech } from './say.rules.ts';

/** As much as a voice says in half a minute. */
export const MOST_SPOKEN = 75;

const SPEAKERS = { publisher: 'Message du Département de l’Essonne.', other: 'Message officiel.' };
const AGAIN = 'Nous répétons.';
const MORE_ORDERS = 'D’autres consignes sont publiées par écrit.';
/** The words of a mark, which synthetic voices would spell where they are in capitals. */
const MARKS: Readonly<Record<string, string>> = { EXERCICE: 'Exercice.', TEST: 'Test.' };

/** The words of a text as a voice says them: those of "dix-huit" are two. */
export const spokenWords = (text: string): number => text.split(/[\s-]+/).filter(Boolean).length;

const sentence = (text: string | null): string | null => {
  if (!text) return null;
  const begun = `${text.slice(0, 1).toLocaleUpperCase('fr')}${text.slice(1)}`;
  return /[.?!]$/.test(begun) ? begun : `${begun}.`;
};
const said = (text: string): string[] => {
  const spoken = sentence(inSpeech(text));
  return spoken ? [spoken] : [];
};
const whole = (texts: readonly string[]): Form[] => texts.map((text) => ({ text, whole: true }));

/**
 * The text that call automata read out, from the French one: who speaks, what, where, what to do, until when, and what and where again.
 * A sentence that has no room or cannot be said is left out, and that there are more is told.
 */
export function spokenText(document: PublicDocument, facts: RelayFacts): string {
  const { post, subjects, barest, detail } = facts;
  const mark = post.mark === null ? '' : (MARKS[post.mark] ?? '');
  const subjectsSaid = [...subjects, barest].flatMap((subject) => said(subject.replaceAll(' · ', '. ')));
  const placesSaid = facts.places(3).flatMap(said);
  const [shortest = '', place = ''] = [subjectsSaid.at(-2) ?? subjectsSaid.at(-1), placesSaid.at(-1)];
  const again = [`${shortest} ${place}`.trim(), shortest, subjectsSaid.at(-1) ?? ''];
  const parts: Part[] = [
    { forms: whole(mark ? [mark] : ['']), rank: 0 },
    { forms: whole(speakersOf(document)), rank: 0 },
    { forms: whole(subjectsSaid), rank: 0 },
    { forms: whole(placesSaid), rank: 1 },
    { forms: whole(said(detail ?? facts.headline)), rank: detail === null ? 5 : 3 },
    { forms: ordersSaid(facts), rank: 4 },
    { forms: whole(post.window.flatMap(said)), rank: 2 },
    { forms: whole(again.map((text) => [mark, AGAIN, text].filter(Boolean).join(' '))), rank: 1 },
  ];
  const { texts } = chooseForms(parts, (tried) => spokenWords(tried.join(' ')) <= MOST_SPOKEN);
  return texts.filter((text) => text !== '').join(' ');
}

function speakersOf(document: PublicDocument): string[] {
  const sender = senderOf(document);
  if (sender === PUBLISHER && !document.source.relayed) return [SPEAKERS.publisher];
  return [...said(`Message officiel, source ${sender}`), SPEAKERS.other];
}

/** Whole sentences from the first one on; that there are more, where one has no room, cannot be said or is not looked at. */
function ordersSaid(facts: RelayFacts): Form[] {
  const { orders, moreOrders } = facts;
  if (orders.length === 0 && !moreOrders) return [];
  const spoken = orders.map((order) => said(order));
  const unsaid = spoken.findIndex(({ length }) => length === 0);
  const known = (unsaid < 0 ? spoken : spoken.slice(0, unsaid)).flat();
  const forms = ordersToTry(known, facts).map(({ orders: tried, whole: all }): Form => {
    const isAll = all && unsaid < 0;
    return { text: [...tried, ...(isAll ? [] : [MORE_ORDERS])].join(' '), whole: isAll };
  });
  return [...forms, { text: MORE_ORDERS, whole: false }];
}
