import { Arg, Ctx, ID, Int, Query, Resolver } from 'type-graphql';
import type { Context } from '../../graphql/context.ts';
import { PayloadMutation } from '../../graphql/payload.types.ts';
import { PageCursorScalar } from '../../graphql/scalars.ts';
import type { Office } from '../../office/office.ts';
import { AFTER, firstUpTo } from '../../paging/connection.types.ts';
import type { Page } from '../../paging/page.rules.ts';
import { approveSignatureRule, endSignatureRule, proposeSignatureRule } from './signature-rule.commands.ts';
import { type SignatureRuleView, signatureRulesPage, signatureRuleView } from './signature-rule.queries.ts';
import { SignatureRuleConnectionType, SignatureRuleInput, SignatureRuleType } from './signature-rule.types.ts';

const ID_ARG = { description: 'The id of the rule.' };
const VERSION = { description: 'The version that you saw.' };
const RULE = { rule: { type: () => SignatureRuleType, description: 'The rule as it then stood.' } };

interface RulePayload {
  rule: () => Promise<SignatureRuleView>;
}

/** The rules of who must sign, which two administrators change together. */
@Resolver(() => SignatureRuleType)
export class SignatureRuleResolver {
  constructor(private readonly office: Office) {}

  @Query(() => SignatureRuleConnectionType, {
    nullable: true,
    description: 'All rules of signature, those proposed last first, the ended ones too. For staff and an ADMIN.',
  })
  signatureRules(
    @Ctx() { actor }: Context,
    @Arg('first', () => Int, firstUpTo()) first: number,
    @Arg('after', () => PageCursorScalar, AFTER) after: string | null,
  ): Promise<Page<SignatureRuleView>> {
    return signatureRulesPage(this.office.read(), actor, { first, after });
  }

  @PayloadMutation(RULE, {
    description:
      'Proposes a rule of signature; it asks for nothing until another ADMIN puts it in force. INVALID_INPUT where too few people could meet it. For an ADMIN.',
  })
  async proposeSignatureRule(
    @Ctx() { actor }: Context,
    @Arg('input', () => SignatureRuleInput, { description: 'The rule.' }) input: SignatureRuleInput,
  ): Promise<RulePayload> {
    const deed = { action: 'proposeSignatureRule' } as const;
    const { id } = await this.office.run(actor, deed, (work) => proposeSignatureRule(work, input));
    return this.#payload(id);
  }

  @PayloadMutation(RULE, {
    description:
      'Puts a rule in force that another ADMIN proposed: from then on nothing that it speaks of is published without its signatures, but urgently. For an ADMIN.',
  })
  async approveSignatureRule(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
  ): Promise<RulePayload> {
    const deed = { action: 'approveSignatureRule', subject: id } as const;
    await this.office.run(actor, deed, (work) => approveSignatureRule(work, { id, version }));
    return this.#payload(id);
  }

  @PayloadMutation(RULE, {
    description:
      'Takes a proposal back at once. Of a rule in force the first ADMIN asks for its end so, and another one ends it. For an ADMIN.',
  })
  async endSignatureRule(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
  ): Promise<RulePayload> {
    const deed = { action: 'endSignatureRule', subject: id } as const;
    await this.office.run(actor, deed, (work) => endSignatureRule(work, { id, version }));
    return this.#payload(id);
  }

  #payload(id: string): RulePayload {
    return { rule: () => signatureRuleView(this.office.read(), id.toLowerCase()) };
  }
}
