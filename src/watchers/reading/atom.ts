import { childrenOf, trimmedText, type XmlElement } from '../../xml/tree.ts';
import type { NoteFault } from './feed-fault.ts';
import { dateOf, type FeedReader, itemOf, type WatchedItem, withoutTags } from './watched-item.ts';

export const ATOM = 'http://www.w3.org/2005/Atom';

/** Atom 1.0. */
export const atomReader: FeedReader = {
  format: 'ATOM',
  reads: ({ name, uri }) => name === 'feed' && uri === ATOM,
  read: (root, most, note) => ({
    title: trimmedText(root, 'title', ATOM),
    items: childrenOf(root, 'entry', ATOM)
      .slice(0, most)
      .map((entry) => atomItem(entry, note)),
  }),
};

function atomItem(entry: XmlElement, note: NoteFault): WatchedItem {
  const title = withoutTags(trimmedText(entry, 'title', ATOM));
  const summary = withoutTags(trimmedText(entry, 'summary', ATOM) ?? trimmedText(entry, 'content', ATOM));
  const links = childrenOf(entry, 'link', ATOM).map(({ attributes }) => attributes);
  const link = (links.find(({ rel }) => !rel || rel === 'alternate') ?? links[0])?.href?.trim() || null;
  const at = dateOf([trimmedText(entry, 'updated', ATOM), trimmedText(entry, 'published', ATOM)], note);
  return itemOf(entry, { identity: trimmedText(entry, 'id', ATOM) ?? link, title, summary, link, at }, note);
}
