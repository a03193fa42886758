import { demand } from '../../access/permissions.rules.ts';
import { readInput } from '../../errors.ts';
import { textsSchema } from '../../publications/content/content.ts';
import { FRENCH } from '../../publications/content/language.rules.ts';
import { bindTranslations } from '../../publications/content/translations.rules.ts';
import type { WatchedCap } from '../../watchers/reading/cap-message.ts';
import type { MessageRole } from '../../watchers/references.rules.ts';
import { type RelayedText, wordsOfMessage } from '../../watchers/relay.rules.ts';
import type { PublishingWork } from '../dossier/editorial-work.ts';
import { cancelPublication, declareOver } from '../publishing/public.commands.ts';
import { abandonDossier } from '../review/review.commands.ts';
import { asWritten } from './relayed-words.rules.ts';
import type { Relaying } from './relaying.queries.ts';

/**
 * Ends a dossier as the authority whose words it relays says: what is public is withdrawn, or over; what is not is given up.
 * What is public ends by who may end it without a message
 * too: a sender in a feed is no second person. FORBIDDEN for anybody else.
 */
export async function endRelay(
  work: PublishingWork,
  { id, version, isPublic, authority }: Relaying,
  { cap, role }: { cap: WatchedCap; role: MessageRole },
): Promise<{ id: string }> {
  const reason = role === 'UPDATE' ? `${authority} ne nomme plus l’Essonne.` : `${authority} a annulé ce message.`;
  if (!isPublic) return abandonDossier(work, { id, version, reason });
  if (role !== 'ALL_CLEAR') return cancelPublication(work, { id, version, reason });
  demand(work.actor, 'giveAllClear');
  return declareOver(work, { id, version, texts: closingTexts(wordsOfMessage(cap), authority) });
}

/** The words of an all clear as they were written, with a French sentence of ours where the authority wrote none. */
function closingTexts(written: RelayedText[], authority: string) {
  const french: RelayedText = {
    language: FRENCH,
    headline: 'Fin de l’alerte',
    description: `${authority} annonce la fin du danger.`,
    instruction: null,
  };
  const relayed = written.some(({ language }) => language === FRENCH) ? written : [french, ...written];
  const texts = asWritten(readInput(textsSchema, relayed, 'reportId'), relayed);
  return bindTranslations({ texts }, null).texts;
}
