/** Why a feed or a message cannot be read, in French: staff read it beside the watcher. */
export class FeedFault extends Error {
  override name = 'FeedFault';
  /** When the server asks to come back, as its header `Retry-After` says it. */
  readonly retryAfter: string | null;

  /** Whether the server said that nothing stands there; any other failure may pass. */
  readonly isAbsence: boolean;

  constructor(
    message: string,
    { retryAfter = null, isAbsence = false }: Partial<Pick<FeedFault, 'retryAfter' | 'isAbsence'>> = {},
  ) {
    super(message);
    this.retryAfter = retryAfter;
    this.isAbsence = isAbsence;
  }
}

/** Notes, in French, what a reader passed over: the rest is read, and staff find the note beside the watcher. */
export type NoteFault = (fault: string) => void;

/** A stranger's text in a sentence of a fault: short, and on one line. */
export const quoted = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return `« ${line.length > 60 ? `${line.slice(0, 59)}…` : line} »`;
};
