import { z } from 'zod';
import type { AdviceDocument } from '../advice/advice.content.ts';
import { apiWords } from '../content/api-words.ts';
import { commonContent, idList, optional } from '../content/content.ts';
import { hazardCode } from '../content/hazards.ts';
import { moment } from '../content/moment.ts';
import { plainText, webAddress } from '../content/text/plain-text.ts';
import { type Confirmable, decisionContent } from '../decision/decision.content.ts';
import type { Frozen, Public } from '../frozen.ts';
import type { Pinned } from '../view.ts';
import { CATEGORIES, CERTAINTIES, RESPONSE_TYPES, SEVERITIES, URGENCIES } from '../vocabulary.ts';

const unique = <T extends z.ZodType>(item: T) => z.array(item).transform((list) => [...new Set(list)]);

/** CAP's "None" is `none` of an optional in Swift: an enum with it compiles, and is never equal. */
export const API_RESPONSES = apiWords(RESPONSE_TYPES, { NONE: 'NO_ACTION' });

/** An alert's content, in CAP 1.2's terms: urgency, severity and certainty say how grave; onset and expiry, when. */
export const alertContent = z
  .object({
    ...commonContent,
    hazard: hazardCode,
    categories: unique(z.enum(CATEGORIES)).refine((list) => list.length > 0, 'must hold at least one category'),
    responseTypes: optional(unique(API_RESPONSES.read)).transform((list) => list ?? []),
    urgency: z.enum(URGENCIES),
    severity: z.enum(SEVERITIES),
    certainty: z.enum(CERTAINTIES),
    startsAt: optional(moment),
    endsAt: moment,
    infoUrl: optional(webAddress),
    contact: optional(plainText(500)),
    adviceIds: idList(20),
    decision: decisionContent,
  })
  // Documents keep the words of CAP.
  .transform(({ startsAt, endsAt, infoUrl, ...rest }) => ({
    ...rest,
    onsetAt: startsAt,
    expiresAt: endsAt,
    web: infoUrl,
  }));
export type AlertContent = z.output<typeof alertContent>;

/** What CAP calls a message: what an Update or a Cancel of the same thread must reference. */
export interface CapMessage {
  identifier: string;
  sender: string;
  sent: string;
  /** The expiry that the message announced; messages past theirs are not referenced. */
  expires: string;
}

export type AlertDocument = Frozen &
  Public<AlertContent> &
  Confirmable & {
    kind: 'ALERT';
    messages: CapMessage[];
    /** As it was public when this revision was. */
    advice: Pinned<AdviceDocument>[];
  };

/** The CAP message that published the revision a document shows. */
export const currentMessage = (document: AlertDocument): CapMessage | undefined => document.messages.at(-1);
