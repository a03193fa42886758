import type { Hub } from '../hub/hub.ts';
import { type Done, WRITTEN, type Written } from './desk.ts';
import { conclusionOf } from './report-desk.ts';

/** Adopts the message behind a report. */
export async function adoptMessage(
  hub: Hub,
  reportId: string,
  persona: 'editor' | 'validator' | 'volunteer' = 'editor',
): Promise<Written> {
  const { done } = await hub
    .as(persona)
    .request<Done>(
      `mutation ($reportId: ID!) { done: adoptMessage(reportId: $reportId, hazard: "OET-081") ${WRITTEN} }`,
      { reportId },
    );
  return done.dossier;
}

/** Has a report claimed and confirmed. */
export async function confirmReport(hub: Hub, id: string): Promise<void> {
  await hub.as('volunteer').request('mutation ($id: ID!) { claimReport(id: $id) { report { id } } }', { id });
  await hub
    .as('checker')
    .request(
      'mutation ($id: ID!, $conclusion: ConclusionInput!) { concludeReport(id: $id, conclusion: $conclusion) { report { id } } }',
      { id, conclusion: conclusionOf('CONFIRMED') },
    );
}
