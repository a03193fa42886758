import type { EntityManager } from '@mikro-orm/postgresql';
import { sqlIn } from '../../database/sql-in.ts';
import type { PublicDocument } from '../../publications/document.ts';
import type { Departed } from '../../publications/ending/departed.rules.ts';
import { kindOf } from '../../publications/kinds.ts';
import { newsRevisionOf } from '../../publications/news.rules.ts';

/** Whether a letter asks who takes charge: of a danger that is not over, and still concerns the institution. */
export const asksToBeRead = (document: PublicDocument, departed: Departed | null): boolean =>
  kindOf(document.kind).danger(document) !== null && !document.cancelled && !document.allClear && departed === null;

/** An institution that is written to, and whether the change rings for it. */
export interface AskedInstitution {
  institution: string;
  ring: boolean;
}

/** Asks institutions to say who takes charge: anew where the change rings, and never again for what is no louder. */
export async function askNotices(
  em: EntityManager,
  document: PublicDocument,
  asked: readonly AskedInstitution[],
  now: Date,
): Promise<void> {
  const ask = (some: readonly AskedInstitution[], conflict: string) =>
    sqlIn(em)(
      `insert into institution_notice (id, institution_id, publication, revision, asked_at)
       select gen_random_uuid(), w.id, ?, ?, ? from unnest(?::uuid[]) as w(id)
       on conflict (institution_id, publication) do ${conflict}`,
      [
        document.id,
        newsRevisionOf(document),
        now.toISOString(),
        `{${some.map(({ institution }) => institution).join(',')}}`,
      ],
    );
  const [loud, quiet] = [asked.filter(({ ring }) => ring), asked.filter(({ ring }) => !ring)];
  if (loud.length > 0)
    await ask(
      loud,
      'update set revision = excluded.revision, asked_at = excluded.asked_at, acknowledged_at = null, acknowledged_as = null',
    );
  if (quiet.length > 0) await ask(quiet, 'nothing');
}
