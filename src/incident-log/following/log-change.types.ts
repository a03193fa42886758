import { Field, ObjectType } from 'type-graphql';
import { LogCursorScalar } from '../../graphql/scalars.ts';
import { LogLineType } from '../log-line.types.ts';
import type { LogLineView } from '../log-lines.queries.ts';

@ObjectType('LogChange', { description: 'Something that was written into a log, or a checkpoint. Staff only.' })
export class LogChange {
  @Field(() => LogCursorScalar, { description: 'The place behind it: follow after it to go on from here.' })
  cursor!: string;
  @Field(() => LogLineType, {
    nullable: true,
    description: 'The line; null for a checkpoint, which says how far the log has come.',
  })
  line!: LogLineView | null;
}
