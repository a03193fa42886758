import { Migration } from '@mikro-orm/migrations';

/** Keeps the heads of the audit log that hubs sign each hour. */
export class M0039AuditSignatures extends Migration {
  override async up(): Promise<void> {
    for (const statement of statements) this.addSql(statement);
  }
}

const statements = [
  `create table "audit_signature" ("position" bigint not null, "signed_at" timestamptz(3) not null, "jws" text not null, primary key ("position"))`,
  `create trigger audit_signature_frozen before update or delete on audit_signature for each row execute function refuse_change()`,
  `create trigger audit_signature_never_truncated before truncate on audit_signature for each statement execute function refuse_change()`,
];
