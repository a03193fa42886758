/** What the contract names and the schema does not hold yet, as graphql-js says it. This list may only shrink. */
export const MISSING: readonly string[] = [];
