import type { PublicDocument } from '../publications/document.ts';
import type { PageItem, PagePart } from '../publications/kind/page.ts';
import { kindOf } from '../publications/kinds.ts';
import { type Html, html } from './html.ts';

/** The lines of a kind that stand before the text, on the page of a document and in lists. */
export const atAGlance = (document: PublicDocument): Html[] =>
  (kindOf(document.kind).page.atAGlance?.(document) ?? []).map(partHtml);

/** The part of a page that a kind adds to the text. */
export const details = (document: PublicDocument): Html[] => kindOf(document.kind).page.details(document).map(partHtml);

export function partHtml(part: PagePart): Html {
  if ('strong' in part) return html`<p><strong>${part.strong}</strong></p>\n`;
  if ('fact' in part) return html`<p class="facts">${part.fact}</p>`;
  if ('items' in part) return list(part);
  return part.title ? html`<h2>${part.title}</h2>${paragraphs(part.text)}` : html`${paragraphs(part.text)}\n`;
}

const list = ({ title, items }: Extract<PagePart, { items: unknown }>): Html =>
  items.length === 0
    ? html``
    : html`<h2>${title}</h2>\n<ul>${items.map((item) => html`<li>${itemOf(item)}</li>`)}</ul>`;

const itemOf = (item: PageItem): Html =>
  typeof item === 'string' ? html`${item}` : html`<a href="${item.url}" rel="noopener">${item.label}</a>`;

export const paragraphs = (text: string): Html[] => text.split(/\n+/).map((part) => html`<p>${part}</p>`);
