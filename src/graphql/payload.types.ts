import { Ctx, Field, ID, Mutation, ObjectType } from 'type-graphql';
import type { Context } from './context.ts';
import { CursorScalar } from './scalars.ts';

/** The part of the context that payloads read. */
export interface PayloadSources extends Context {
  /** The cursor of the journal once the mutation that was just done is committed. */
  cursorAfterWrite(): string;
}

interface PayloadField {
  type: Parameters<typeof Field>[0];
  description: string;
  nullable?: boolean;
}

/** The fields of a payload: each thing that a mutation changed. A value that is a function is called only where a client selects the field. */
export type PayloadFields = Readonly<Record<string, PayloadField>>;

/** Of mutations that remove something. */
export const REMOVED = { removedId: { type: () => ID, description: 'The id of what is no longer there.' } };

/**
 * A mutation that answers a payload of its own: what it changed, and `asOf`. So something can be added beside it later on.
 * The payload is named after the mutation: `cancelPublication` answers a `CancelPublicationPayload`.
 */
export function PayloadMutation(
  fields: PayloadFields,
  { name, description }: { name?: string; description: string },
): MethodDecorator {
  return (prototype, method, descriptor) => {
    const mutation = name ?? String(method);
    const Payload = payloadType(mutation, fields);
    Mutation(() => Payload, { name: mutation, description })(prototype, method, descriptor);
  };
}

function payloadType(mutation: string, fields: PayloadFields) {
  const name = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Payload`;

  @ObjectType(name, { description: `What ${mutation} changed.` })
  class Payload {
    @Field(() => CursorScalar, {
      description:
        'Where the journal stood once this was committed: a follower that goes on after it does not get this change again.',
    })
    asOf(@Ctx() { cursorAfterWrite }: PayloadSources): string {
      return cursorAfterWrite();
    }
  }

  for (const [field, { type, ...options }] of Object.entries(fields)) Field(type, options)(Payload.prototype, field);
  return Payload;
}
