import { html } from './html.ts';
import { PAGE_HEADERS } from './page-headers.ts';
import { STYLE } from './style.ts';
import { errorWords, words } from './words.ts';

/** The page for a person whose address leads to nothing, or to something that fails; `id` is what the log has it under. */
export function errorPage(status: number, id?: string) {
  const { title, advice } = errorWords(status);
  const text = `<!doctype html>\n${
    html`<html lang="fr" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} — ${words.title}</title>
<style>${STYLE}</style>
</head>
<body>
<header><p><a href="/">${words.title}</a></p></header>
<main>
<h1>${title}</h1>
<p>${advice}</p>
${id === undefined ? null : html`<p class="facts">${words.reference} : ${id}</p>`}
</main>
<footer><p><a href="/">${words.all}</a></p></footer>
</body>
</html>`.text
  }\n`;
  return { text, headers: PAGE_HEADERS };
}
