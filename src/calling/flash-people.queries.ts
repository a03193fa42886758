import type { EntityManager } from '@mikro-orm/postgresql';
import { OWN_ISSUERS } from '../access/own-issuers.rules.ts';
import { sqlIn } from '../database/sql-in.ts';
import type { Mode } from '../publications/vocabulary.ts';
import type { FlashPeople } from './flash-turn.rules.ts';
import { ON_DUTY, WITH_THE_ROLE } from './ladder.queries.ts';

/** A flash as far as it decides who is rung. */
export interface FlashCalling {
  incident: string | null;
  mode: Mode;
  sender: string;
}

interface Person {
  account: string;
  part: 'CONTACT' | 'OFFICER' | 'LEAD' | 'ROLE' | 'SENDER';
}

/** The people who may be rung: those of the incident first, then of the standing roster, then of others; in an exercise those of it alone. */
const PEOPLE = `
  select q.account, q.part from (
    select d.account, case d.tier when 'LEAD' then 'LEAD' else 'CONTACT' end as part, d.distance, d.rank, d.since from (${ON_DUTY}) d
    union all
    select d.account, 'OFFICER', d.distance, d.rank, d.since from (${ON_DUTY}) d where d.tier <> 'LEAD'
    union all ${WITH_THE_ROLE}
    union all select ?::uuid, 'SENDER', 0, 0, now()) q
  join account a on a.id = q.account and a.disabled_at is null and a.issuer not in (?)
  order by q.distance, q.rank, q.since, a.id`;

/** The people who may be rung for a flash as the roster stands, but for disabled accounts. Its sender is the sender alone, and no contact. */
export async function flashPeople(
  em: EntityManager,
  { incident, mode, sender }: FlashCalling,
  now: Date,
): Promise<FlashPeople> {
  const at = now.toISOString();
  const onDuty = (dutyFunction: string) => [incident, dutyFunction, at, at, mode, incident];
  const people = await sqlIn(em)<Person>(PEOPLE, [
    ...onDuty('SDIS_CONTACT'),
    ...onDuty('DUTY_OFFICER'),
    ...['DUTY_OFFICER', mode, incident],
    sender,
    OWN_ISSUERS,
  ]);
  const of = (part: Person['part']) =>
    people.flatMap(({ account, part: its }) =>
      its === part && (account !== sender || its === 'SENDER') ? [account] : [],
    );
  const officers = of('OFFICER');
  return {
    contacts: [...new Set(of('CONTACT'))],
    officers: officers.length > 0 ? officers : of('ROLE'),
    leads: of('LEAD'),
    sender: of('SENDER'),
  };
}

/** The sender of the flash about a report; the call about it has its incident and mode. */
export async function flashSender(em: EntityManager, report: string | null): Promise<string> {
  const [row] = await sqlIn(em)<{ sender: string }>(
    'select sent_by_id as sender from flash where report_id = ?::uuid',
    [report],
  );
  if (!row) throw new Error(`there is no flash about the report ${report}, and somebody is called to it`);
  return row.sender;
}

/** The organisation of the first contact who is rung for a flash that is about to be sent; null where nobody is on duty. */
export async function firstContact(em: EntityManager, calling: FlashCalling, now: Date): Promise<string | null> {
  const { contacts } = await flashPeople(em, calling, now);
  if (contacts[0] === undefined) return null;
  const [row] = await sqlIn(em)<{ id: string }>('select organisation_id as id from account where id = ?', [
    contacts[0],
  ]);
  return row?.id ?? null;
}
