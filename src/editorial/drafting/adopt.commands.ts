import type { EntityManager } from '@mikro-orm/postgresql';
import { demand } from '../../access/permissions.rules.ts';
import { sqlIn } from '../../database/sql-in.ts';
import { HubError, invalidInput } from '../../errors.ts';
import { readContent } from '../../publications/content/read-content.ts';
import { withClosedDirections } from '../../publications/content/text/visible-text.ts';
import { bindTranslations } from '../../publications/content/translations.rules.ts';
import { isUuid } from '../../uuid.ts';
import { type RelayedText, relayOf } from '../../watchers/relay.rules.ts';
import { messageOf } from '../../watchers/watcher.queries.ts';
import type { DossierRow } from '../dossier/dossier.entity.ts';
import type { EditorialWork } from '../dossier/editorial-work.ts';
import { openDossier } from './draft.commands.ts';

/**
 * Opens a dossier that relays the CAP message of a trusted authority, word for word (I-03): it can be reviewed and
 * published, and never edited. It rests on the report that brought the message, so that must be confirmed first (I-11).
 * FORBIDDEN where the sender is not trusted, CONFLICT where the message was adopted before.
 */
export async function adoptMessage(
  work: EditorialWork,
  { reportId, hazard }: { reportId: string; hazard: string },
): Promise<DossierRow> {
  const { em, actor, territory } = work;
  demand(actor, 'adoptMessage');
  const message = isUuid(reportId) ? await messageOf(em, reportId.toLowerCase()) : null;
  if (!message) throw new HubError('NOT_FOUND', `there is no CAP message behind report ${reportId}`);
  const { cap, trusted } = message;
  if (!trusted)
    throw new HubError('FORBIDDEN', `no watcher trusts ${cap.sender}: its words are not relayed as they are`);
  const relay = relayOf(cap, territory);
  if (!relay) throw invalidInput([{ path: 'reportId', message: 'must be of a message that concerns the Essonne' }]);
  await demandNew(em, reportId, relay.source.reference);
  const read = readContent('ALERT', { ...relay, hazard, reportIds: [reportId.toLowerCase()] }, territory);
  // Reading trims and normalises what people type. What is relayed stays as its authority wrote it.
  const texts = read.texts.map((text) => ({ ...text, ...wordsOf(relay.texts, text.language) }));
  demandClosedDirections(relay.texts);
  return openDossier(work, actor, 'ALERT', bindTranslations({ ...read, texts }, null));
}

/** Words that turn the page round cannot be shown, and none of them is changed (I-03). */
function demandClosedDirections(texts: readonly RelayedText[]): void {
  for (const { language, headline, description, instruction } of texts)
    for (const words of [headline, description, instruction ?? ''])
      if (withClosedDirections(words) !== words)
        throw invalidInput([
          {
            path: 'reportId',
            message: `must be of a message that can be shown; its ${language} text opens a direction and leaves it open`,
          },
        ]);
}

const wordsOf = (texts: readonly RelayedText[], language: string): RelayedText | undefined =>
  texts.find((text) => text.language === language);

async function demandNew(em: EntityManager, report: string, reference: string): Promise<void> {
  const [known] = await sqlIn(em)<{ id: string }>(
    `select d.id from dossier_report l join dossier d on d.id = l.dossier_id join revision r on r.dossier_id = d.id
     where l.report_id = ? and d.stage <> 'ABANDONED' and (r.content->'source'->>'relayed')::boolean
       and r.content->'source'->>'reference' = ? limit 1`,
    [report, reference],
  );
  if (known) throw new HubError('CONFLICT', `this message was adopted before, as dossier ${known.id}`);
}
