/** The closed lists of webhooks. */
export const WEBHOOK_SIGNATURES = ['HMAC', 'ED25519'] as const;
export type WebhookSignature = (typeof WEBHOOK_SIGNATURES)[number];

/** OWNER_DISABLED is no row's: it holds for as long as the account does, whatever else paused the webhook. */
export const WEBHOOK_PAUSES = ['BY_HAND', 'GONE', 'FAILING', 'OWNER_DISABLED'] as const;
export type WebhookPause = (typeof WEBHOOK_PAUSES)[number];

/**
 * PENDING until it is DELIVERED (2xx) or FAILED (every attempt was in vain, or the webhook was paused). Sending it again
 * by hand makes it PENDING once more.
 */
export const DELIVERY_STATES = ['PENDING', 'DELIVERED', 'FAILED'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];
