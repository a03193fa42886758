import { v7 as uuid } from 'uuid';
import { z } from 'zod';
import { demand } from '../../access/permissions.rules.ts';
import { HubError, readInput } from '../../errors.ts';
import { plainLine } from '../../publications/content/text/plain-text.ts';
import type { Mode } from '../../publications/vocabulary.ts';
import type { EditorialWork } from '../dossier/editorial-work.ts';
import { Incident, type IncidentRow } from './incident.entity.ts';
import { IncidentPeriod } from './incident-period.entity.ts';

const newIncident = z.object({
  slug: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens, such as crue-2016'),
  title: plainLine(200),
});

export interface NewIncident {
  slug: string;
  title: string;
  mode?: Mode;
}

/**
 * Opens an incident on standby, to which publications of its mode can then belong; the mode never changes. CONFLICT where
 * the slug is taken.
 */
export async function openIncident(
  work: EditorialWork,
  { mode = 'ACTUAL', ...input }: NewIncident,
): Promise<IncidentRow> {
  const { em, clock } = work;
  demand(work.actor, 'openIncident');
  const { slug, title } = readInput(newIncident, input);
  if (await em.findOne(Incident, { slug })) throw new HubError('CONFLICT', `there is an incident ${slug} already`);
  const openedAt = clock.now();
  const incident = em.create(Incident, {
    id: uuid(),
    slug,
    title,
    openedAt,
    version: 1,
    state: 'OPEN',
    level: 'STANDBY',
    mode,
    objectives: [],
    keywords: [],
    channels: [],
    leftRunning: [],
  });
  em.create(IncidentPeriod, { id: uuid(), incident, openedAt });
  await em.flush();
  return incident;
}
