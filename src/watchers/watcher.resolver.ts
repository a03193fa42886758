import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Actor } from '../access/actor.ts';
import { ReportType } from '../reports/report.types.ts';
import type { ReportRoom } from '../reports/report-room.ts';
import type { ReportView } from '../reports/report-view.ts';
import { CommuneType } from '../territory/commune.types.ts';
import type { Commune, Territory } from '../territory/territory.ts';
import { addWatcher, changeWatcher, removeWatcher } from './watcher.commands.ts';
import { allWatchers, type OriginView, originsOf, type WatcherView, watcherView } from './watcher.queries.ts';
import { FeedOriginType, WatcherInput, WatcherType } from './watcher.types.ts';

interface Asking {
  actor: Actor | null;
}

const ID_ARG = { description: 'The id of the watcher.' };
const VERSION = { description: 'The version that you saw.' };
const INPUT = { description: 'The feed, and what is wanted of it.' };

@Resolver(() => WatcherType)
export class WatcherResolver {
  constructor(
    private readonly room: ReportRoom,
    private readonly territory: Pick<Territory, 'communesOf'>,
  ) {}

  @Query(() => [WatcherType], { description: 'The feeds that are read for the desk, by name. For staff.' })
  watchers(@Ctx() { actor }: Asking): Promise<WatcherView[]> {
    return allWatchers(this.room.read(), actor);
  }

  @Mutation(() => WatcherType, { description: 'Has a feed read from now on. For staff.' })
  async addWatcher(
    @Ctx() { actor }: Asking,
    @Arg('input', () => WatcherInput, INPUT) input: WatcherInput,
  ): Promise<WatcherView> {
    const { id } = await this.room.run(actor, { action: 'addWatcher' }, (desk) => addWatcher(desk, input));
    return watcherView(this.room.read(), id);
  }

  @Mutation(() => WatcherType, {
    description:
      'Replaces what a watcher is, and reads its feed anew. CONFLICT when somebody saved it first. For staff.',
  })
  async changeWatcher(
    @Ctx() { actor }: Asking,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
    @Arg('input', () => WatcherInput, INPUT) input: WatcherInput,
  ): Promise<WatcherView> {
    const change = { id, version, input };
    await this.room.run(actor, { action: 'changeWatcher', subject: id }, (desk) => changeWatcher(desk, change));
    return watcherView(this.room.read(), id);
  }

  @Mutation(() => ID, {
    description: 'Has a feed read no more, and answers its id. The reports that it brought stay. For staff.',
  })
  async removeWatcher(
    @Ctx() { actor }: Asking,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
  ): Promise<string> {
    const deed = { action: 'removeWatcher', subject: id } as const;
    return (await this.room.run(actor, deed, (desk) => removeWatcher(desk, { id, version }))).id;
  }

  @FieldResolver(() => [CommuneType], { description: 'One of these must be meant by an item; none: anywhere will do.' })
  communes(@Root() { communes }: WatcherView): Commune[] {
    return this.territory.communesOf(communes);
  }
}

@Resolver(() => ReportType)
export class ReportOriginResolver {
  constructor(private readonly room: ReportRoom) {}

  @FieldResolver(() => FeedOriginType, {
    nullable: true,
    description: 'Where it comes from, if a watcher brought it; null for all others.',
  })
  async origin(@Root() { id, channel }: ReportView): Promise<OriginView | null> {
    if (channel !== 'FEED') return null;
    return (await originsOf(this.room.read(), [id])).get(id) ?? null;
  }
}
