import { v7 as uuid } from 'uuid';
import { z } from 'zod';
import { demand } from '../access/permissions.rules.ts';
import { openOrganisation } from '../accounts/organisations/organisation.commands.ts';
import { readChangeFilter } from '../board/filter/change-filter.rules.ts';
import { sqlIn } from '../database/sql-in.ts';
import { HubError, invalidInput, readInput } from '../errors.ts';
import { demandVersion } from '../office/lock.queries.ts';
import { optional, optionalId } from '../publications/content/content.ts';
import { FRENCH, languageTag } from '../publications/content/language.rules.ts';
import { plainLine } from '../publications/content/text/plain-text.ts';
import { KINDS, SEVERITIES } from '../publications/vocabulary.ts';
import { Institution } from './institution.entity.ts';
import { type InstitutionWork, lockInstitution } from './institution-work.ts';
import { INSTITUTION_KINDS } from './vocabulary.ts';

const MOST_COMMUNES = 1_000;

const institutionInput = z.object({
  id: optionalId,
  version: optional(z.int()),
  kind: z.enum(INSTITUTION_KINDS),
  name: plainLine(200),
  organisation: optionalId,
  kinds: optional(z.array(z.enum(KINDS)).min(1, 'must name a kind, or be left out')),
  communes: optional(
    z
      .array(z.string())
      .min(1, 'must name a commune, or be left out')
      .max(MOST_COMMUNES, `must have at most ${MOST_COMMUNES}`),
  ),
  severityAtLeast: optional(z.enum(SEVERITIES)),
  language: optional(languageTag).transform((tag) => tag ?? FRENCH),
  exercises: optional(z.boolean()).transform((asked) => asked ?? false),
});

/**
 * Adds an institution, which is told of every change from now on that its filter lets pass, or saves one anew. INVALID_INPUT names every
 * faulty field; CONFLICT where somebody else saved it first.
 */
export async function saveInstitution(work: InstitutionWork, input: unknown): Promise<{ id: string }> {
  const { em, clock } = work;
  demand(work.actor, 'saveInstitution');
  const { id, version, organisation, ...read } = readInput(institutionInput, input, 'input');
  if ((id === null) !== (version === null))
    throw invalidInput([{ path: 'input.version', message: 'must be given where `id` is, and nowhere else' }]);
  const content = {
    ...read,
    kinds: read.kinds && [...new Set(read.kinds)],
    communes: communesOf(work, read.communes),
  };
  if (id === null || version === null) {
    const created = em.create(Institution, {
      ...{ id: uuid(), version: 1, ...content, createdAt: clock.now(), since: await headOfJournal(work) },
      organisation: organisation === null ? null : await openOrganisation(em, organisation),
    });
    await em.flush();
    return { id: created.id };
  }
  const institution = await lockInstitution(work, id);
  demandVersion(institution, 'institution', version);
  // One that is closed meanwhile stays where it stood.
  const stays = institution.organisation?.id === organisation?.toLowerCase();
  Object.assign(institution, content, { version: version + 1 });
  if (!stays) institution.organisation = organisation === null ? null : await openOrganisation(em, organisation);
  await em.flush();
  return { id: institution.id };
}

/** Codes of today. INVALID_INPUT names those that are unknown. */
function communesOf({ territory }: InstitutionWork, codes: string[] | null): string[] | null {
  if (codes === null) return null;
  try {
    return [...(readChangeFilter({ communes: codes }, territory).communes ?? [])].sort();
  } catch (error) {
    if (!(error instanceof HubError) || !error.facts.fields) throw error;
    throw invalidInput(
      error.facts.fields.map(({ path, message }) => ({ path: path.replace(/^where/, 'input'), message })),
    );
  }
}

/** The last position of the journal: a new institution is told nothing of what came before. */
async function headOfJournal({ em }: InstitutionWork): Promise<number> {
  const [head] = await sqlIn(em)<{ position: string }>('select position from journal_head where id = 1');
  return Number(head?.position);
}
