/** Words without commas, quotes or brackets, as PostgreSQL writes a list of them. */
export const arrayOf = (words: readonly string[] | null): string | null => words && `{${words.join(',')}}`;
