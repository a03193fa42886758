import type { FieldPolicy } from '@apollo/client';

interface Page {
  nodes?: readonly unknown[];
  edges?: readonly unknown[];
  pageInfo?: Readonly<Record<string, unknown>>;
}

/**
 * A list that is read page by page, for Apollo Client's `fetchMore`: what comes `after` a cursor stands behind what was there. Every
 * other argument names another list, `first` included, so that a badge that reads five leaves the list of twenty as it is.
 */
export const pages: FieldPolicy<Page> = {
  keyArgs: (args) =>
    Object.keys(args ?? {})
      .filter((name) => name !== 'after')
      .sort(),
  merge(existing, incoming, { args }) {
    if (!existing || !args?.after) return { ...existing, ...incoming };
    const follows = existing.pageInfo?.endCursor === args.after;
    return {
      ...existing,
      ...incoming,
      ...joined('nodes', existing, incoming, follows),
      ...joined('edges', existing, incoming, follows),
      ...(incoming.pageInfo && {
        pageInfo: { ...incoming.pageInfo, ...beginningOf(existing.pageInfo) },
      }),
    };
  },
};

/** Where the list goes on, what comes again moves; where a page is read again, the list ends with it. */
function joined(name: 'nodes' | 'edges', existing: Page, incoming: Page, follows: boolean): Page {
  const before = existing[name];
  const after = incoming[name];
  if (!before || !after) return {};
  const coming = new Set(after.map((item) => JSON.stringify(item)));
  const comesAgain = (item: unknown) => coming.has(JSON.stringify(item));
  const again = before.findIndex(comesAgain);
  const kept = follows ? before.filter((item) => !comesAgain(item)) : before.slice(0, again < 0 ? undefined : again);
  return { [name]: [...kept, ...after] };
}

function beginningOf(pageInfo: Page['pageInfo'] = {}): object {
  return Object.fromEntries(
    ['startCursor', 'hasPreviousPage'].flatMap((name) => (name in pageInfo ? [[name, pageInfo[name]]] : [])),
  );
}
