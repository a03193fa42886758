import type { PublicReads } from '../board/public-reads.ts';
import { linkedData } from '../formats/json-ld.ts';
import { frenchText, type TextContent } from '../publications/content/content.ts';
import { directionOf, FRENCH } from '../publications/content/language.rules.ts';
import { isOutdated } from '../publications/content/translations.rules.ts';
import { decisionLineOf } from '../publications/decision/decision-line.ts';
import { signedLineOf } from '../publications/decision/signed.rules.ts';
import type { PublicDocument } from '../publications/document.ts';
import { kindOf } from '../publications/kinds.ts';
import { newsRevisionOf } from '../publications/news.rules.ts';
import { type Html, html, linkedDataScript } from './html.ts';
import { pageText } from './page.ts';
import { atAGlance, details, paragraphs, partHtml } from './publication-details.ts';
import { frenchDateTime, gravityWords, sayWindow, words } from './words.ts';

/** A picture of a publication, for previews of links to it. */
export interface Picture {
  /** Absolute. */
  url: string;
  alt: string;
}

export interface PublicationPageRequest {
  /** The document shown: the thread as it stands, or as it stood under an earlier revision. */
  document: PublicDocument;
  /** The thread as it stands. */
  current: PublicDocument;
  picture: Picture;
}

/** The page of a permalink: the words of the revision, and first of all whether they still hold. */
export function publicationPage(reads: PublicReads, request: PublicationPageRequest): string {
  const { document, current } = request;
  const holds = wordsThatHold(document);
  return pageText({
    title: `${holds.title} — ${words.title}`,
    prefix: 'og: https://ogp.me/ns#',
    head: head(reads, request, holds),
    body: html`<header><p><a href="/">${words.title}</a></p></header>
<main>
${notices(document, current)}
<article class="${kindOf(document.kind).danger(document)?.severity ?? 'PLAIN'}">
<h1>${holds.title}</h1>
${facts(reads, document)}
${holds.words}
</article>
${holds.texts.filter(({ language }) => language !== FRENCH).map((text) => translation(text, holds.texts))}
</main>
<footer><p><a href="/">${words.all}</a></p></footer>`,
  });
}

/** The head, for search engines and previews of links. */
function head(
  reads: PublicReads,
  { document, current, picture }: PublicationPageRequest,
  { title, summary }: HeldWords,
): Html {
  const { publicUrl } = reads;
  const address = `${publicUrl}/publications/${document.id}/r/${newsRevisionOf(document)}`;
  return html`<meta name="description" content="${summary.slice(0, 300)}">
<link rel="canonical" href="${address}">
${document.mode === 'ACTUAL' ? null : html`<meta name="robots" content="noindex">`}
<meta property="og:type" content="article">
<meta property="og:title" content="${title}">
<meta property="og:description" content="${summary.slice(0, 300)}">
<meta property="og:url" content="${address}">
<meta property="og:site_name" content="${words.title}">
<meta property="og:image" content="${picture.url}">
<meta property="og:image:alt" content="${picture.alt}">
<meta name="twitter:card" content="summary_large_image">
${document === current && document.mode === 'ACTUAL' ? forMachines(reads, document) : null}`;
}

/** The same for machines. Not for exercises, nor for replaced revisions: engines keep what they find. */
const forMachines = (reads: PublicReads, document: PublicDocument): Html => html`${
  kindOf(document.kind).calendarEvent
    ? html`<link rel="alternate" type="text/calendar" href="/events/${document.id}.ics">\n`
    : null
}<link rel="alternate" type="application/ld+json" href="/publications/${document.id}.jsonld">
${linkedDataScript(linkedData(document, { ...reads, language: FRENCH }))}`;

interface HeldWords {
  title: string;
  summary: string;
  words: Html;
  /** The texts that hold, for readers of another language. */
  texts: readonly TextContent[];
}

/** The words of a document that hold. Words that hold no longer must not read as if they did, least of all in a title. */
function wordsThatHold(document: PublicDocument): HeldWords {
  const text = frenchText(document);
  const before = html`<h2>${words.announced}</h2><p>${text.headline}</p>${paragraphs(text.description)}`;
  if (document.cancelled)
    return {
      title: `${words.cancelled} : ${text.headline}`,
      summary: document.cancelled.reason,
      words: before,
      texts: [],
    };
  if (document.allClear) {
    const over = frenchText(document.allClear);
    return {
      title: over.headline,
      summary: over.description,
      words: html`${body(over)}${before}`,
      texts: document.allClear.texts,
    };
  }
  return (
    overtaken(document) ?? {
      title: text.headline,
      summary: text.description,
      words: html`${atAGlance(document)}${body(text)}${details(document)}`,
      texts: document.texts,
    }
  );
}

/** The words that replace those of a document which what was seen on the ground overtook. */
function overtaken(document: PublicDocument): HeldWords | null {
  const { observation } = kindOf(document.kind);
  if (!observation?.news(document)) return null;
  const { title, blocks } = observation.newsText(document, 'fr');
  // Where nobody left a remark, a title says all.
  const further = blocks.filter((block) => !('text' in block) || block.text !== title);
  return { title, summary: title, words: html`${further.map(partHtml)}`, texts: [] };
}

/** Notices that a reader needs before reading on. */
function notices(document: PublicDocument, current: PublicDocument): Html[] {
  const said = [
    current.revision > document.revision
      ? html`${words.replaced} <a href="/publications/${document.id}">${words.newest}</a>`
      : null,
    current.cancelled
      ? html`${words.withdrawn} ${frenchDateTime(current.cancelled.at)} : ${current.cancelled.reason}`
      : null,
    current.allClear && current !== document
      ? html`${frenchText(current.allClear).headline} (${frenchDateTime(current.allClear.at)})`
      : null,
  ].filter((notice) => notice !== null);
  return [...said.map((notice) => html`<p class="stale" role="status">${notice}</p>`), ...sighting(current)];
}

/** The last observation; none of a document that people ended, where nobody looks any more. */
function sighting(current: PublicDocument): Html[] {
  const { observation } = kindOf(current.kind);
  const seen = current.cancelled || current.allClear ? null : observation?.seen(current);
  if (!observation || !seen) return [];
  const looks = observation.news(current) ? 'stale' : 'seen';
  return [html`<p class="${looks}" role="status">${seen.words}, ${frenchDateTime(seen.at)}</p>`];
}

function facts({ board, territory }: PublicReads, document: PublicDocument): Html {
  const { reference, name } = document.source;
  const places = territory.communesOf(document.communes).map((commune) => commune.name);
  const danger = kindOf(document.kind).danger(document);
  const decision = decisionLineOf(document, 'fr');
  const signed = signedLineOf(document, 'fr');
  return html`<p class="facts">${danger && html`<strong>${gravityWords[danger.severity]}</strong> · `}${sayWindow(document, board.state(document))}</p>
${places.length > 0 ? html`<p class="facts">${words.places} : ${places.join(', ')}</p>` : null}
${decision ? html`<p class="facts">${decision}</p>` : null}
<p class="facts">${words.updated} ${frenchDateTime(document.revisedAt)} · ${words.source} : ${name}${reference ? ` (${reference})` : null}</p>
${signed ? html`<p class="facts">${signed}</p>` : null}`;
}

const body = ({ description, instruction }: TextContent): Html =>
  html`${paragraphs(description)}${instruction ? html`<h2>${words.todo}</h2>${paragraphs(instruction)}` : null}`;

const translation = (
  text: TextContent,
  texts: readonly TextContent[],
): Html => html`<article lang="${text.language}" dir="${directionOf(text.language)}">
<h2>${text.headline}</h2>
${isOutdated(text, texts) ? html`<p class="facts" lang="fr" dir="ltr">${words.olderTranslation}</p>` : null}
${paragraphs(text.description)}${text.instruction ? paragraphs(text.instruction) : null}
</article>`;
