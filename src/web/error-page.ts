import { html } from './html.ts';
import { pageText } from './page.ts';
import { PAGE_HEADERS } from './page-headers.ts';
import { errorWords, words } from './words.ts';

/** The page for a person whose address leads to nothing, or to something that fails; `id` is what the log has it under. */
export function errorPage(status: number, id?: string) {
  const { title, advice } = errorWords(status);
  const text = pageText({
    title: `${title} — ${words.title}`,
    head: html`<meta name="robots" content="noindex">`,
    body: html`<header><p><a href="/">${words.title}</a></p></header>
<main>
<h1>${title}</h1>
<p>${advice}</p>
${id === undefined ? null : html`<p class="facts">${words.reference} : ${id}</p>`}
</main>
<footer><p><a href="/">${words.all}</a></p></footer>`,
  });
  return { text, headers: PAGE_HEADERS };
}
