import { createHash } from 'node:crypto';
import { sqlIn } from '../../database/sql-in.ts';
import { insertion, type Write, writeTogether } from '../../database/writes.ts';
import { HubError } from '../../errors.ts';
import { type AlertDocument, type CapMessage, currentMessage } from '../../publications/alert/alert.content.ts';
import { CapMessageRecord, CapSeal } from '../../publications/cap-seal.entity.ts';
import type { PublicDocument } from '../../publications/document.ts';
import { kindOf } from '../../publications/kinds.ts';
import type { SealedMessage } from '../../publications/seal.ts';
import type { EditorialWork } from '../dossier/editorial-work.ts';

/**
 * The rows that keep the newest CAP message of a document for ever, as the bytes that were rendered, signed and checked now.
 * Throws NOT_LINTED with the findings where a rule of CAP forbids it: nothing has been written then. Other kinds have none.
 */
export function sealedMessage(work: EditorialWork, document: PublicDocument): Write[] {
  const alert = kindOf(document.kind).capAlert?.(document);
  if (!alert) return [];
  const { xml } = demandSealable(work, alert);
  const { identifier, sent } = messageOf(alert);
  const { id: thread, revision } = document;
  return [
    insertion(work.em, CapMessageRecord, { identifier, thread, revision, sent: new Date(sent) }),
    sealOf(work, alert, identifier, xml),
  ];
}

/** The newest CAP message of a document, which may leave. Throws NOT_LINTED with the findings where it may not. */
export function demandSealable(work: Pick<EditorialWork, 'seal'>, document: AlertDocument): SealedMessage {
  const sealed = work.seal(document);
  const errors = sealed.findings.filter(({ level }) => level === 'ERROR');
  if (errors.length > 0)
    throw new HubError('NOT_LINTED', errors.map(({ path, message }) => `${path}: ${message}`).join(' '), {
      findings: sealed.findings,
    });
  return sealed;
}

/**
 * Seals the messages of a database from before messages were kept, as their documents tell them; answers how many. They
 * left long ago: what the rules say against them changes nothing any more.
 */
export async function sealEarlier(work: EditorialWork): Promise<number> {
  await sqlIn(work.em)(`select pg_advisory_xact_lock(hashtext('tocsin cap message'))`);
  const rows = await sqlIn(work.em)<{ document: AlertDocument }>(
    `select j.document from cap_message m join lateral (
       select document from journal_entry where subject = m.thread and document->'messages'->-1->>'identifier' = m.identifier
       order by position limit 1) j on true
     where not exists (select 1 from cap_seal s where s.identifier = m.identifier) order by m.sent`,
  );
  for (const { document } of rows)
    await writeTogether(work.em, [sealOf(work, document, messageOf(document).identifier, work.seal(document).xml)]);
  return rows.length;
}

function messageOf(document: AlertDocument): CapMessage {
  const message = currentMessage(document);
  if (!message) throw new Error(`alert ${document.id} has no CAP message`);
  return message;
}

function sealOf({ em, clock }: EditorialWork, document: AlertDocument, identifier: string, xml: string): Write {
  const bytes = Buffer.from(xml);
  return insertion(em, CapSeal, {
    identifier,
    thread: document.id,
    revision: document.revision,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    bytes,
    sealedAt: clock.now(),
  });
}
