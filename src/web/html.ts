import { escape as escapeHtml } from 'html-escaper';

/** HTML that is safe to put into HTML. Only `html` makes it. */
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
