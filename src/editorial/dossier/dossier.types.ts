import { Field, ID, Int, ObjectType } from 'type-graphql';
import { AccountType } from '../../access/account.types.ts';
import { PublicOrganisationType } from '../../access/organisations/organisation.types.ts';
import { DateTimeScalar } from '../../graphql/scalars.ts';
import { connectionOf } from '../../paging/connection.types.ts';
import { LINT_LEVELS, type LintLevel } from '../../publications/content/lint.rules.ts';
import { graphqlEnum, PublicationKindEnum } from '../../publications/enum.types.ts';
import type { PublicationKind } from '../../publications/vocabulary.ts';
import type { SignatureNeed } from '../signatures/needs.rules.ts';
import { SignatureNeedType } from '../signatures/signature-need.types.ts';
import { STAGES, type Stage } from './stage.rules.ts';

export const StageEnum = graphqlEnum('DossierStage', STAGES, 'Where a dossier stands.', {
  DRAFT: 'Being written.',
  IN_REVIEW: 'Submitted to the validators.',
  CHANGES_REQUESTED: 'Sent back to its editors, with a comment.',
  APPROVED: 'Approved by as many people as it needs; `signaturesMissing` says whose signature is missing besides.',
  SCHEDULED: 'To be published at `publishAt`.',
  PUBLISHED: 'Public, with nothing in hand beside it.',
  ABANDONED: 'Given up before it was ever public.',
});
export const LintLevelEnum = graphqlEnum('LintLevel', LINT_LEVELS, 'How serious a finding is.', {
  ERROR: 'Stops review and publication.',
  WARNING: 'Should be corrected.',
  ADVICE: 'Could be better.',
});

@ObjectType('LintFinding', { description: 'One thing to correct in a content.' })
export class LintFindingType {
  @Field(() => String, { description: 'The id of the rule, such as C16 or I-07.' })
  rule!: string;
  @Field(() => LintLevelEnum, { description: 'How serious it is.' })
  level!: LintLevel;
  @Field(() => String, { description: 'Dotted path in the content, such as texts.0.headline.' })
  path!: string;
  @Field(() => String, { description: 'What to do, in French.' })
  message!: string;
}

@ObjectType('DossierApproval', { description: 'A second person’s approval of exactly one content.' })
export class ApprovalType {
  @Field(() => AccountType, { description: 'The person who gave it.' })
  by!: AccountType;
  @Field(() => PublicOrganisationType, {
    description: 'The organisation to which they belonged then, as it was called then.',
  })
  organisation!: PublicOrganisationType;
  @Field(() => DateTimeScalar, { name: 'approvedAt', description: 'When it was given.' })
  at!: Date;
  @Field(() => String, { description: 'SHA-256 of the content approved, in hexadecimal.' })
  contentHash!: string;
}

@ObjectType('DossierComment', { description: 'A remark of the desk.' })
export class CommentType {
  @Field(() => AccountType, { description: 'The person who made it.' })
  by!: AccountType;
  @Field(() => DateTimeScalar, { name: 'commentedAt', description: 'When it was made.' })
  at!: Date;
  @Field(() => String, { description: 'What it says.' })
  text!: string;
}

@ObjectType('Dossier', { description: 'The working file behind a publication. Staff only.' })
export class DossierType {
  @Field(() => ID, { description: 'Equals the id of its publication.' })
  id!: string;
  @Field(() => PublicationKindEnum, { description: 'The kind of publication.' })
  kind!: PublicationKind;
  @Field(() => StageEnum, { description: 'The stage that it has reached.' })
  stage!: Stage;
  @Field(() => Int, { description: 'Send it with every mutation; it grows with each of them.' })
  version!: number;
  @Field(() => AccountType, { description: 'The person who opened it.' })
  author!: AccountType;
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it will be published; null unless SCHEDULED.' })
  publishAt!: Date | null;
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Until when an urgent publication needs its second signature; null where it needs none.',
  })
  cosignDueAt!: Date | null;
  @Field(() => [AccountType], {
    description: 'The people who wrote or changed the revision shown; none of them may approve it.',
  })
  editors!: AccountType[];
  @Field(() => [ApprovalType], { description: 'The approvals that count for the content as it stands.' })
  approvals!: ApprovalType[];
  @Field(() => [SignatureNeedType], {
    description:
      'The signatures that the rules in force ask for and nobody has given: of what is in hand, and of an urgent publication until it is cosigned. While there are any, nothing is published but urgently.',
  })
  signaturesMissing!: SignatureNeed[];
  @Field(() => [CommentType], { description: 'The remarks made so far, oldest first.' })
  comments!: CommentType[];
}

export const DossierConnectionType = connectionOf('Dossier', () => DossierType, {
  description: 'A page of dossiers, most recently changed first.',
  nodes: 'The dossiers of this page.',
});
