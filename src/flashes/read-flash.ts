import { z } from 'zod';
import { optional, optionalId } from '../publications/content/content.ts';
import { plainLine, plainText } from '../publications/content/text/plain-text.ts';
import { EMERGENCY_CALLS, FLASH_ANSWERS } from './flash.rules.ts';

export const flashInput = z.object({
  what: plainText(1_000),
  place: plainLine(300),
  emergencyCalled: z.enum(EMERGENCY_CALLS, `must be one of ${EMERGENCY_CALLS.join(', ')}`),
  incident: optionalId,
});

export const answerInput = z.object({
  answer: z.enum(FLASH_ANSWERS, `must be one of ${FLASH_ANSWERS.join(', ')}`),
  remark: optional(plainText(500)),
});

export const withdrawalReason = plainText(500);
