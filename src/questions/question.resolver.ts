import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import type { Actor } from '../access/actor.ts';
import { demand } from '../access/permissions.rules.ts';
import type { SocialNetwork } from '../channels/social/fitting/networks.ts';
import { SocialNetworkEnum } from '../channels/social/social.types.ts';
import type { Context } from '../graphql/context.ts';
import { type Batch, batchById, loadFound } from '../graphql/loaders.ts';
import { PageCursorScalar } from '../graphql/scalars.ts';
import type { Office } from '../office/office.ts';
import type { UnitOfWork } from '../office/unit-of-work.ts';
import { AFTER, firstUpTo } from '../paging/connection.types.ts';
import { LARGEST_DESK_PAGE, type Page } from '../paging/page.rules.ts';
import { LANGUAGES, LanguageTagScalar } from '../publications/content/language.types.ts';
import type { PublicView } from '../publications/document.ts';
import { PublicationType } from '../publications/publication.types.ts';
import type { ReportLoaders } from '../reports/report.loaders.ts';
import { ReportConnectionType, ReportType } from '../reports/report.types.ts';
import type { ReportView } from '../reports/report-view.ts';
import { CommuneType } from '../territory/commune.types.ts';
import type { Commune, Territory } from '../territory/territory.ts';
import { answersNow } from './answers.queries.ts';
import type { QuestionGroupState } from './question.rules.ts';
import { QuestionGroupConnectionType, QuestionGroupStateEnum, QuestionGroupType } from './question.types.ts';
import {
  MOST_NEWEST,
  type QuestionGroupView,
  questionGroupsPage,
  questionGroupViews,
  questionsPage,
} from './question-groups.queries.ts';
import { replyOf } from './reply.rules.ts';
import { similarGroups } from './similar-questions.queries.ts';

/** Reads groups of questions for everything that names them by id: what is read in one turn is one statement. */
export class QuestionLoaders {
  readonly group: Batch<string, QuestionGroupView | null>;
  /** Publications as they are public now, by their threads. */
  readonly answer: Batch<string, PublicView | null>;

  constructor(office: Pick<Office, 'read' | 'now'>) {
    this.group = batchById((ids) => questionGroupViews(office.read(), ids, office.now));
    this.answer = batchById((threads) => answersNow(office.read(), threads));
  }
}

/** Questions of citizens, and the publications that answer them. */
@Resolver(() => QuestionGroupType)
export class QuestionResolver {
  /** `reads` says where people find the pages of this hub. */
  constructor(
    private readonly office: Office,
    private readonly groups: QuestionLoaders,
    private readonly reports: ReportLoaders,
    private readonly reads: { readonly publicUrl: string; readonly territory: Territory },
  ) {}

  @Query(() => QuestionGroupConnectionType, {
    nullable: true,
    description: 'Groups of questions, the newest first. For volunteers and staff.',
  })
  questionGroups(
    @Ctx() { actor }: Context,
    @Arg('states', () => [QuestionGroupStateEnum], {
      nullable: true,
      description: 'In one of these states; null: in any.',
    })
    states: QuestionGroupState[] | null,
    @Arg('incident', () => ID, { nullable: true, description: 'Asked about this incident; null: about anything.' })
    incident: string | null,
    @Arg('outdated', () => Boolean, {
      nullable: true,
      description: 'True: those whose answer no longer says what it said; false: the others; null: all.',
    })
    outdated: boolean | null,
    @Arg('first', () => Int, firstUpTo(LARGEST_DESK_PAGE)) first: number,
    @Arg('after', () => PageCursorScalar, AFTER) after: string | null,
  ): Promise<Page<QuestionGroupView>> {
    return questionGroupsPage(this.#reader(actor), { states, incident, outdated, first, after });
  }

  @Query(() => QuestionGroupType, {
    nullable: true,
    description: 'A group of questions; null where there is none. For volunteers and staff.',
  })
  async questionGroup(
    @Ctx() { actor, load }: Context,
    @Arg('id', () => ID, { description: 'The id of the group.' }) id: string,
  ): Promise<QuestionGroupView | null> {
    demand(actor, 'readQuestions');
    return load(this.groups.group).load(id);
  }

  @Query(() => ReportConnectionType, {
    nullable: true,
    description:
      'The questions of a group; without one, those that are open and that no group has. The newest first. For volunteers and staff.',
  })
  questions(
    @Ctx() { actor }: Context,
    @Arg('group', () => ID, { nullable: true, description: 'The id of the group; null: those of none.' })
    group: string | null,
    @Arg('first', () => Int, firstUpTo(LARGEST_DESK_PAGE)) first: number,
    @Arg('after', () => PageCursorScalar, AFTER) after: string | null,
  ): Promise<Page<ReportView>> {
    return questionsPage(this.#reader(actor), { group, first, after });
  }

  @Query(() => [QuestionGroupType], {
    nullable: true,
    description:
      'Groups of the last 30 days that may ask the same as a question, by words and commune, the nearest first, at most 5: people decide. NOT_FOUND for what is no question. For volunteers and staff.',
  })
  async similarQuestions(
    @Ctx() { actor, load }: Context,
    @Arg('report', () => ID, { description: 'The id of the report that asks.' }) report: string,
  ): Promise<QuestionGroupView[]> {
    return loadFound(load(this.groups.group), await similarGroups(this.#reader(actor), report));
  }

  @FieldResolver(() => [ReportType], { description: `Its newest questions, at most ${MOST_NEWEST}.` })
  newest(@Ctx() { load }: Context, @Root() { newest }: QuestionGroupView): Promise<ReportView[]> {
    return loadFound(load(this.reports.view), newest);
  }

  @FieldResolver(() => [CommuneType], { description: 'The communes that its questions name, as of today.' })
  communes(@Root() { communes }: QuestionGroupView): Commune[] {
    return this.reads.territory.communesOf(communes);
  }

  @FieldResolver(() => PublicationType, {
    nullable: true,
    description: 'What answers it, as it is public now; null unless ANSWERED.',
  })
  answer(@Ctx() { load }: Context, @Root() { answer }: QuestionGroupView): Promise<PublicView | null> | null {
    return answer === null ? null : load(this.groups.answer).load(answer);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'A reply to paste under its questions: the words of the answer as it is public now, and its link. Where the answer is over, it says so. Null unless ANSWERED.',
  })
  async reply(
    @Ctx() { load }: Context,
    @Root() { answer }: QuestionGroupView,
    @Arg('network', () => SocialNetworkEnum, { description: 'The network that asks: its limits are kept.' })
    network: SocialNetwork,
    @Arg('languages', () => [LanguageTagScalar], LANGUAGES) languages: string[],
  ): Promise<string | null> {
    const document = answer === null ? null : await load(this.groups.answer).load(answer);
    return document && replyOf(document, { ...this.reads, network, languages, now: this.office.now });
  }

  #reader(actor: Actor | null): UnitOfWork {
    const { now } = this.office;
    return { em: this.office.read(), actor, clock: { now: () => now } };
  }
}

/** The group of a report that asks. */
@Resolver(() => ReportType)
export class ReportQuestionResolver {
  constructor(private readonly groups: QuestionLoaders) {}

  @FieldResolver(() => QuestionGroupType, {
    nullable: true,
    description: 'The group of a question; null for one that nobody has grouped, and for what is no question.',
  })
  questionGroup(
    @Ctx() { load }: Context,
    @Root() { questionGroup }: ReportView,
  ): Promise<QuestionGroupView | null> | null {
    return questionGroup === null ? null : load(this.groups.group).load(questionGroup);
  }
}
