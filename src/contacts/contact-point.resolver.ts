import { Arg, Ctx, ID, Int, Query, Resolver } from 'type-graphql';
import type { Context } from '../graphql/context.ts';
import { PayloadMutation, REMOVED } from '../graphql/payload.types.ts';
import type { CodeTries } from './code-tries.ts';
import { confirmContactPoint, removeContactPoint, saveContactPoint } from './contact-point.commands.ts';
import { type ContactPointView, contactPoints, writtenPoint } from './contact-point.queries.ts';
import { ContactPointInput, ContactPointType } from './contact-point.types.ts';
import type { ContactOffice } from './contact-work.ts';

const POINT = { contactPoint: { type: () => ContactPointType, description: 'The contact point as it then stood.' } };
const ID_ARG = { description: 'The id of a contact point of yours.' };

interface PointPayload {
  contactPoint: () => Promise<ContactPointView>;
}

/** Where people can be rung besides the desk: everybody's own. */
@Resolver(() => ContactPointType)
export class ContactPointResolver {
  constructor(
    private readonly office: ContactOffice,
    private readonly tries: Pick<CodeTries, 'count'>,
  ) {}

  @Query(() => [ContactPointType], {
    nullable: true,
    description:
      'Your own contact points, the first one first; nobody else’s, whoever asks. For staff, a VOLUNTEER, a SIGNATORY or an ADMIN.',
  })
  contactPoints(@Ctx() { actor }: Context): Promise<ContactPointView[]> {
    return contactPoints(this.office.read(), actor);
  }

  @PayloadMutation(POINT, {
    description:
      'Adds a contact point of yours, or saves one anew. Where the address is new or was not confirmed yet, a code is sent there: saving again asks for another code. You are not rung there before you give it. For those who may read theirs.',
  })
  async saveContactPoint(
    @Ctx() { actor }: Context,
    @Arg('input', () => ContactPointInput, { description: 'The whole of it.' }) input: ContactPointInput,
  ): Promise<PointPayload> {
    const deed = { action: 'saveContactPoint', ...(input.id ? { subject: input.id } : {}) } as const;
    const { id } = await this.office.run(actor, deed, (work) => saveContactPoint(work, input));
    return this.#payload(id);
  }

  @PayloadMutation(POINT, {
    description:
      'Confirms a contact point of yours by the code that was sent there. A code is good for 15 minutes and five tries. For those who may read theirs.',
  })
  async confirmContactPoint(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('code', () => String, { description: 'The code; blanks in it do not count.' }) code: string,
  ): Promise<PointPayload> {
    await this.tries.count(actor, id);
    const deed = { action: 'confirmContactPoint', subject: id } as const;
    await this.office.run(actor, deed, (work) => confirmContactPoint(work, { id, code }));
    return this.#payload(id);
  }

  @PayloadMutation(REMOVED, {
    description: 'Takes a contact point of yours away, and erases its address. For those who may read theirs.',
  })
  async removeContactPoint(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, { description: 'The version that you saw.' }) version: number,
  ): Promise<{ removedId: string }> {
    const deed = { action: 'removeContactPoint', subject: id } as const;
    const removed = await this.office.run(actor, deed, (work) => removeContactPoint(work, { id, version }));
    return { removedId: removed.id };
  }

  #payload(id: string): PointPayload {
    return { contactPoint: () => writtenPoint(this.office.read(), id.toLowerCase()) };
  }
}
