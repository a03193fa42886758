import { DEPARTEMENT_ID } from '../../../../../src/access/organisations/organisation.rules.ts';
import { answerBy, ask, drop, groupOf, redirect } from '../../../../support/crisis-cell/question-desk.ts';
import { publishNew } from '../../../../support/desk/desk.ts';
import { type Call, type Cells, call, cell, type MatrixDesk } from '../desk.ts';
import { NOTHING } from '../dossier-cells.ts';
import { rightOf, type Subject } from '../machine-cells.ts';
import { CALLERS, type MAY, QUESTION_DEEDS, QUESTION_STAGES, type QuestionStage, questionDeedEnds } from '../right.ts';

/** A group of two questions, one of which may be split off. */
interface Asked extends Subject {
  question: string;
}

const READS = ['questionGroup', 'questions', 'similarQuestions'];

export const rightQuestions = (may?: typeof MAY): Cells =>
  rightOf(QUESTION_DEEDS, QUESTION_STAGES, questionDeedEnds, may);

async function groupAt({ hub }: MatrixDesk, stage: QuestionStage, publication: string): Promise<Asked> {
  if (stage === 'ABSENT') return { id: NOTHING, version: 1, question: NOTHING };
  const question = await ask(hub);
  const group = await groupOf(hub, { reports: [question, await ask(hub)] });
  const { id, version } = await {
    OPEN: async () => group,
    ANSWERED: () => answerBy(hub, group, publication),
    REDIRECTED: () => redirect(hub, group),
    DROPPED: () => drop(hub, group),
  }[stage]();
  return { id, version, question };
}

/** A question that nobody has grouped yet, for the deeds that take one. */
type Fresh = () => Promise<string>;

async function deedOn(
  field: string,
  { id, version, question }: Asked,
  fresh: Fresh,
  publication: string,
): Promise<Call> {
  const subject: Call['given'] = { id: ['ID!', id], version: ['Int!', version] };
  const title: Call['given'] = { title: ['String!', 'La route est-elle fermée ?'] };
  const reports = async (of: string | Promise<string>): Promise<Call['given']> => ({ reports: ['[ID!]!', [await of]] });
  switch (field) {
    case 'questionGroup':
      return { field, kind: 'query', given: { id: ['ID!', id] } };
    case 'questions':
      return { field, kind: 'query', given: { group: ['ID!', id] } };
    case 'similarQuestions':
      return { field, kind: 'query', given: { report: ['ID!', question] } };
    case 'groupQuestions':
      return { field, given: { ...title, ...(await reports(fresh())) } };
    case 'addQuestions':
      return { field, given: { ...subject, ...(await reports(fresh())) } };
    case 'splitQuestionGroup':
      return { field, given: { ...subject, ...title, ...(await reports(question)) } };
    case 'reviseQuestionGroup':
      return { field, given: { ...subject, ...title } };
    case 'answerQuestions':
      return { field, given: { ...subject, publication: ['ID!', publication] } };
    case 'redirectQuestions':
      return { field, given: { ...subject, organisation: ['ID!', DEPARTEMENT_ID] } };
    default:
      return { field, given: { ...subject, reason: ['String!', 'Hors sujet'] } };
  }
}

/** Tries each deed on a group in each state as everybody. A group that a deed was done to is replaced by another. */
export async function findQuestions(desk: MatrixDesk): Promise<Cells> {
  const found: Cells = new Map();
  const { id: publication } = await publishNew(desk.hub, 'Advice');
  let unused: string | undefined;
  for (const stage of QUESTION_STAGES) {
    let kept: Asked | undefined;
    for (const field of QUESTION_DEEDS)
      for (const caller of CALLERS) {
        const group: Asked = kept ?? (await groupAt(desk, stage, publication));
        const fresh = async () => (unused ??= await ask(desk.hub));
        const end = await call(desk, caller, await deedOn(field, group, fresh, publication));
        kept = end === 'done' && !READS.includes(field) ? undefined : group;
        if (end === 'done' && (field === 'addQuestions' || field === 'groupQuestions')) unused = undefined;
        found.set(cell(field, stage, caller), end);
      }
  }
  return found;
}
