import type { EntityManager } from '@mikro-orm/postgresql';
import { parisTime } from '../../clock.ts';
import { sqlIn } from '../../database/sql-in.ts';
import type { FlashAnswer } from '../../flashes/flash.rules.ts';
import { answerInFrench, NOBODY_ON_DUTY, NOT_VERIFIED } from '../../flashes/flash.words.ts';
import type { Deed, DoneDeed } from '../../office/audit.commands.ts';
import { writeLine } from '../log-line.commands.ts';
import { lineOn } from './deed-line.ts';
import { motive } from './deed-words.rules.ts';

/** A flash as a deed left it. The moment is text that `Date` reads. */
interface FlashThen {
  incident: string;
  report: string;
  commune: string | null;
  number: number;
  verified: boolean;
  hasContact: boolean;
  answer: FlashAnswer | null;
  answeredAt: string | null;
  remark: string | null;
  withdrawnFor: string | null;
}

/** A line tells neither the place nor the danger: these stand in the flash alone. */
const WORDS: Partial<Record<Deed['action'], (then: FlashThen) => string>> = {
  flashReport: ({ hasContact, verified }) =>
    `${hasContact ? 'envoyé au contact du Sdis' : NOBODY_ON_DUTY}${verified ? '' : ` (${NOT_VERIFIED})`}`,
  answerFlash: ({ answer, answeredAt, remark }) =>
    `${answer && answeredAt ? answerInFrench(answer, parisTime(new Date(answeredAt))) : ''}${remark ? ` : ${remark}` : ''}`,
  withdrawFlash: ({ withdrawnFor }) => `retiré${motive(withdrawnFor)}`,
};

export const isToldOfFlashes = (action: Deed['action']): boolean => WORDS[action] !== undefined;

const FLASH = `
  select f.incident_id as incident, f.report_id as report, r.commune, f.number, r.state in ('CONFIRMED', 'PARTLY_CONFIRMED') as verified,
    f.to_id is not null as "hasContact", f.answer, f.answered_at as "answeredAt", f.remark, f.withdrawn_for as "withdrawnFor"
  from flash f join report r on r.id = f.report_id where f.id = ?::uuid and f.incident_id is not null`;

/** Writes the line about a flash that was sent, answered or taken back. */
export async function logOnFlash(em: EntityManager, done: DoneDeed): Promise<void> {
  const [then] = await sqlIn(em)<FlashThen>(FLASH, [done.subject]);
  const said = then && WORDS[done.action]?.(then);
  if (!then || !said) return;
  const { incident, report, commune, number } = then;
  const about = { incident, report, communes: commune ? [commune] : [], important: true };
  await writeLine(em, lineOn(done, { ...about, text: `Flash n° ${number} : ${said}` }));
}
