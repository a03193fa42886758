import { Arg, Ctx, ID, Int, Query, Resolver } from 'type-graphql';
import type { Context } from '../../graphql/context.ts';
import { PayloadMutation } from '../../graphql/payload.types.ts';
import { DateTimeScalar, PageCursorScalar } from '../../graphql/scalars.ts';
import type { Office } from '../../office/office.ts';
import { AFTER, firstUpTo } from '../../paging/connection.types.ts';
import type { Page } from '../../paging/page.rules.ts';
import { createApiKey, type IssuedKey, revokeApiKey, rotateApiKey } from './api-key.commands.ts';
import { ApiKeyConnectionType, ApiKeyInput, ApiKeyType } from './api-key.types.ts';
import { type ApiKeyView, apiKeysPage, apiKeyView } from './api-key-views.queries.ts';

const ID_ARG = { description: 'The id of the key.' };
const VERSION = { description: 'The version that you saw.' };
const API_KEY = { apiKey: { type: () => ApiKeyType, description: 'The key as it then stood, without its secret.' } };
const ISSUED = {
  ...API_KEY,
  secret: {
    type: () => String,
    description: 'The key itself, `tocsin_…`: shown here and never again. Send it as `Authorization: Bearer tocsin_…`.',
  },
};

interface ApiKeyPayload {
  apiKey: () => Promise<ApiKeyView>;
}

@Resolver()
export class ApiKeyResolver {
  constructor(private readonly office: Office) {}

  @Query(() => ApiKeyConnectionType, {
    nullable: true,
    description: 'The keys of machines, by name, those that were revoked too. For an ADMIN.',
  })
  apiKeys(
    @Ctx() { actor }: Context,
    @Arg('first', () => Int, firstUpTo()) first: number,
    @Arg('after', () => PageCursorScalar, AFTER) after: string | null,
  ): Promise<Page<ApiKeyView>> {
    return apiKeysPage(this.office.read(), actor, { first, after });
  }

  @PayloadMutation(ISSUED, {
    description:
      'Makes a key for a machine, which gets an account of its own. The answer is never kept under an Idempotency-Key. For an ADMIN.',
  })
  async createApiKey(
    @Ctx() { actor }: Context,
    @Arg('input', () => ApiKeyInput, { description: 'The machine.' }) input: ApiKeyInput,
  ): Promise<ApiKeyPayload & { secret: string }> {
    const deed = { action: 'createApiKey' } as const;
    return this.issued(await this.office.run(actor, deed, (work) => createApiKey(work, { input })));
  }

  @PayloadMutation(ISSUED, {
    description:
      'Makes a new key for the same machine, which keeps its account and what it owns. Both keys are good until the overlap ends; connections are closed once, and come back. For an ADMIN.',
  })
  async rotateApiKey(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
    @Arg('expiresAt', () => DateTimeScalar, {
      description: 'Until when the new key is good: at most 366 days from now.',
    })
    expiresAt: string,
    @Arg('overlapHours', () => Int, {
      defaultValue: 24,
      description: '0 to 168 hours; 0 ends the earlier key at once.',
    })
    overlapHours: number,
  ): Promise<ApiKeyPayload & { secret: string }> {
    const deed = { action: 'rotateApiKey', subject: id } as const;
    const rotation = { id, version, expiresAt, overlapHours };
    return this.issued(await this.office.run(actor, deed, (work) => rotateApiKey(work, rotation)));
  }

  @PayloadMutation(API_KEY, {
    description:
      'Ends a key for good: within a second every hub ends the connections of its machine and refuses it. For an ADMIN.',
  })
  async revokeApiKey(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
  ): Promise<ApiKeyPayload> {
    const deed = { action: 'revokeApiKey', subject: id } as const;
    await this.office.run(actor, deed, (work) => revokeApiKey(work, { id, version }));
    return this.payload(id);
  }

  private payload(id: string): ApiKeyPayload {
    return { apiKey: () => apiKeyView(this.office.read(), id) };
  }

  private issued({ id, secret }: IssuedKey): ApiKeyPayload & { secret: string } {
    return { ...this.payload(id), secret };
  }
}
