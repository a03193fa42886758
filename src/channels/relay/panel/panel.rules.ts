import { invalidInput } from '../../../errors.ts';
import type { PublicState } from '../../../publications/vocabulary.ts';
import { chooseForms, type Form, type Part } from '../choose-forms.rules.ts';
import { ordersToTry, type RelayFacts } from '../relay-facts.rules.ts';
import { abbreviated, panelText } from './panel-letters.rules.ts';
import { type PanelSize, panelLines, panelPages } from './panel-pages.rules.ts';

export interface PanelForm extends PanelSize {
  accents: boolean;
}

/** The pages of a message panel, each a list of lines. */
export interface Panel {
  pages: string[][];
  /** False where something had no room: then somebody has to look before it is shown. */
  complete: boolean;
}

/** The panels that there are: from one line of eight signs to a screen. */
const SIZES = { lines: [1, 12], columns: [8, 40] } as const;
const NOTHING: Panel = { pages: [], complete: false };

/** INVALID_INPUT for a size that no panel has. */
export function demandSize(size: PanelSize): void {
  const faults = (['lines', 'columns'] as const).flatMap((path) => {
    const [least, most] = SIZES[path];
    return size[path] >= least && size[path] <= most
      ? []
      : [{ path, message: `must lie between ${least} and ${most}` }];
  });
  if (faults.length > 0) throw invalidInput(faults);
}

/** Between the blocks of a form: each begins on a new line and stays on one page. */
const BLOCK = '\n\n';

/**
 * Subject, place, orders and hours, in French capitals on two pages at most. No word is cut and no order: a sentence
 * stands whole or not at all. Nothing is shown where even what it is, or that it is still to come, has no room.
 */
export function relayPanel(facts: RelayFacts, state: PublicState, form: PanelForm): Panel {
  const parts = partsOf(facts, state, form);
  const { mark } = facts.post;
  const repeated = facts.over || facts.detail !== null;
  const linesOf = linesKept(form.columns);
  const layOut = ([subject = '', ...others]: readonly string[]): string[][] | null => {
    const blocks = [...(mark ? [mark] : []), subject, ...others.flatMap((text) => text.split(BLOCK))]
      .filter((text) => text !== '')
      .map(linesOf);
    if (blocks.some((lines) => lines === null)) return null;
    const [marked = [], said = []] = mark ? (blocks as string[][]) : [[], ...(blocks as string[][])];
    const first = [...marked, ...said];
    const rest = (blocks as string[][]).slice(mark ? 2 : 1);
    return panelPages([first, ...rest], repeated ? first : marked, form);
  };
  const { texts, whole } = chooseForms(parts, (tried) => tried[0] !== '' && layOut(tried) !== null);
  if (texts[SUBJECT] === '' || (state === 'UPCOMING' && !whole[WINDOW])) return NOTHING;
  return { pages: layOut(texts) ?? [], complete: whole.every(Boolean) };
}

/** Sets each text in lines once, however many layouts are tried with it. */
function linesKept(columns: number): (text: string) => string[] | null {
  const known = new Map<string, string[] | null>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const lines = panelLines(text, columns);
    known.set(text, lines);
    return lines;
  };
}

const [SUBJECT, WINDOW] = [0, 4];

/** In reading order. A part that there is nothing to say of is whole, and takes no room. */
function partsOf(facts: RelayFacts, state: PublicState, { accents }: PanelForm): Part[] {
  const { post, subjects, barest, detail, orders } = facts;
  const inLines = (text: string) => text.replace(/ · |\s?: /gu, '\n');
  const shown = (text: string, whole: boolean): Form[] => {
    const capitals = panelText(text, accents);
    if (!capitals) return [];
    const short = abbreviated(capitals);
    return [capitals, ...(short === capitals ? [] : [short])].map((said) => ({ text: said, whole }));
  };
  const nothing: Form[] = [{ text: '', whole: true }];
  const spread = (subject: string, whole: boolean) => [inLines(subject), subject].flatMap((text) => shown(text, whole));
  return [
    {
      forms: [...subjects.flatMap((subject) => spread(subject, true)), ...spread(barest, subjects.includes(barest))],
      rank: 0,
    },
    { forms: detail === null ? nothing : shown(detail, true), rank: 1 },
    { forms: facts.places(3).flatMap((place) => shown(place, true)), rank: 2 },
    { forms: orders.length === 0 && !facts.moreOrders ? nothing : orderForms(facts, shown), rank: 4 },
    {
      forms: post.window.length === 0 ? nothing : post.window.slice(-1).flatMap((said) => shown(said, true)),
      rank: state === 'UPCOMING' ? 0 : 3,
    },
  ];
}

/** Orders one below the other, up to one that has letters which the panel lacks. */
function orderForms(facts: RelayFacts, shown: (text: string, whole: boolean) => Form[]): Form[] {
  const said = facts.orders.map((order) => shown(order, true));
  const unsaid = said.findIndex(({ length }) => length === 0);
  const known = unsaid < 0 ? said : said.slice(0, unsaid);
  const joined = (forms: Form[][], index: 0 | -1) => forms.map((form) => form.at(index)?.text ?? '').join(BLOCK);
  return ordersToTry(known, facts).flatMap(({ orders, whole }) =>
    [...new Set([joined(orders, 0), joined(orders, -1)])].map((text) => ({ text, whole: whole && unsaid < 0 })),
  );
}
