import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { migrations } from '../../migrations/list.ts';
import { openDatabase } from '../../src/database/connection.ts';
import { entities } from '../../src/entities.ts';
import { testDatabase } from '../support/database/database.ts';

const { url } = await testDatabase();
const database = await openDatabase({ url, entities });
afterAll(() => database.close());

it('the migrated schema is what the entities say', async () => {
  expect(await database.orm.schema.getUpdateSchemaSQL({ wrap: false })).toBe('');
});

it('every migration stands in the list, in the order of its number', async () => {
  const files = await readdir(path.join(import.meta.dirname, '../../migrations'));
  const numbered = files.filter((name) => /^m\d{4}-.+\.ts$/.test(name)).map((name) => name.replace(/\.ts$/, ''));
  expect(migrations.map(({ name }) => name)).toEqual(numbered.sort());
});

it('guards every table whose rows never change, with triggers for rows and for TRUNCATE', async () => {
  const { rows } = await database.pool.query<{ name: string }>(
    `select t.tgname as name from pg_trigger t where not t.tgisinternal order by 1`,
  );
  expect(rows.map(({ name }) => name)).toEqual([
    'account_changed',
    'account_ends_desk_sessions',
    'account_of_machine',
    'account_organisation',
    'account_roles',
    'api_key_changed',
    'api_key_guarded',
    'approval_ends_calls',
    'approval_four_eyes',
    'approval_never_truncated',
    'approval_organisation',
    'audit_entry_actor',
    'audit_entry_frozen',
    'audit_entry_never_truncated',
    'audit_entry_stamp',
    'audit_head_never_truncated',
    'audit_signature_frozen',
    'audit_signature_never_truncated',
    'call_stays_ended',
    'call_step_guard',
    'call_step_stops_messages',
    'call_stops_messages',
    'cap_message_frozen',
    'cap_message_never_truncated',
    'cap_message_sealed',
    'cap_seal_frozen',
    'cap_seal_never_truncated',
    'conclusion_kept',
    'conclusion_never_truncated',
    'contact_message_stays_stopped',
    'contact_message_wanted',
    'decision_confirmation_ends_calls',
    'decision_confirmation_guard',
    'decision_confirmation_never_truncated',
    'decision_confirmation_told',
    'desk_export_frozen',
    'desk_export_never_truncated',
    'desk_session_ended',
    'desk_session_stays_ended',
    'dossier_cosigned',
    'dossier_ends_calls',
    'dossier_report_ends_calls',
    'duty_shift_guard',
    'duty_shift_never_truncated',
    'evidence_kept',
    'evidence_never_truncated',
    'flash_ends_calls',
    'flash_head_never_truncated',
    'flash_kept',
    'flash_never_truncated',
    'flash_stamp',
    'in_force_kept',
    'in_force_never_truncated',
    'incident_archive_frozen',
    'incident_archive_never_truncated',
    'incident_ends_calls',
    'incident_guard',
    'incident_level_change_frozen',
    'incident_level_change_never_truncated',
    'incident_never_truncated',
    'incident_period_kept',
    'incident_period_never_truncated',
    'institution_notice_ends_calls',
    'invitation_guard',
    'invitation_never_truncated',
    'invitation_organisation',
    'journal_entry_frozen',
    'journal_entry_never_truncated',
    'journal_entry_stamp',
    'journal_head_never_truncated',
    'letter_wanted',
    'log_head_never_truncated',
    'log_line_never_truncated',
    'log_line_stamp',
    'log_line_whole',
    'log_words_kept',
    'log_words_never_truncated',
    'mailbox_stays_left',
    'organisation_guard',
    'organisation_never_truncated',
    'picture_bytes_erased',
    'picture_bytes_kept',
    'picture_bytes_never_truncated',
    'picture_kept',
    'picture_never_truncated',
    'picture_whole',
    'publication_announced',
    'publication_closed_for_good',
    'publication_ends_calls',
    'publication_ends_order_calls',
    'publication_ends_unread',
    'publication_never_truncated',
    'publication_of_incident',
    'report_ends_calls',
    'revision_announced',
    'revision_editor_kept',
    'revision_editor_never_truncated',
    'revision_frozen',
    'revision_never_truncated',
    'role_request_guard',
    'role_request_never_truncated',
    'sealed_key_changed',
    'sealed_key_guarded',
    'signature_rule_ends_calls',
    'signature_rule_guard',
    'signature_rule_never_truncated',
    'situation_report_ends_calls',
    'situation_report_guard',
    'situation_report_never_truncated',
    'situation_report_replaced',
    'social_post_frozen',
    'social_post_never_truncated',
    'watcher_ends_calls',
    'watcher_failing',
  ]);
});
