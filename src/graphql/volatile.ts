/**
 * Marks a field whose value is not settled by the document alone: it follows the clock, or what else is public. Every
 * other field below a publication is settled for ever by its revision, and so may be computed and rendered once.
 */
export const VOLATILE = { volatile: true } as const;
