/** Most bytes of a picture as it is sent. */
export const MOST_PICTURE_BYTES = 20_000_000;

/** Most pictures of one report. */
export const MOST_OF_A_REPORT = 10;

/** Most pictures of one person that no report has yet. */
export const MOST_WAITING = 20;

/** How long a picture waits for its report before it is erased. */
export const WAITING_MS = 24 * 3_600_000;

/** Where pictures are sent to, and below which each is found by those who may see it. */
export const PICTURES_PATH = '/desk/pictures';
