import { X509Certificate } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { beforeEach, expect, it } from 'vitest';
import { sqlOver } from '../../src/database/sql.ts';
import { recordDeed } from '../../src/office/audit.commands.ts';
import { AuditEntry } from '../../src/office/audit.entity.ts';
import { verifyAudit } from '../../src/office/audit.queries.ts';
import { chainedHash } from '../../src/office/audit.rules.ts';
import { verifySignatures } from '../../src/office/audit-signature.queries.ts';
import { hourlySigner } from '../../src/office/sign-audit.commands.ts';
import { withSession } from '../support/database/cluster.ts';
import { NOON, reportDesk } from '../support/desk/report-desk.ts';
import { signingPair } from '../support/hub/signing.ts';

const { em, url } = await reportDesk();
const HOUR = 3_600_000;
const at = (hours: number) => new Date(Date.parse(NOON) + hours * HOUR);

const deed = (hours: number) =>
  em().transactional((inside) =>
    recordDeed(inside as EntityManager, {
      at: at(hours),
      actor: null,
      action: 'STARTED',
      subject: null,
      stateBefore: null,
      stateAfter: null,
    }),
  );
const signer = (pair = signingPair) => {
  const { sign, isDue } = hourlySigner(pair);
  return (hours: number) =>
    isDue(at(hours)) ? em().transactional((inside) => sign(inside as EntityManager, at(hours))) : null;
};
const verify = () => withSession(url, (session) => verifySignatures(sqlOver(session)));
/** Statements at the database's prompt, by a hand that has first put the triggers out of the way. */
const tamper = (...statements: string[]) =>
  withSession(url, async (session) => {
    for (const statement of ['set session_replication_role = replica', ...statements]) await session.query(statement);
  });

/** Writes the whole chain anew from an entry on, as somebody who knows how it is made. */
async function forge(position: number, change: { action: string }): Promise<void> {
  const entries = await em().find(AuditEntry, {}, { orderBy: { position: 'asc' } });
  let hash = '';
  const statements: string[] = [];
  for (const entry of entries) {
    const { id, at: when, actor = null, subject = null, stateBefore = null, stateAfter = null } = entry;
    const place = Number(entry.position);
    const action = place === position ? change.action : entry.action;
    const forged = { id, position: place, at: when, actor, action, subject, stateBefore, stateAfter };
    hash = chainedHash(hash, forged);
    statements.push(`update audit_entry set action = '${forged.action}', hash = '${hash}' where id = '${entry.id}'`);
  }
  await tamper(...statements, `update audit_head set hash = '${hash}'`);
}

beforeEach(() =>
  tamper('delete from audit_entry', 'delete from audit_signature', `update audit_head set position = 0, hash = ''`),
);

it('the head of the audit log is signed once an hour, and only after something was done', async () => {
  const sign = signer();
  expect(await sign(0)).toBeNull();
  await deed(0.1);
  expect(await sign(0.01)).toBeNull();
  expect(await sign(0.2)).toMatchObject({ position: 1 });
  await deed(0.3);
  expect(await sign(1.1)).toBeNull();
  // Another process keeps time now: it knows from PostgreSQL when the last hour began.
  const other = signer();
  expect(await other(1.1)).toBeNull();
  expect(await other(1.21)).toMatchObject({ position: 2 });
  expect(await other(3)).toBeNull();
  expect(await verify()).toMatchObject({ count: 2, fault: null, last: { position: 2, at: at(1.21) } });
});

it('a chain that was written anew, each hash sound, is not the one that was signed', async () => {
  const sign = signer();
  for (const hours of [0, 1, 2]) {
    await deed(hours);
    await sign(hours + 0.5);
  }
  await forge(2, { action: 'ENDED' });
  expect(await withSession(url, (session) => verifyAudit(sqlOver(session)))).toEqual({ sound: 3, fault: null });
  expect(await verify()).toMatchObject({ count: 1, fault: 'entry 2 is not the one that was signed' });
});

it('an end of the log that was cut off is missed', async () => {
  const sign = signer();
  for (const hours of [0, 2]) {
    await deed(hours);
    await sign(hours + 0.5);
  }
  const first = await em().findOneOrFail(AuditEntry, { position: 1 });
  await tamper(
    'delete from audit_entry where position = 2',
    `update audit_head set position = 1, hash = '${first.hash}'`,
  );
  expect(await verify()).toMatchObject({ count: 1, fault: 'entry 2 is not the one that was signed' });
});

it('a signature that was changed, or moved to another entry, is not good', async () => {
  const sign = signer();
  await deed(0);
  await sign(0.5);
  await deed(1);
  await tamper('update audit_signature set position = 2');
  expect(await verify()).toMatchObject({ count: 0, fault: 'the signature of entry 1 stands at 2' });
  await tamper(`update audit_signature set position = 1, jws = regexp_replace(jws, '[^.]{4}$', 'AAAA')`);
  expect(await verify()).toMatchObject({ count: 0, fault: 'the signature at entry 1 is not good' });
});

it('the certificates are named, so that an operator sees a key that is not ours', async () => {
  await deed(0);
  await signer()(0.5);
  const { fingerprints } = await verify();
  expect(fingerprints).toEqual([new X509Certificate(signingPair.certificate.raw).fingerprint256]);
});

it('PostgreSQL refuses to change a signature, or to take one away', async () => {
  await deed(0);
  await signer()(0.5);
  for (const statement of [
    `update audit_signature set jws = ''`,
    'delete from audit_signature',
    'truncate audit_signature',
  ])
    await expect(withSession(url, (session) => session.query(statement))).rejects.toThrow();
  expect((await verify()).count).toBe(1);
});
