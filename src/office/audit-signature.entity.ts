import { defineEntity, p } from '@mikro-orm/core';

/**
 * The head of the audit log as it stood at an hour, signed by the hub. Somebody who owns the tables can write a whole new
 * chain of hashes; without the hub's key they cannot sign it.
 */
export const AuditSignature = defineEntity({
  name: 'AuditSignature',
  tableName: 'audit_signature',
  triggers: [
    {
      name: 'audit_signature_frozen',
      timing: 'before',
      events: ['update', 'delete'],
      forEach: 'row',
      expression:
        'create trigger audit_signature_frozen before update or delete on audit_signature for each row execute function refuse_change()',
    },
  ],
  properties: {
    /** Of the last entry then. */
    position: p.bigint('number').primary().autoincrement(false),
    signedAt: p.datetime(3),
    /** A JWS in its compact form (RFC 7515) over position, hash and time, with the certificate in `x5c`. */
    jws: p.text(),
  },
});
