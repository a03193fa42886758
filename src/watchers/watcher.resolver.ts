import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../graphql/context.ts';
import { PayloadMutation, REMOVED } from '../graphql/payload.types.ts';
import { PageCursorScalar } from '../graphql/scalars.ts';
import { AFTER, firstUpTo } from '../paging/connection.types.ts';
import type { Page } from '../paging/page.rules.ts';
import { ReportType } from '../reports/report.types.ts';
import type { ReportView } from '../reports/report-view.ts';
import type { ReportOffice } from '../reports/report-work.ts';
import { CommuneType } from '../territory/commune.types.ts';
import type { Commune, Territory } from '../territory/territory.ts';
import { addWatcher, removeWatcher, reviseWatcher } from './watcher.commands.ts';
import type { WatcherLoaders } from './watcher.loaders.ts';
import { type OriginView, type WatcherView, watchersPage, watcherView } from './watcher.queries.ts';
import { FeedOriginType, WatcherConnectionType, WatcherInput, WatcherType } from './watcher.types.ts';

const ID_ARG = { description: 'The id of the watcher.' };
const VERSION = { description: 'The version that you saw.' };
const INPUT = { description: 'The feed, and which of its items are wanted.' };
const WATCHER = { watcher: { type: () => WatcherType, description: 'The watcher as it then stood.' } };

interface WatcherPayload {
  watcher: () => Promise<WatcherView>;
}

@Resolver(() => WatcherType)
export class WatcherResolver {
  constructor(
    private readonly office: ReportOffice,
    private readonly territory: Pick<Territory, 'communesOf'>,
  ) {}

  @Query(() => WatcherConnectionType, {
    nullable: true,
    description: 'The feeds that are read for the desk, by name. For staff.',
  })
  watchers(
    @Ctx() { actor }: Context,
    @Arg('first', () => Int, firstUpTo()) first: number,
    @Arg('after', () => PageCursorScalar, AFTER) after: string | null,
  ): Promise<Page<WatcherView>> {
    return watchersPage(this.office.read(), actor, { first, after });
  }

  @PayloadMutation(WATCHER, { description: 'Adds a feed to read from now on. For staff.' })
  async addWatcher(
    @Ctx() { actor }: Context,
    @Arg('input', () => WatcherInput, INPUT) input: WatcherInput,
  ): Promise<WatcherPayload> {
    const { id } = await this.office.run(actor, { action: 'addWatcher' }, (work) => addWatcher(work, input));
    return this.payload(id);
  }

  @PayloadMutation(WATCHER, {
    description:
      'Replaces the settings of a watcher, and reads its feed anew. CONFLICT where somebody else saved it first. For staff.',
  })
  async reviseWatcher(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
    @Arg('input', () => WatcherInput, INPUT) input: WatcherInput,
  ): Promise<WatcherPayload> {
    const change = { id, version, input };
    await this.office.run(actor, { action: 'reviseWatcher', subject: id }, (work) => reviseWatcher(work, change));
    return this.payload(id);
  }

  @PayloadMutation(REMOVED, {
    description: 'Removes a watcher. The reports that it brought in stay. For staff.',
  })
  async removeWatcher(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
  ): Promise<{ removedId: string }> {
    const deed = { action: 'removeWatcher', subject: id } as const;
    const removed = await this.office.run(actor, deed, (work) => removeWatcher(work, { id, version }));
    return { removedId: removed.id };
  }

  @FieldResolver(() => [CommuneType], {
    description: 'An item must name or touch one of these; where the list is empty, the place does not matter.',
  })
  communes(@Root() { communes }: WatcherView): Commune[] {
    return this.territory.communesOf(communes);
  }

  private payload(id: string): WatcherPayload {
    return { watcher: () => watcherView(this.office.read(), id) };
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
