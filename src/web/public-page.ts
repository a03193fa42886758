import type { Card } from '../board/board.ts';
import { ACTUAL_ONLY, byGravity, LIVE_STATES, passes } from '../board/filter/filter.rules.ts';
import { mayBeOvertaken, type PublicReads } from '../board/public-reads.ts';
import { frenchText, type TextContent } from '../publications/content/content.ts';
import type { PublicDocument } from '../publications/document.ts';
import { kindOf, kindsInOrder } from '../publications/kinds.ts';
import { groundNewsOf } from '../publications/news.rules.ts';
import type { Commune } from '../territory/territory.ts';
import { type Html, html } from './html.ts';
import { pageText } from './page.ts';
import { atAGlance, paragraphs } from './publication-details.ts';
import { frenchDateTime, gravityWords, sayWindow, words } from './words.ts';

const MAPS = kindsInOrder.flatMap(({ map }) =>
  map ? [{ type: 'application/geo+json', path: map.path, title: map.title }] : [],
);

/** A reader's request: a commune by code or by name, as typed. */
export interface PublicPageRequest {
  commune?: string | undefined;
}

/** The public page: publications in force or to come, for the whole Département or one commune. No script, all escaped. */
export function publicPage(reads: PublicReads, request: PublicPageRequest): string {
  const typed = request.commune?.trim().slice(0, 100) ?? '';
  const commune = typed === '' ? undefined : findCommune(reads, typed);
  const cards = typed !== '' && !commune ? [] : cardsOf(reads, commune);
  return pageText({
    title: `${commune ? `${commune.name} — ` : ''}${words.title}`,
    head: alternates(commune),
    body: html`<header><h1>${words.title}</h1><p>${words.lead}</p>${search(reads, typed)}</header>
<main>
${mayBeOvertaken(reads) ? html`<p class="stale" role="status">${words.stale}</p>` : null}
<h2>${commune ? commune.name : words.everywhere}</h2>
${typed !== '' && !commune ? html`<p role="status">${words.unknown(typed)}</p>` : sections(reads, cards)}
</main>
<footer><p><a href="/graphql">${words.follow}</a></p>
${reads.territory.approximate ? html`<p>${words.approximate}</p>` : null}</footer>`,
  });
}

/** The same for feed readers, aggregators and calendars. */
function alternates(commune: Commune | undefined): Html[] {
  const query = commune ? `?commune=${commune.code}` : '';
  return [...words.feeds, ...MAPS].map(
    ({ type, path, title }) => html`<link rel="alternate" type="${type}" href="${path}${query}" title="${title}">\n`,
  );
}

const findCommune = ({ territory }: PublicReads, text: string): Commune | undefined =>
  // A text without a letter or a digit matches every name, and means none.
  territory.byCode(text) ?? (/[\p{L}\p{N}]/u.test(text) ? territory.search(text, 1)[0] : undefined);

function cardsOf({ board }: PublicReads, commune: Commune | undefined): Card[] {
  const live = { states: LIVE_STATES, modes: ACTUAL_ONLY };
  const all = commune ? board.ofCommune(commune.code) : [...board.all()];
  return all.filter((card) => passes(live, card, board.state(card.brief))).sort(byGravity);
}

const search = ({ territory }: PublicReads, typed: string): Html => html`<form method="get" action="/" role="search">
<label for="commune">${words.choose}</label>
<input id="commune" name="commune" list="communes" value="${typed}" autocomplete="off">
<datalist id="communes">${territory.search('', 200).map(({ name }) => html`<option value="${name}"></option>`)}</datalist>
<button type="submit">${words.search}</button></form>`;

function sections(reads: PublicReads, cards: readonly Card[]): Html {
  if (cards.length === 0) return html`<p>${words.nothing}</p>`;
  const shown = SECTIONS.map(({ id, heading }) => {
    const found = cards.filter(({ document }) => headingOf(document) === heading);
    return found.length === 0
      ? null
      : html`<section aria-labelledby="${id}"><h3 id="${id}">${heading}</h3>
${found.map(({ document }) => article(reads, document))}</section>`;
  });
  return html`${shown}`;
}

const SECTIONS = kindsInOrder.flatMap(({ name, page: { heading, overtakenHeadings = {} } }) => [
  { id: name, heading },
  ...Object.entries(overtakenHeadings).map(([id, title]) => ({ id, heading: title })),
]);

/** A document that was overtaken stays in the section of its kind where there is none apart. */
function headingOf(document: PublicDocument): string {
  const { heading, overtakenHeadings = {} } = kindOf(document.kind).page;
  const news = groundNewsOf(document);
  return (news && overtakenHeadings[news.phase]) ?? heading;
}

// A road that was seen open again must not be read as closed: it stands under another title, and without the words that
// say it is closed and send people another way.
const titleOf = (document: PublicDocument): string =>
  (groundNewsOf(document) && kindOf(document.kind).observation?.newsText(document, 'fr').title) ??
  frenchText(document).headline;

const wordsOf = (document: PublicDocument, { description, instruction }: TextContent): Html =>
  html`${atAGlance(document)}${paragraphs(description)}
${instruction ? html`<h5>${words.todo}</h5>${paragraphs(instruction)}` : null}`;

function article({ board, territory }: PublicReads, document: PublicDocument): Html {
  const text = frenchText(document);
  const state = board.state(document);
  const kind = kindOf(document.kind);
  const gravity = kind.danger(document)?.severity;
  const seen = kind.observation?.seen(document);
  return html`<article lang="fr" dir="ltr" class="${gravity ?? 'PLAIN'}" id="${document.id}">
<h4>${titleOf(document)}</h4>
<p class="facts">${gravity ? html`<strong>${gravityWords[gravity]}</strong> · ` : null}${
    state === 'UPCOMING' ? `${words.upcoming}, ` : null
  }<time datetime="${document.endsAt ?? document.publishedAt}">${sayWindow(document, state)}</time></p>
${seen && html`<p><strong>${seen.words}</strong>, ${frenchDateTime(seen.at)}${seen.note ? ` — ${seen.note}` : null}</p>`}
${groundNewsOf(document) ? null : wordsOf(document, text)}
<p class="facts">${words.places} : ${territory
    .communesOf(document.communes)
    .map(({ name }) => name)
    .join(', ')}</p>
<p class="facts">${words.updated} ${frenchDateTime(document.revisedAt)} · ${words.source} : ${document.source.name}${
    document.source.reference ? ` (${document.source.reference})` : null
  }</p>
</article>`;
}
