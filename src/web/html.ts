import { linkedDataText } from '../formats/json-ld.ts';
import { escapeHtml } from '../formats/text/escape-html.ts';

/** HTML that is safe to put into HTML. Only this file makes it. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = string | number | Html | null | undefined | readonly Part[];

const render = (part: Part): string => {
  if (part instanceof Html) return part.text;
  if (Array.isArray(part)) return part.map(render).join('');
  return part === null || part === undefined ? '' : escapeHtml(String(part));
};

/** Everything put into the template is escaped, except HTML made by this same tag; lists are joined, null is nothing. */
export const html = (strings: TemplateStringsArray, ...parts: Part[]): Html =>
  new Html(strings.map((text, index) => text + render(parts[index])).join(''));

/** Linked data in a page: no script that runs, so that the policy of pages need not allow any. */
export const linkedDataScript = (data: object): Html =>
  new Html(`<script type="application/ld+json">${linkedDataText(data)}</script>`);
