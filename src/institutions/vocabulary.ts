/** The closed lists of institutions and their letters. */
export const INSTITUTION_KINDS = [
  'TOWN_HALL',
  'MEDIA',
  'SCHOOL',
  'HEALTH',
  'NETWORK_OPERATOR',
  'ASSOCIATION',
  'STATE_SERVICE',
] as const;
export type InstitutionKind = (typeof INSTITUTION_KINDS)[number];

/** INVITED until its holder confirms it, or an ADMIN names the agreement by which it is written to; LEFT for good. */
export const MAILBOX_STATES = ['INVITED', 'CONFIRMED', 'MANDATED', 'LEFT'] as const;
export type MailboxState = (typeof MAILBOX_STATES)[number];

/** News of a publication, or the one invitation. */
export const LETTER_PURPOSES = ['INVITATION', 'NEWS'] as const;
export type LetterPurpose = (typeof LETTER_PURPOSES)[number];

/**
 * WAITING until it is SENT (the relay took it), REFUSED (the mailbox is not there, or a report says that it did not arrive),
 * OVERTAKEN by a later letter of the same publication, or GIVEN_UP when it has nothing to tell any more.
 */
export const LETTER_STATES = ['WAITING', 'SENT', 'REFUSED', 'OVERTAKEN', 'GIVEN_UP'] as const;

/** Of an institution and an alert: follows from its letters, and from what a person said. */
export const NOTICE_STATES = ['WAITING', 'SENT', 'REFUSED', 'GIVEN_UP', 'ACKNOWLEDGED'] as const;
export type NoticeState = (typeof NOTICE_STATES)[number];
