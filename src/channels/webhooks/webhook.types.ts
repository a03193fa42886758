import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { AccountType } from '../../access/account.types.ts';
import { DateTimeScalar, UrlScalar } from '../../graphql/scalars.ts';
import { connectionOf } from '../../paging/connection.types.ts';
import { FRENCH } from '../../publications/content/language.rules.ts';
import { LanguageTagScalar } from '../../publications/content/language.types.ts';
import { graphqlEnum, ModeEnum, PublicationKindEnum, SeverityEnum } from '../../publications/enum.types.ts';
import type { Mode, PublicationKind, Severity } from '../../publications/vocabulary.ts';
import type { SocialNetwork } from '../social/fitting/networks.ts';
import { SocialNetworkEnum } from '../social/social.types.ts';
import { WEBHOOK_PAUSES, WEBHOOK_SIGNATURES, type WebhookPause, type WebhookSignature } from './vocabulary.ts';
import type { KeyView, WebhookView } from './webhook.queries.ts';

export const WebhookSignatureEnum = graphqlEnum(
  'WebhookSignature',
  WEBHOOK_SIGNATURES,
  'How messages are signed, by Standard Webhooks 1.0.',
  {
    HMAC: 'HMAC-SHA256 with a secret that both sides hold (`v1`).',
    ED25519: 'Ed25519: the receiver holds a public key alone (`v1a`).',
  },
);
const WebhookPauseEnum = graphqlEnum('WebhookPause', WEBHOOK_PAUSES, 'Why nothing is sent to a webhook.', {
  BY_HAND: 'Somebody paused it.',
  GONE: 'It answered 410 Gone.',
  FAILING: 'Every attempt failed for five days.',
  OWNER_DISABLED: 'The account that added it is disabled; once it is enabled, the webhook goes on where it was.',
});

@ObjectType('WebhookKey', { description: 'A key that messages are signed with; its secret part is never shown.' })
export class WebhookKeyType implements KeyView {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
  @Field(() => WebhookSignatureEnum, { description: 'How it signs.' })
  signature!: WebhookSignature;
  @Field(() => String, { nullable: true, description: '`whpk_…`, to verify with; null for HMAC.' })
  publicKey!: string | null;
  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  createdAt!: string;
  @Field(() => DateTimeScalar, { nullable: true, description: 'Until when it signs; null until it is replaced.' })
  expiresAt!: string | null;
}

@ObjectType('Webhook', { description: 'An address that each change is sent to as it is published.' })
export class WebhookType implements Omit<WebhookView, 'communes' | 'position'> {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
  @Field(() => Int, { description: 'Grows with each mutation; send it with the next.' })
  version!: number;
  @Field(() => AccountType, { description: 'The account that added it.' })
  owner!: AccountType;
  @Field(() => String, { description: 'What its owner calls it.' })
  name!: string;
  @Field(() => UrlScalar, { description: 'Where messages are sent.' })
  url!: string;
  @Field(() => [PublicationKindEnum], {
    nullable: true,
    description: 'The kinds whose changes are sent; null: every kind.',
  })
  kinds!: PublicationKind[] | null;
  @Field(() => SeverityEnum, { nullable: true, description: 'The least severity of alerts; null: all of them.' })
  severityAtLeast!: Severity | null;
  @Field(() => [ModeEnum], { description: 'The modes whose changes are sent.' })
  modes!: Mode[];
  @Field(() => [SocialNetworkEnum], { description: 'The networks for which its messages contain a ready-made post.' })
  networks!: SocialNetwork[];
  @Field(() => LanguageTagScalar, { description: 'The language of those posts.' })
  language!: string;
  @Field(() => WebhookPauseEnum, { nullable: true, description: 'Why nothing is sent; null while messages are sent.' })
  paused!: WebhookPause | null;
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Since when nothing is sent; null while messages are sent.',
  })
  pausedAt!: string | null;
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When attempts began to fail; null where the last one succeeded.',
  })
  failingSince!: string | null;
  @Field(() => Int, { description: 'Messages that wait.' })
  pending!: number;
  @Field(() => [WebhookKeyType], { description: 'The keys that sign now, the newest first.' })
  keys!: KeyView[];
}

@InputType('WebhookInput', { description: 'An address to send changes to.' })
export class WebhookInput {
  @Field(() => String, { description: 'What its owner calls it.' })
  name!: string;
  @Field(() => UrlScalar, { description: 'An https address on the public Internet.' })
  url!: string;
  @Field(() => [SocialNetworkEnum], {
    nullable: true,
    description: 'The networks for which its messages contain a ready-made post.',
  })
  networks!: SocialNetwork[] | null;
  @Field(() => LanguageTagScalar, { defaultValue: FRENCH, description: 'The language of those posts (BCP 47).' })
  language!: string;
}

export const WebhookConnectionType = connectionOf('Webhook', () => WebhookType, {
  description: 'A page of webhooks, by name.',
  nodes: 'The webhooks of this page.',
});
