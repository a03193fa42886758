/** Why a feed or a message cannot be read, in French: staff read it beside the watcher. */
export class FeedFault extends Error {
  override name = 'FeedFault';
}
