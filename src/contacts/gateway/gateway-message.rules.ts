import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { CallReason } from '../../calling/call.rules.ts';
import type { SigningKey } from '../../channels/webhooks/key.rules.ts';
import { parisTime } from '../../clock.ts';
import { FRENCH } from '../../publications/content/language.rules.ts';
import { HUB_NAME } from '../messages/message.words.ts';
import type { OutgoingMessage } from '../messages/outgoing-message.ts';

/** The answer by which a person takes a call: the text, or the key. */
export const TAKES = '1';

/** A flash asks what its contact says, which no key says. */
export const isTakenByAnswer = (reason: CallReason): boolean => reason !== 'FLASH';

/**
 * The body for the gateway: the number, and the whole message. A text has the link; what is spoken has none, and a code one digit after
 * the other.
 */
export function gatewayBody({ id, way, address, createdAt, call, code }: OutgoingMessage): string {
  const isSpoken = way === 'VOICE';
  const text = call
    ? isSpoken
      ? call.words
      : `${call.words} ${call.link}`
    : `${HUB_NAME} : votre code est ${(code ?? '').split('').join(isSpoken ? ', ' : '')}.`;
  return JSON.stringify({
    type: isSpoken ? 'message.voice' : 'message.sms',
    timestamp: parisTime(createdAt),
    data: { id, to: address, text, language: FRENCH, answers: call && isTakenByAnswer(call.reason) ? [TAKES] : [] },
  });
}

/** An answer of the gateway may be so old, or ahead, in seconds: clocks disagree, and what was written down is of no use later. */
const MOST_SECONDS_OFF = 300;

/** The headers of Standard Webhooks. */
export interface SignedHeaders {
  id: string | undefined;
  timestamp: string | undefined;
  signature: string | undefined;
}

/** Whether a body was signed by one of the keys, within the last minutes. */
export function isSigned(
  keys: readonly SigningKey[],
  { id, timestamp, signature }: SignedHeaders,
  body: string,
  now: Date,
): boolean {
  if (!id || !timestamp || !signature || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(now.getTime() / 1000 - Number(timestamp)) > MOST_SECONDS_OFF) return false;
  const given = signature.split(' ').map((one) => Buffer.from(one));
  return keys.some(({ secret }) => {
    const key = Buffer.from(secret.slice(secret.indexOf('_') + 1), 'base64');
    const expected = Buffer.from(
      `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`,
    );
    return given.some((one) => one.length === expected.length && timingSafeEqual(one, expected));
  });
}

const answerBody = z.object({
  type: z.literal('message.answered'),
  data: z.object({ id: z.uuid(), answer: z.string().max(100) }),
});

/** The message that a body answers, and what the person said; undefined for anything else. */
export function readAnswer(body: string): { id: string; answer: string } | undefined {
  try {
    const read = answerBody.safeParse(JSON.parse(body));
    return read.success ? { id: read.data.data.id, answer: read.data.data.answer.trim() } : undefined;
  } catch {
    return undefined;
  }
}
