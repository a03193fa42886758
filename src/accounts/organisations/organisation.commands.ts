import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuid } from 'uuid';
import { z } from 'zod';
import { Account } from '../../access/account.entity.ts';
import { Organisation, type OrganisationRow } from '../../access/organisations/organisation.entity.ts';
import {
  DEPARTEMENT_ID,
  type NamedOrganisation,
  ORGANISATION_KINDS,
} from '../../access/organisations/organisation.rules.ts';
import { type Action, demand } from '../../access/permissions.rules.ts';
import { instant } from '../../clock.ts';
import { sqlIn } from '../../database/sql-in.ts';
import { HubError, invalidInput, readInput } from '../../errors.ts';
import { demandVersion, lockRow, notFound } from '../../office/lock.queries.ts';
import type { UnitOfWork } from '../../office/unit-of-work.ts';
import { moment } from '../../publications/content/moment.ts';
import { plainLine } from '../../publications/content/text/plain-text.ts';
import { isUuid } from '../../uuid.ts';
import { changeAccount, lockAccount, type OneAccount } from '../account.commands.ts';

export interface OneOrganisation {
  id: string;
  version: number;
}

const names = z.object({ name: plainLine(200), shortName: plainLine(40) });
const description = names.extend({ kind: z.enum(ORGANISATION_KINDS) });

/** Writes an organisation down. INVALID_INPUT for the name of another one that is open. */
export async function createOrganisation(work: UnitOfWork, input: NamedOrganisation): Promise<{ id: string }> {
  const { em, clock } = work;
  demand(work.actor, 'createOrganisation');
  const read = readInput(description, input);
  await demandFreeName(em, read.name);
  const { id } = em.create(Organisation, { id: uuid(), version: 1, ...read, createdAt: clock.now(), endedAt: null });
  await em.flush();
  return { id };
}

/** Gives an organisation other names, from now on: what it published and signed keeps the name of its moment (I-31). */
export async function renameOrganisation(
  work: UnitOfWork,
  { name, shortName, ...which }: OneOrganisation & { name: string; shortName: string },
): Promise<{ id: string }> {
  const organisation = await lockOpen(work, 'renameOrganisation', which);
  const read = readInput(names, { name, shortName });
  await demandFreeName(work.em, read.name, organisation.id);
  return change(work, organisation, read);
}

/** Closes an organisation for good. WRONG_STAGE while accounts belong to it that may come in, and for that of the Département. */
export async function closeOrganisation(work: UnitOfWork, which: OneOrganisation): Promise<{ id: string }> {
  const organisation = await lockOpen(work, 'closeOrganisation', which);
  if (organisation.id === DEPARTEMENT_ID)
    throw new HubError('WRONG_STAGE', 'the organisation of the Département never closes');
  const members = await work.em.count(Account, { organisation: organisation.id, disabledAt: null });
  if (members > 0)
    throw new HubError('WRONG_STAGE', `${members} account(s) belong to this organisation: move or disable them first`);
  return change(work, organisation, { endedAt: work.clock.now() });
}

const directNumbers = z
  .array(
    z.object({
      label: plainLine(60),
      number: z.string().regex(/^\+?\d[\d .]{1,24}$/, 'must be a telephone number: digits, blanks and dots'),
      checkedAt: moment,
    }),
  )
  .max(10, 'must hold at most 10 numbers');

/** Writes down at which numbers staff reach an organisation directly: the whole of them, the first one to be called first. */
export async function setDirectNumbers(
  work: UnitOfWork,
  { numbers, ...which }: OneOrganisation & { numbers: unknown },
): Promise<{ id: string }> {
  const organisation = await lockOpen(work, 'setDirectNumbers', which);
  const read = readInput(directNumbers, numbers, 'numbers');
  const now = work.clock.now().getTime();
  const faults = read.flatMap(({ checkedAt }, index) =>
    instant(checkedAt) > now ? [{ path: `numbers.${index}.checkedAt`, message: 'must not lie in the future' }] : [],
  );
  if (faults.length > 0) throw invalidInput(faults);
  return change(work, organisation, { directNumbers: read });
}

/** Puts an account into another organisation. Nobody moves their own. */
export async function moveAccount(
  work: UnitOfWork,
  { organisation, ...which }: OneAccount & { organisation: string },
): Promise<{ id: string }> {
  const { account, actor } = await lockAccount(work, 'moveAccount', which);
  if (account.id === actor.id)
    throw invalidInput([{ path: 'id', message: 'is your own account: another ADMIN can move it' }]);
  return changeAccount(work, account, { organisation: await openOrganisation(work.em, organisation) });
}

/** An organisation to which accounts may belong. NOT_FOUND where there is none, WRONG_STAGE where it is closed. */
export async function openOrganisation(em: EntityManager, id: string): Promise<OrganisationRow> {
  const found = isUuid(id) ? await em.findOne(Organisation, { id: id.toLowerCase() }, { refresh: true }) : null;
  if (!found) throw notFound('organisation', id);
  demandOpen(found);
  return found;
}

async function lockOpen(
  { em, actor }: UnitOfWork,
  action: Action,
  { id, version }: OneOrganisation,
): Promise<OrganisationRow> {
  demand(actor, action);
  const organisation: OrganisationRow = await lockRow(em, { entity: Organisation, name: 'organisation' }, id);
  demandVersion(organisation, 'organisation', version);
  demandOpen(organisation);
  return organisation;
}

function demandOpen({ endedAt, name }: OrganisationRow): void {
  if (endedAt) throw new HubError('WRONG_STAGE', `${name} is closed`);
}

/** Two who name organisations at the same moment come here one after the other, so that the second reads the name of the first. */
async function demandFreeName(em: EntityManager, name: string, beside: string | null = null): Promise<void> {
  const sql = sqlIn(em);
  await sql(`select pg_advisory_xact_lock(hashtext('tocsin organisations'))`);
  const taken = await sql(
    'select from organisation where ended_at is null and lower(name) = lower(?) and id is distinct from ?::uuid',
    [name, beside],
  );
  if (taken.length > 0) throw invalidInput([{ path: 'name', message: 'is the name of another organisation' }]);
}

async function change(
  { em }: UnitOfWork,
  organisation: OrganisationRow,
  to: Partial<Pick<OrganisationRow, 'name' | 'shortName' | 'endedAt' | 'directNumbers'>>,
): Promise<{ id: string }> {
  Object.assign(organisation, { ...to, version: organisation.version + 1 });
  await em.flush();
  return { id: organisation.id };
}
