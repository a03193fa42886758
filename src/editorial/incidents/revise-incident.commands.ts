import { z } from 'zod';
import { Organisation } from '../../access/organisations/organisation.entity.ts';
import { sqlIn } from '../../database/sql-in.ts';
import { type FieldFault, invalidInput, readInput } from '../../errors.ts';
import { areaSchema, idList, optional, optionalId } from '../../publications/content/content.ts';
import { settledArea } from '../../publications/content/read-content.ts';
import { plainLine } from '../../publications/content/text/plain-text.ts';
import { plainName } from '../../territory/commune-names.ts';
import type { EditorialWork } from '../dossier/editorial-work.ts';
import type { IncidentRow } from './incident.entity.ts';
import { changeIncident, incidentInHand, type OneIncident } from './incident-work.ts';

const MOST_ORGANISATIONS = 50;
const lines = <T extends z.ZodType<string>>(line: T, most: number) =>
  optional(z.array(line).max(most, `must hold at most ${most}`)).transform((all) => [...new Set(all ?? [])]);

const incidentInput = z.object({
  objectives: lines(plainLine(500), 20),
  perimeter: optional(areaSchema),
  // As those of watchers, which read feeds by them.
  keywords: lines(
    plainLine(100).refine((word) => plainName(word) !== '', 'must hold a letter or digit'),
    50,
  ),
  channels: lines(plainLine(200), 20),
  participants: idList(MOST_ORGANISATIONS),
  requestedBy: optionalId,
});

/** Replaces what the cell works by: the whole of the input. INVALID_INPUT names every faulty field. */
export async function reviseIncident(
  work: EditorialWork,
  { input, ...which }: OneIncident & { input: unknown },
): Promise<{ id: string }> {
  const { em } = work;
  const incident = await incidentInHand(work, 'reviseIncident', which);
  const { participants, requestedBy, perimeter, ...read } = readInput(incidentInput, input, 'input');
  const area = perimeter && settledArea(perimeter, work.territory, 'input.perimeter');
  const [asked, ...takingPart] = await organisations(work, incident, [requestedBy, ...participants]);
  await takePart(
    work,
    incident,
    takingPart.flatMap((id) => id ?? []),
  );
  return changeIncident(work, incident, {
    ...read,
    perimeter: area,
    requestedBy: asked ? em.getReference(Organisation, asked) : null,
  });
}

/** The ids of organisations that are open, or that the incident has already; `ids` begins with the one that asked. */
async function organisations(
  { em }: EditorialWork,
  incident: IncidentRow,
  ids: readonly (string | null)[],
): Promise<(string | null)[]> {
  const wanted = ids.map((id) => id?.toLowerCase() ?? null);
  const given = wanted.flatMap((id) => id ?? []);
  if (given.length === 0) return wanted;
  const rows = await sqlIn(em)<{ id: string }>(
    `select o.id from organisation o where o.id in (?)
       and (o.ended_at is null or o.id = ?::uuid
         or exists (select 1 from incident_participant x where x.incident_id = ? and x.organisation_id = o.id))`,
    [given, incident.requestedBy?.id ?? null, incident.id],
  );
  const known = new Set(rows.map(({ id }) => id));
  const faults = wanted.flatMap((id, index): FieldFault[] =>
    id === null || known.has(id)
      ? []
      : [
          {
            path: index === 0 ? 'input.requestedBy' : `input.participants.${index - 1}`,
            message: 'must be the id of an organisation that is open',
          },
        ],
  );
  if (faults.length > 0) throw invalidInput(faults);
  return wanted;
}

/** Has exactly these organisations take part. */
async function takePart({ em }: EditorialWork, { id }: IncidentRow, participants: readonly string[]): Promise<void> {
  const all = `{${participants.join(',')}}`;
  await sqlIn(em)(
    `with gone as (delete from incident_participant where incident_id = ? and organisation_id <> all(?::uuid[]))
     insert into incident_participant (incident_id, organisation_id) select ?, unnest(?::uuid[]) on conflict do nothing`,
    [id, all, id, all],
  );
}
