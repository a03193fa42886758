/**
 * The states of a group of questions, and what leads from one to the next:
 *
 *   – ─groupQuestions→ OPEN ─answerQuestions→ ANSWERED by a publication
 *                       │ └──redirectQuestions→ REDIRECTED to another organisation
 *                       └──dropQuestions→ DROPPED (with a reason), for good
 *
 *   OPEN, ANSWERED, REDIRECTED ─answerQuestions, redirectQuestions→ answered anew, or redirected
 *   addQuestions closes what is added as the rest of the group is; where its answer is outdated, it opens the group again
 *   splitQuestionGroup moves some of its questions to a new group, which is OPEN, as they are then
 *
 * reviseQuestionGroup mends the words of a group, which stay: it moves nothing.
 *
 * Every other deed closes the questions that are open, and leaves the others as they were: an answer anew puts off no erasure of
 * personal data (I-55).
 */
export const QUESTION_GROUP_STATES = ['OPEN', 'ANSWERED', 'REDIRECTED', 'DROPPED'] as const;
export type QuestionGroupState = (typeof QUESTION_GROUP_STATES)[number];

export const QUESTION_TRANSITIONS = {
  addQuestions: ['OPEN', 'ANSWERED', 'REDIRECTED'],
  splitQuestionGroup: ['OPEN', 'ANSWERED', 'REDIRECTED'],
  answerQuestions: ['OPEN', 'ANSWERED', 'REDIRECTED'],
  redirectQuestions: ['OPEN', 'ANSWERED', 'REDIRECTED'],
  dropQuestions: ['OPEN'],
  reviseQuestionGroup: ['OPEN', 'ANSWERED', 'REDIRECTED', 'DROPPED'],
} as const satisfies Record<string, readonly QuestionGroupState[]>;
export type QuestionTransition = keyof typeof QUESTION_TRANSITIONS;

/** So many questions of a group within an hour are told to the incident's log while it is OPEN. */
export const PRESSING = { questions: 10, withinMs: 3_600_000 } as const;

/** Whether a transition may start from a state. */
export const questionsLeadFrom = (transition: QuestionTransition, state: QuestionGroupState): boolean =>
  (QUESTION_TRANSITIONS[transition] as readonly QuestionGroupState[]).includes(state);
