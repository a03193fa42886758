import { DEPARTEMENT_ID } from '../../../src/access/organisations/organisation.rules.ts';
import { parisTime } from '../../../src/clock.ts';
import type { Persona } from '../../../src/development/development-tokens.ts';
import type { Desk } from '../desk/desk.ts';

/** A group of questions as the API answers it. */
export interface SeenGroup {
  id: string;
  version: number;
  title: string;
  state: string;
  questionCount: number;
  outdated: boolean;
  note: string | null;
  openedBy: { name: string };
  decidedBy: { name: string } | null;
  decidedAt: string | null;
  incident: { id: string } | null;
  communes: { code: string }[];
  newest: { id: string; state: string; conclusion: { explanation: string } | null }[];
  answer: { thread: string; state: string } | null;
  redirectedTo: { id: string } | null;
  reply: string | null;
}

export const QUESTION_GROUP = `id version title state questionCount outdated note openedBy { name } decidedBy { name } decidedAt
  incident { id } communes { code } newest { id state conclusion { explanation } } answer { thread state } redirectedTo { id }
  reply(network: MASTODON)`;

const TYPES: Record<string, string> = {
  id: 'ID!',
  version: 'Int!',
  reports: '[ID!]!',
  title: 'String!',
  incident: 'ID',
  publication: 'ID!',
  organisation: 'ID!',
  note: 'String',
  reason: 'String!',
};

/** A deed on a group as a document, with the type of each variable. */
export function questionDeed(field: string, given: object): string {
  const names = Object.keys(given);
  const made = field === 'splitQuestionGroup' ? `made { ${QUESTION_GROUP} }` : '';
  return `mutation (${names.map((name) => `$${name}: ${TYPES[name]}`).join(', ')}) {
    done: ${field}(${names.map((name) => `${name}: $${name}`).join(', ')}) { group { ${QUESTION_GROUP} } ${made} } }`;
}

/** Does a deed on a group as somebody; answers the group, and the one that was made of it. */
export async function doQuestions(
  hub: Desk,
  persona: Persona,
  field: string,
  given: object,
): Promise<SeenGroup & { made?: SeenGroup }> {
  const { done } = await hub
    .as(persona)
    .request<{ done: { group: SeenGroup; made?: SeenGroup } }>(questionDeed(field, given), given);
  return { ...done.group, ...(done.made ? { made: done.made } : {}) };
}

/** Brings a question as a volunteer; answers the id of its report. */
export async function ask(
  hub: Desk,
  text = 'La D257 est-elle fermée à Longjumeau ?',
  more: object = {},
): Promise<string> {
  const input = {
    text,
    channel: 'FACEBOOK',
    seenAt: parisTime(new Date(Date.now() - 60_000)),
    commune: '91345',
    category: 'QUESTION',
    ...more,
  };
  const { done } = await hub
    .as('volunteer')
    .request<{ done: { report: { id: string } } }>(
      'mutation ($input: FieldReportInput!) { done: submitReport(input: $input) { report { id } } }',
      { input },
    );
  return done.report.id;
}

/** A group of one question, or of those that are given. */
export async function groupOf(
  hub: Desk,
  {
    reports,
    title = 'La D257 est-elle fermée ?',
    incident,
  }: { reports?: string[]; title?: string; incident?: string } = {},
): Promise<SeenGroup> {
  const given = { reports: reports ?? [await ask(hub)], title, ...(incident ? { incident } : {}) };
  return doQuestions(hub, 'checker', 'groupQuestions', given);
}

const seen = ({ id, version }: Pick<SeenGroup, 'id' | 'version'>) => ({ id, version });

export const answerBy = (hub: Desk, group: SeenGroup, publication: string, persona: Persona = 'editor') =>
  doQuestions(hub, persona, 'answerQuestions', { ...seen(group), publication });

/** Sends a group on to the Département itself, which is there on every hub. */
export const redirect = (hub: Desk, group: SeenGroup, note: string | null = null) =>
  doQuestions(hub, 'editor', 'redirectQuestions', { ...seen(group), organisation: DEPARTEMENT_ID, note });

export const drop = (hub: Desk, group: SeenGroup, reason = 'Hors sujet') =>
  doQuestions(hub, 'checker', 'dropQuestions', { ...seen(group), reason });

/** A group as it stands now. */
export async function groupNow(hub: Desk, id: string, persona: Persona = 'volunteer'): Promise<SeenGroup> {
  const { group } = await hub
    .as(persona)
    .request<{ group: SeenGroup }>(`query ($id: ID!) { group: questionGroup(id: $id) { ${QUESTION_GROUP} } }`, { id });
  return group;
}
