import type { TurnRules } from '../allowance/account-turns.ts';

/** Files that a process sends at a time: each may hold a connection to PostgreSQL for as long as its client reads. */
export const EXPORT_TURNS: TurnRules = {
  name: 'exports',
  most: { all: 2, own: 1 },
  words: {
    all: 'other people take files away: try again soon',
    own: 'a file is on its way to you already: wait for its end',
  },
  retrySeconds: 15,
};
