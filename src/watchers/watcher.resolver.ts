import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../graphql/context.ts';
import { ReportType } from '../reports/report.types.ts';
import type { ReportView } from '../reports/report-view.ts';
import type { ReportOffice } from '../reports/report-work.ts';
import { CommuneType } from '../territory/commune.types.ts';
import type { Commune, Territory } from '../territory/territory.ts';
import { addWatcher, changeWatcher, removeWatcher } from './watcher.commands.ts';
import type { WatcherLoaders } from './watcher.loaders.ts';
import { allWatchers, type OriginView, type WatcherView, watcherView } from './watcher.queries.ts';
import { FeedOriginType, WatcherInput, WatcherType } from './watcher.types.ts';

const ID_ARG = { description: 'The id of the watcher.' };
const VERSION = { description: 'The version that you saw.' };
const INPUT = { description: 'The feed, and which of its items are wanted.' };

@Resolver(() => WatcherType)
export class WatcherResolver {
  constructor(
    private readonly office: ReportOffice,
    private readonly territory: Pick<Territory, 'communesOf'>,
  ) {}

  @Query(() => [WatcherType], {
    nullable: true,
    description: 'The feeds that are read for the desk, by name. For staff.',
  })
  watchers(@Ctx() { actor }: Context): Promise<WatcherView[]> {
    return allWatchers(this.office.read(), actor);
  }

  @Mutation(() => WatcherType, { description: 'Adds a feed to read from now on. For staff.' })
  async addWatcher(
    @Ctx() { actor }: Context,
    @Arg('input', () => WatcherInput, INPUT) input: WatcherInput,
  ): Promise<WatcherView> {
    const { id } = await this.office.run(actor, { action: 'addWatcher' }, (work) => addWatcher(work, input));
    return watcherView(this.office.read(), id);
  }

  @Mutation(() => WatcherType, {
    description:
      'Replaces the settings of a watcher, and reads its feed anew. CONFLICT where somebody else saved it first. For staff.',
  })
  async changeWatcher(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
    @Arg('input', () => WatcherInput, INPUT) input: WatcherInput,
  ): Promise<WatcherView> {
    const change = { id, version, input };
    await this.office.run(actor, { action: 'changeWatcher', subject: id }, (work) => changeWatcher(work, change));
    return watcherView(this.office.read(), id);
  }

  @Mutation(() => ID, {
    description: 'Removes a watcher, and answers its id. The reports that it brought in stay. For staff.',
  })
  async removeWatcher(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
  ): Promise<string> {
    const deed = { action: 'removeWatcher', subject: id } as const;
    return (await this.office.run(actor, deed, (work) => removeWatcher(work, { id, version }))).id;
  }

  @FieldResolver(() => [CommuneType], {
    description: 'An item must name or touch one of these; where the list is empty, the place does not matter.',
  })
  communes(@Root() { communes }: WatcherView): Commune[] {
    return this.territory.communesOf(communes);
  }
}

@Resolver(() => ReportType)
export class ReportOriginResolver {
  constructor(private readonly loaders: WatcherLoaders) {}

  @FieldResolver(() => FeedOriginType, {
    nullable: true,
    description: 'Where it comes from, if a watcher brought it in; null for all others.',
  })
  origin(@Ctx() { load }: Context, @Root() { id, channel }: ReportView): Promise<OriginView | null> | null {
    return channel === 'FEED' ? load(this.loaders.origin).load(id) : null;
  }
}
