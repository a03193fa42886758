import { type Html, html } from './html.ts';
import { STYLE } from './style.ts';

/** The parts of a page. */
interface PageParts {
  title: string;
  /** Vocabularies beyond HTML's own that the head speaks, as the attribute `prefix` has them. */
  prefix?: string;
  head: Html | readonly Html[];
  body: Html;
  /** The one sheet inside, where it is not that of the public's pages; the headers name it. */
  sheet?: Html;
}

/** The text of a page in French. */
export const pageText = ({ title, prefix, head, body, sheet = STYLE }: PageParts): string =>
  `<!doctype html>\n${
    html`<html lang="fr" dir="ltr"${prefix === undefined ? null : html` prefix="${prefix}"`}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
${head}
<style>${sheet}</style>
</head>
<body>
${body}
</body>
</html>`.text
  }\n`;
