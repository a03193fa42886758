import type { TurnRules } from '../../allowance/account-turns.ts';

/** Pictures that a process has in hand at a time, each of up to 20 MB in memory. */
export const UPLOAD_TURNS: TurnRules = {
  name: 'uploads',
  most: { all: 8, own: 3 },
  words: {
    all: 'other people send pictures: try again soon',
    own: 'pictures of yours are on their way already: try again soon',
  },
  retrySeconds: 5,
};
