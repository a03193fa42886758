import { FRENCH } from '../publications/content/content.ts';
import { bestText } from '../publications/content/translations.rules.ts';
import type { PublicDocument } from '../publications/document.ts';
import { type Html, html } from './html.ts';
import { verdictWords, words } from './words.ts';

/** What a kind has to say beside its text. */
export function details(document: PublicDocument): Html | null {
  switch (document.kind) {
    case 'CORRECTION':
      return html`<p><strong>${verdictWords[document.verdict]}</strong></p>
<p class="facts">${words.claim} : « ${document.claim} »</p>${paragraphs(document.explanation)}
<h2>${words.evidence}</h2>
<ul>${document.evidence.map(({ label, url }) => html`<li><a href="${url}" rel="noopener">${label}</a></li>`)}</ul>`;
    case 'ADVICE': {
      const items = bestText(document.items, FRENCH);
      return html`${list(words.dos, items?.dos)}${list(words.donts, items?.donts)}`;
    }
    case 'CLOSURE':
      return document.detour ? html`<h2>${words.detour}</h2>${paragraphs(document.detour.text)}` : null;
    default:
      return null;
  }
}

const list = (title: string, lines: readonly string[] = []): Html | null =>
  lines.length === 0 ? null : html`<h2>${title}</h2>\n<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>`;

export const paragraphs = (text: string): Html[] => text.split(/\n+/).map((part) => html`<p>${part}</p>`);
