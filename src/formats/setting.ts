import type { Territory } from '../territory/territory.ts';

/** The values beside the documents that most formats need. */
export interface FormatSetting {
  territory: Territory;
  /** Base of permalinks, without a trailing slash. */
  publicUrl: string;
  /** BCP 47 tag of the wished language; a format takes the best match that follows today's French. */
  language: string;
}
