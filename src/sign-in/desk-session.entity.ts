import { defineEntity, p } from '@mikro-orm/core';

/**
 * A person who signed in to the desk with a browser. The browser holds a secret; the hub knows its hash. PostgreSQL notifies
 * every hub of an end, by whatever hand, ends the sessions of an account that is disabled, and lets no ended one open again.
 */
export const DeskSession = defineEntity({
  name: 'DeskSession',
  tableName: 'desk_session',
  uniques: [{ name: 'desk_session_secret_hash_unique', properties: ['secretHash'] }],
  indexes: [{ name: 'desk_session_person_index', properties: ['issuer', 'subject'] }],
  triggers: [
    {
      name: 'desk_session_stays_ended',
      timing: 'before',
      events: ['update'],
      forEach: 'row',
      expression:
        'create trigger desk_session_stays_ended before update on desk_session for each row execute function desk_session_stays_ended()',
    },
    {
      name: 'desk_session_ended',
      timing: 'after',
      events: ['update', 'delete'],
      forEach: 'row',
      expression:
        'create trigger desk_session_ended after update or delete on desk_session for each row execute function desk_session_ended()',
    },
  ],
  properties: {
    id: p.uuid().primary(),
    /** SHA-256 of the secret in the cookie. */
    secretHash: p.text(),
    /** As the issuer knows the person, who has an account only once an invitation was accepted. */
    issuer: p.text(),
    subject: p.text(),
    name: p.text(),
    /** How the person signed in, as the issuer said it: `amr` and `acr`. */
    signs: p.array(),
    /** The issuer's own name for its session (`sid`), by which it tells of a sign-out. */
    issuerSession: p.text().nullable(),
    startedAt: p.datetime(3),
    /** When the person asked for something last, to the minute. */
    seenAt: p.datetime(3),
    /** The latest end, however much the person does. */
    endsAt: p.datetime(3),
    endedAt: p.datetime(3).nullable(),
    /** Encrypted, as is the next; null without one, and once the session has ended. */
    refreshToken: p.text().nullable(),
    /** Shown to the issuer when the person signs out, and then gone. */
    idToken: p.text().nullable(),
    /** When the issuer is to be asked whether it still knows the person; null where it gave nothing to ask with. */
    renewAt: p.datetime(3).nullable(),
    /** Until when one hub is asking. */
    renewingUntil: p.datetime(3).nullable(),
  },
});
