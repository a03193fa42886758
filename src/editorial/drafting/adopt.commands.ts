import type { EntityManager } from '@mikro-orm/postgresql';
import { demand } from '../../access/permissions.rules.ts';
import { sqlIn } from '../../database/sql-in.ts';
import { HubError, invalidInput } from '../../errors.ts';
import type { Content } from '../../publications/content/content.ts';
import { readContent } from '../../publications/content/read-content.ts';
import { bindTranslations } from '../../publications/content/translations.rules.ts';
import { isUuid } from '../../uuid.ts';
import type { WatchedCap } from '../../watchers/reading/cap-message.ts';
import { isPublic, roleOf } from '../../watchers/references.rules.ts';
import { relayOf } from '../../watchers/relay.rules.ts';
import { messageOf } from '../../watchers/watcher.queries.ts';
import type { EditorialWork, PublishingWork } from '../dossier/editorial-work.ts';
import { findingsOf } from '../review/lint.rules.ts';
import { openDossier, saveRevision } from './draft.commands.ts';
import { endRelay } from './end-relay.commands.ts';
import { asWritten } from './relayed-words.rules.ts';
import { demandRelaying } from './relaying.queries.ts';

interface Adopted {
  reportId: string;
  hazard: string;
}

/**
 * Relays the CAP message of a trusted authority, word for word (I-03): it can be reviewed and published, and never edited.
 * It rests on the report that brought the message, so that must be confirmed first (I-11). A first message opens a dossier;
 * an Update revises the dossier that relays what it refers to; a Cancel, an all clear, and an Update that no longer concerns
 * the Essonne, end it. FORBIDDEN where the sender is not trusted, CONFLICT where the message was adopted before.
 */
export async function adoptMessage(work: PublishingWork, { reportId, hazard }: Adopted): Promise<{ id: string }> {
  const { em, actor, territory } = work;
  demand(actor, 'adoptMessage');
  const report = reportId.toLowerCase();
  const message = isUuid(report) ? await messageOf(em, report) : null;
  if (!message) throw new HubError('NOT_FOUND', `there is no CAP message behind report ${reportId}`);
  const { cap, trusted } = message;
  if (!trusted)
    throw new HubError('FORBIDDEN', `no watcher trusts ${cap.sender}: its words are not relayed as they are`);
  demandForEverybody(cap);
  const role = roleOf(cap);
  const relay = relayOf(cap, territory);
  if (role === 'ALERT') {
    if (!relay) throw refused('must be of a message that concerns the Essonne');
    await demandNew(em, report, relay.source.reference);
    return openDossier(work, actor, 'ALERT', contentOf(work, { ...relay, hazard, reportIds: [report] }));
  }
  const relaying = await demandRelaying(em, cap);
  if (role !== 'UPDATE' || !relay) return endRelay(work, relaying, { cap, role });
  await demandNew(em, report, relay.source.reference);
  return saveRevision(work, 'ALERT', {
    ...relaying,
    relays: true,
    over: ({ reportIds }) =>
      contentOf(work, { ...relay, hazard, reportIds: [...reportIds.filter((id) => id !== report), report] }),
  });
}

/** Throws INVALID_INPUT for an exercise or test, a reply, and a message that is not for everybody. */
function demandForEverybody(cap: WatchedCap): void {
  if (!isPublic(cap)) throw refused(`must be of a message for everybody: the scope of this one is ${cap.scope}`);
  if (cap.status !== 'Actual') throw refused(`must be of a real message: the status of this one is ${cap.status}`);
  if (roleOf(cap) === 'REPLY') throw refused(`must be of a warning: this message is of type ${cap.msgType}`);
}

const refused = (message: string) => invalidInput([{ path: 'reportId', message }]);

type Relayed = NonNullable<ReturnType<typeof relayOf>> & { hazard: string; reportIds: string[] };

/** The content that relays a message. INVALID_INPUT, with the findings, where it could never be published: nobody edits it. */
function contentOf({ territory, clock }: EditorialWork, relayed: Relayed): Content {
  const read = readContent('ALERT', relayed, territory);
  const content = bindTranslations({ ...read, texts: asWritten(read.texts, relayed.texts) }, null);
  // The reports may still be confirmed (I-11).
  const errors = findingsOf('ALERT', content, { states: new Map(), confirmed: null }, clock.now()).filter(
    ({ rule, level }) => level === 'ERROR' && rule !== 'I-11',
  );
  if (errors.length > 0)
    throw invalidInput(errors.map(({ path, message }) => ({ path: 'reportId', message: `${path}: ${message}` })));
  return content;
}

/** CONFLICT where a dossier relays this message, by whichever report: copies of it in the same words are one message. */
async function demandNew(em: EntityManager, report: string, reference: string): Promise<void> {
  const [known] = await sqlIn(em)<{ id: string }>(
    `select d.id
     from feed_origin o join feed_origin c on c.report_id = o.report_id or (c.thing = o.thing and c.words = o.words)
         or (c.key = o.thing and c.thing is null)
       join dossier_report l on l.report_id = c.report_id join dossier d on d.id = l.dossier_id
       join revision r on r.dossier_id = d.id
     where o.report_id = ? and d.stage <> 'ABANDONED' and (r.content->'source'->>'relayed')::boolean
       and r.content->'source'->>'reference' = ? limit 1`,
    [report, reference],
  );
  if (known) throw new HubError('CONFLICT', `this message was adopted before, as dossier ${known.id}`);
}
