/** A paragraph, or a list under a title: bodies are made of these before they become text or HTML. */
export type Block = { text: string } | { title: string; items: readonly string[] };

/** Nothing where there is no text. */
export const paragraph = (text: string | undefined | null): Block[] => (text ? [{ text }] : []);

/** Nothing where there are no items. */
export const titledList = (title: string, items: readonly string[]): Block[] =>
  items.length > 0 ? [{ title, items }] : [];
