import { Arg, Ctx, ID, Int, Resolver } from 'type-graphql';
import type { Context } from '../graphql/context.ts';
import { PayloadMutation } from '../graphql/payload.types.ts';
import type { Office } from '../office/office.ts';
import { present } from '../office/present.rules.ts';
import { answerQuestions, dropQuestions, redirectQuestions } from './decide-questions.commands.ts';
import { addQuestions, groupQuestions, reviseQuestionGroup, splitQuestionGroup } from './group-questions.commands.ts';
import { QuestionGroupType } from './question.types.ts';
import { type QuestionGroupView, questionGroupViews } from './question-groups.queries.ts';

const GROUP = { group: { type: () => QuestionGroupType, description: 'The group as it then stood.' } };
const SPLIT = { ...GROUP, made: { type: () => QuestionGroupType, description: 'The group that was made.' } };
const ID_ARG = { description: 'The id of the group.' };
const VERSION = { description: 'The version that you saw.' };
const REPORTS = { description: 'The ids of 1 to 100 reports of category QUESTION, each once.' };
const TITLE = {
  description: 'The question in one line of at most 120 characters; numbers and accounts are taken out.',
};
const NOTE = 'In at most 500 characters; numbers and accounts are taken out.';

interface GroupPayload {
  group: () => Promise<QuestionGroupView>;
}

/** Every mutation of groups of questions: translate, run the command in its transaction, answer the group as it then stands. */
@Resolver()
export class QuestionGroupResolver {
  constructor(private readonly office: Office) {}

  @PayloadMutation(GROUP, {
    description:
      'Makes one group of open questions that ask the same. CONFLICT where one is in a group already. For checkers.',
  })
  async groupQuestions(
    @Ctx() { actor }: Context,
    @Arg('reports', () => [ID], REPORTS) reports: string[],
    @Arg('title', () => String, TITLE) title: string,
    @Arg('incident', () => ID, {
      nullable: true,
      description: 'The open incident that it is asked about; it is told in its log, and counted there.',
    })
    incident: string | null,
  ): Promise<GroupPayload> {
    const { id } = await this.office.run(actor, { action: 'groupQuestions' }, (work) =>
      groupQuestions(work, { reports, title, incident }),
    );
    return this.#payload(id);
  }

  @PayloadMutation(GROUP, {
    description:
      'Adds open questions to a group: they are closed as the rest of it is. Where its answer is outdated the group is OPEN again. For checkers.',
  })
  async addQuestions(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
    @Arg('reports', () => [ID], REPORTS) reports: string[],
  ): Promise<GroupPayload> {
    const deed = { action: 'addQuestions', subject: id } as const;
    await this.office.run(actor, deed, (work) => addQuestions(work, { id, version, reports }));
    return this.#payload(id);
  }

  @PayloadMutation(GROUP, {
    description:
      'Mends the words of a group, in any state: the whole of them, where somebody is named in them for instance. For checkers.',
  })
  async reviseQuestionGroup(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
    @Arg('title', () => String, TITLE) title: string,
    @Arg('note', () => String, {
      nullable: true,
      description: `Why it was redirected or dropped; null takes it away. ${NOTE}`,
    })
    note: string | null,
  ): Promise<GroupPayload> {
    const deed = { action: 'reviseQuestionGroup', subject: id } as const;
    await this.office.run(actor, deed, (work) => reviseQuestionGroup(work, { id, version, title, note }));
    return this.#payload(id);
  }

  @PayloadMutation(SPLIT, {
    description:
      'Moves questions of a group to a new one, which is OPEN, as they are then; one at least stays. For checkers.',
  })
  async splitQuestionGroup(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
    @Arg('reports', () => [ID], REPORTS) reports: string[],
    @Arg('title', () => String, TITLE) title: string,
  ): Promise<GroupPayload & { made: () => Promise<QuestionGroupView> }> {
    const deed = { action: 'splitQuestionGroup', subject: id } as const;
    const { made } = await this.office.run(actor, deed, (work) =>
      splitQuestionGroup(work, { id, version, reports, title }),
    );
    return { ...this.#payload(id), made: () => this.#view(made) };
  }

  @PayloadMutation(GROUP, {
    description:
      'Answers a group by a publication that is in force or to come, for the first time or anew; its questions are closed. CONFLICT where somebody decided first. For staff.',
  })
  async answerQuestions(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
    @Arg('publication', () => ID, {
      description: 'The id of the publication, of the mode of the group’s incident; ACTUAL without one.',
    })
    publication: string,
  ): Promise<GroupPayload> {
    const deed = { action: 'answerQuestions', subject: id } as const;
    await this.office.run(actor, deed, (work) => answerQuestions(work, { id, version, publication }));
    return this.#payload(id);
  }

  @PayloadMutation(GROUP, {
    description:
      'Sends a group on to the organisation that can answer it; its questions are closed. Nothing is sent to anybody. For staff.',
  })
  async redirectQuestions(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
    @Arg('organisation', () => ID, { description: 'The id of an organisation that is open.' }) organisation: string,
    @Arg('note', () => String, { nullable: true, description: `Why, or how. ${NOTE}` }) note: string | null,
  ): Promise<GroupPayload> {
    const deed = { action: 'redirectQuestions', subject: id } as const;
    await this.office.run(actor, deed, (work) => redirectQuestions(work, { id, version, organisation, note }));
    return this.#payload(id);
  }

  @PayloadMutation(GROUP, {
    description: 'Drops an OPEN group to which there is nothing to answer, for good. For checkers.',
  })
  async dropQuestions(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
    @Arg('reason', () => String, { description: `The reason. ${NOTE}` }) reason: string,
  ): Promise<GroupPayload> {
    const deed = { action: 'dropQuestions', subject: id } as const;
    await this.office.run(actor, deed, (work) => dropQuestions(work, { id, version, reason }));
    return this.#payload(id);
  }

  #payload(id: string): GroupPayload {
    return { group: () => this.#view(id) };
  }

  async #view(id: string): Promise<QuestionGroupView> {
    const { office } = this;
    const groups = await questionGroupViews(office.read(), [id], office.now);
    return present(groups.values().next().value, 'group of questions', id);
  }
}
