import { defineEntity, p } from '@mikro-orm/core';
import { Account } from '../access/account.entity.ts';
import { Incident } from '../editorial/incidents/incident.entity.ts';
import { LOG_AUDIENCES, LOG_KINDS, type StampedLine } from './log-line.rules.ts';

/**
 * One line of the log of an incident, without its words. PostgreSQL numbers it in the order of commits, dates it no earlier
 * than the line before, and chains it to that by its hash (I-33, I-35); a line never changes.
 */
export const LogLine = defineEntity({
  name: 'LogLine',
  tableName: 'log_line',
  uniques: [
    { name: 'log_line_number_unique', properties: ['incident', 'number'] },
    { name: 'log_line_corrects_unique', properties: ['corrects'] },
    { name: 'log_line_entry_unique', properties: ['incident', 'entry'] },
  ],
  checks: [
    { name: 'log_line_correction_check', expression: `(kind = 'CORRECTION') = (corrects_id is not null)` },
    { name: 'log_line_deed_check', expression: `(kind = 'DEED') = (entry is not null)` },
    { name: 'log_line_happened_check', expression: 'happened_at <= written_at' },
  ],
  triggers: [
    {
      name: 'log_line_stamp',
      timing: 'before',
      events: ['insert', 'update', 'delete'],
      forEach: 'row',
      expression:
        'create trigger log_line_stamp before insert or update or delete on log_line for each row execute function log_line_stamp()',
    },
    {
      name: 'log_line_whole',
      timing: 'after',
      events: ['insert'],
      forEach: 'row',
      expression:
        'create constraint trigger log_line_whole after insert on log_line deferrable initially deferred for each row execute function log_line_whole()',
    },
  ],
  properties: {
    id: p.uuid().primary(),
    incident: () => p.manyToOne(Incident),
    /** Dense within the log. */
    number: p.integer(),
    kind: p.enum(LOG_KINDS),
    /** When it happened, as its writer says; never later than it was written. */
    happenedAt: p.datetime(3),
    writtenAt: p.datetime(3),
    /** The account; null for what the clock did. */
    by: () => p.manyToOne(Account).nullable(),
    /** That of the account, as it was called then; PostgreSQL writes it. */
    organisation: p.json<NonNullable<StampedLine['organisation']>>().nullable(),
    important: p.boolean(),
    audience: p.enum(LOG_AUDIENCES),
    /** The line that this one puts right: at most one does (I-34). */
    corrects: () => p.manyToOne(LogLine).nullable(),
    // Ids without a lock on their rows: a person who publishes a dossier holds that, and then writes here.
    dossier: p.uuid().nullable(),
    report: p.uuid().nullable(),
    /** INSEE codes, as in force when it was written. */
    communes: p.array(),
    wordsHash: p.text(),
    /** The audit entry of the deed that a DEED tells of. */
    entry: p.uuid().nullable(),
    hash: p.text(),
  },
});

/** The words of a line, apart from it, so that people can be taken out and the chain of lines still holds (I-35). */
export const LogWords = defineEntity({
  name: 'LogWords',
  tableName: 'log_words',
  indexes: [
    {
      name: 'log_words_index',
      expression: `create index "log_words_index" on "log_words" using gin (search_vector(coalesce("sender", '') || ' ' || coalesce("recipient", '') || ' ' || "text"))`,
    },
  ],
  triggers: [
    {
      name: 'log_words_kept',
      timing: 'before',
      events: ['insert', 'update', 'delete'],
      forEach: 'row',
      expression:
        'create trigger log_words_kept before insert or update or delete on log_words for each row execute function log_words_kept()',
    },
  ],
  properties: {
    line: () => p.oneToOne(LogLine).primary(),
    /** Null once people were taken out: then nobody can guess the first words from their hash. */
    salt: p.text().nullable(),
    means: p.text().nullable(),
    sender: p.text().nullable(),
    recipient: p.text().nullable(),
    text: p.text(),
    maskedAt: p.datetime(3).nullable(),
  },
});

/** The end of the log of one incident: the row that numbers its lines and chains them. PostgreSQL alone writes it. */
export const LogHead = defineEntity({
  name: 'LogHead',
  tableName: 'log_head',
  properties: {
    incidentId: p.uuid().primary(),
    number: p.integer(),
    hash: p.text(),
    writtenAt: p.datetime(3),
  },
});

/** How far a log has been gone through for people, once its incident was closed for 90 days (I-60). */
export const LogErasure = defineEntity({
  name: 'LogErasure',
  tableName: 'log_erasure',
  properties: {
    incident: () => p.oneToOne(Incident).primary(),
    /** Of the last line that was looked at. */
    number: p.integer(),
    at: p.datetime(3),
  },
});
