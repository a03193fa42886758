import { invalidInput } from '../errors.ts';

/** The part of a list that a client asks for. */
export interface PageRequest {
  first: number;
  /** The cursor of the last item that the client has. */
  after?: string | null;
}

const LARGEST_PAGE = 100;
/** What staff may ask of a list of the desk, which is read by as many statements as a short one. */
export const LARGEST_DESK_PAGE = 300;

/** Throws INVALID_INPUT for a page size that cannot be. */
export function demandFirst(first: number, largest = LARGEST_PAGE): void {
  if (!Number.isInteger(first) || first < 1 || first > largest)
    throw invalidInput([{ path: 'first', message: `must lie between 1 and ${largest}` }]);
}

export interface Edge<Node> {
  cursor: string;
  node: Node;
}

/** Where a page stands in its list, which may hold more on either side. */
interface Surroundings {
  hasNextPage: boolean;
  hasPreviousPage(): boolean | Promise<boolean>;
  totalCount(): number | Promise<number>;
}

/**
 * A page of an ordered list, as connections answer it. graphql-js calls a function only where a client selects the field:
 * no edge is made, no cursor written and nothing counted for a client that wants none.
 */
export interface Page<Node> {
  nodes: readonly Node[];
  edges(): Edge<Node>[];
  pageInfo: Pick<Surroundings, 'hasNextPage' | 'hasPreviousPage'> & {
    startCursor(): string | null;
    endCursor(): string | null;
  };
  totalCount: Surroundings['totalCount'];
}

/** The page of these rows. The list's key is part of a row, and a row may hold more than its node. */
export function pageOf<Row, Node>(
  rows: readonly Row[],
  nodeOf: (row: Row) => Node,
  cursorOf: (row: Row) => string,
  { hasNextPage, hasPreviousPage, totalCount }: Surroundings,
): Page<Node> {
  const cursorAt = (index: number) => {
    const row = rows.at(index);
    return row === undefined ? null : cursorOf(row);
  };
  return {
    nodes: rows.map(nodeOf),
    edges: () => rows.map((row) => ({ cursor: cursorOf(row), node: nodeOf(row) })),
    pageInfo: { hasNextPage, hasPreviousPage, startCursor: () => cursorAt(0), endCursor: () => cursorAt(-1) },
    totalCount,
  };
}

/** A page of a list that is in memory as a whole; `from` is the index of its first row, negative behind the last one. */
export function pageFrom<Row, Node>(
  list: readonly Row[],
  from: number,
  first: number,
  nodeOf: (row: Row) => Node,
  cursorOf: (row: Row) => string,
): Page<Node> {
  const start = from < 0 ? list.length : from;
  return pageOf(list.slice(start, start + first), nodeOf, cursorOf, {
    hasNextPage: start + first < list.length,
    hasPreviousPage: () => start > 0,
    totalCount: () => list.length,
  });
}

/** The same page of what is made of each node, once for `nodes` and `edges` together. */
export function mapPage<From, To>(page: Page<From>, make: (node: From) => To): Page<To> {
  const nodes = page.nodes.map(make);
  const edges = () =>
    page.edges().flatMap(({ cursor }, index) => nodes.slice(index, index + 1).map((node) => ({ cursor, node })));
  return { ...page, nodes, edges };
}
