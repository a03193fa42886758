import type { EntityManager } from '@mikro-orm/postgresql';
import { sqlIn } from '../../database/sql-in.ts';
import type { Masking } from './personal.rules.ts';

interface FlashWords {
  what: string;
  place: string;
  remark: string | null;
  withdrawnFor: string | null;
}

/**
 * Takes people out of the words of the flash about a report, as out of the report. The caller has locked the report, which everybody
 * locks before its flash. Answers whether anybody was in them.
 */
export async function maskFlashWords(em: EntityManager, report: string, { mask }: Masking): Promise<boolean> {
  const sql = sqlIn(em);
  const [words] = await sql<FlashWords>(
    'select what, place, remark, withdrawn_for as "withdrawnFor" from flash where report_id = ?::uuid for update',
    [report],
  );
  if (!words) return false;
  const maskIf = (text: string | null) => text && mask(text);
  const { what, place, remark, withdrawnFor } = words;
  const before = [what, place, remark, withdrawnFor];
  const after = [mask(what), mask(place), maskIf(remark), maskIf(withdrawnFor)];
  if (after.every((text, index) => text === before[index])) return false;
  await sql('update flash set what = ?, place = ?, remark = ?, withdrawn_for = ? where report_id = ?::uuid', [
    ...after,
    report,
  ]);
  return true;
}
