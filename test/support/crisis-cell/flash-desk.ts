import { parisTime } from '../../../src/clock.ts';
import type { Persona } from '../../../src/development/development-tokens.ts';
import type { Desk } from '../desk/desk.ts';

/** A flash as the API answers it. */
export interface SeenFlash {
  id: string;
  number: number;
  report: { id: string };
  incident: { id: string } | null;
  mode: string;
  to: { id: string } | null;
  state: string;
  verified: boolean;
  escalated: boolean;
  notice: string;
  directNumber: string | null;
  what: string;
  place: string;
  emergencyCalled: string;
  sentBy: { id: string; name: string };
  sentAt: string;
  answer: string | null;
  remark: string | null;
  answeredBy: { id: string } | null;
  answeredAt: string | null;
  withdrawnFor: string | null;
  withdrawnAt: string | null;
}
export const FLASH = `id number report { id } incident { id } mode to { id } state verified escalated notice directNumber what place
  emergencyCalled sentBy { id name } sentAt answer remark answeredBy { id } answeredAt withdrawnFor withdrawnAt`;

/** What a sender is answered beside the flash. */
export interface SentFlash extends SeenFlash {
  words: string;
  contactOnDuty: boolean;
  told: string | null;
}

/** Submits a report; answers its id. */
export async function submitted(hub: Desk, persona: Persona = 'volunteer', more: object = {}): Promise<string> {
  const input = {
    text: 'Une personne sur un toit à Longjumeau',
    channel: 'FACEBOOK',
    seenAt: parisTime(new Date(Date.now() - 60_000)),
    commune: '91345',
    ...more,
  };
  const { done } = await hub
    .as(persona)
    .request<{ done: { report: { id: string } } }>(
      'mutation ($input: FieldReportInput!) { done: submitReport(input: $input) { report { id } } }',
      { input },
    );
  return done.report.id;
}

/** Sends a flash about a report, or about a new one. */
export async function flashReport(hub: Desk, persona: Persona = 'checker', more: object = {}): Promise<SentFlash> {
  const given = {
    what: 'Une personne sur un toit, l’eau monte',
    place: 'Longjumeau, 12 rue de Paris',
    emergencyCalled: 'BY_WITNESS',
    ...more,
  };
  const report = 'report' in given ? given.report : await submitted(hub);
  const { done } = await hub
    .as(persona)
    .request<{ done: { flash: SeenFlash; words: string; contactOnDuty: boolean; told: string | null } }>(
      `mutation ($report: ID!, $what: String!, $place: String!, $emergencyCalled: EmergencyCalled!, $incident: ID) {
         done: flashReport(report: $report, what: $what, place: $place, emergencyCalled: $emergencyCalled, incident: $incident) {
           flash { ${FLASH} } words contactOnDuty told: directNumber } }`,
      { ...given, report },
    );
  const { flash, ...beside } = done;
  return { ...flash, ...beside };
}

export async function answerFlash(
  hub: Desk,
  persona: Persona,
  id: string,
  answer = 'TAKEN',
  remark: string | null = null,
): Promise<SeenFlash> {
  const { done } = await hub.as(persona).request<{ done: { flash: SeenFlash } }>(
    `mutation ($id: ID!, $answer: FlashAnswer!, $remark: String) {
       done: answerFlash(id: $id, answer: $answer, remark: $remark) { flash { ${FLASH} } } }`,
    { id, answer, remark },
  );
  return done.flash;
}

export async function withdrawFlash(
  hub: Desk,
  persona: Persona,
  id: string,
  reason = 'Erreur de saisie',
): Promise<SeenFlash> {
  const { done } = await hub
    .as(persona)
    .request<{ done: { flash: SeenFlash } }>(
      `mutation ($id: ID!, $reason: String!) { done: withdrawFlash(id: $id, reason: $reason) { flash { ${FLASH} } } }`,
      { id, reason },
    );
  return done.flash;
}

/** A flash as it stands now; null where the persona may not know of it. */
export async function flashNow(hub: Desk, id: string, persona: Persona = 'checker'): Promise<SeenFlash | null> {
  const { flash } = await hub
    .as(persona)
    .request<{ flash: SeenFlash | null }>(`query ($id: ID!) { flash(id: $id) { ${FLASH} } }`, { id });
  return flash;
}

/** The flashes that a persona is shown, the newest first. */
export async function flashesOf(hub: Desk, where: object = {}, persona: Persona = 'checker'): Promise<SeenFlash[]> {
  const { flashes } = await hub
    .as(persona)
    .request<{ flashes: { nodes: SeenFlash[] } }>(
      `query ($where: FlashFilter) { flashes(where: $where, first: 100) { nodes { ${FLASH} } } }`,
      { where },
    );
  return flashes.nodes;
}
