import { v7 as uuid } from 'uuid';
import { z } from 'zod';
import { demand } from '../../access/permissions.rules.ts';
import { HubError, readInput } from '../../errors.ts';
import { plainLine } from '../../publications/content/text/plain-text.ts';
import type { EditorialWork } from '../dossier/editorial-work.ts';
import { Incident, type IncidentRow } from './incident.entity.ts';

const newIncident = z.object({
  slug: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens, such as crue-2016'),
  title: plainLine(200),
});

/** Opens an incident, to which publications can then belong. CONFLICT where the slug is taken. */
export async function openIncident(work: EditorialWork, input: { slug: string; title: string }): Promise<IncidentRow> {
  demand(work.actor, 'openIncident');
  const { slug, title } = readInput(newIncident, input);
  if (await work.em.findOne(Incident, { slug })) throw new HubError('CONFLICT', `there is an incident ${slug} already`);
  const incident = work.em.create(Incident, { id: uuid(), slug, title, openedAt: work.clock.now() });
  await work.em.flush();
  return incident;
}
