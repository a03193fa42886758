import { Arg, Ctx, FieldResolver, ID, Resolver, Root, Subscription } from 'type-graphql';
import type { Context } from '../../graphql/context.ts';
import { LogCursorScalar } from '../../graphql/scalars.ts';
import type { Office } from '../../office/office.ts';
import { present } from '../../office/present.rules.ts';
import { LogFilter, LogLineType } from '../log-line.types.ts';
import type { LogLineView } from '../log-lines.queries.ts';
import { LogChange } from './log-change.types.ts';
import { encodeLogCursor } from './log-cursor.rules.ts';
import { type AskedLog, type LogEvents, LogFailure } from './log-followers.ts';
import { LogHeadLoaders } from './log-position.queries.ts';

/** The part of its context that a subscription reads, since `subscribe` is handed no resolver. */
interface LogFollower extends Context {
  openLogLines(context: Context, asked: AskedLog): Promise<LogEvents>;
}

@Resolver(() => LogLineType)
export class LogChangeResolver {
  readonly #heads: LogHeadLoaders;

  constructor(office: Pick<Office, 'read'>) {
    this.#heads = new LogHeadLoaders(office);
  }

  @Subscription(() => LogChange, {
    description:
      'A checkpoint, then each line of a log as it is written, once and in order; after a cursor, first every line since then. A line from which people were taken out comes again. RESYNC_REQUIRED for a cursor of another log or from before a restore. Staff only.',
    subscribe: ({ args, context }) => (context as LogFollower).openLogLines(context as LogFollower, args as AskedLog),
  })
  logLines(
    @Arg('incident', () => ID, { description: 'The id of the incident.' }) _incident: string,
    @Arg('after', () => LogCursorScalar, { nullable: true, description: 'Null: from now on.' }) _after: string | null,
    @Arg('where', () => LogFilter, { nullable: true, description: 'Which lines; null: all.' }) _where: LogFilter | null,
    @Root() event: LogChange | LogFailure,
  ): LogChange {
    if (event instanceof LogFailure) throw event.error;
    return event;
  }

  @FieldResolver(() => LogCursorScalar, {
    description: 'The place behind it: follow the log after it to go on from here.',
  })
  async cursor(@Ctx() { load }: Context, @Root() { incident, number }: LogLineView): Promise<string> {
    const { epoch } = present(await load(this.#heads.head).load(incident), 'incident', incident);
    return encodeLogCursor({ epoch, incident, number });
  }
}
