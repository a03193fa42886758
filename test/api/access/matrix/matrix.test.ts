import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from 'graphql';
import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../../support/database/database.ts';
import { tell } from '../../../support/tell.ts';
import { matrixDesk } from './desk.ts';
import { differences, PARTS, right } from './matrix.ts';
import {
  ACCOUNT_DEEDS,
  CALL_DEEDS,
  CALLERS,
  DESK_PAGES,
  DOSSIER_DEEDS,
  DOSSIER_FIELDS,
  EXPORTS,
  FLASH_DEEDS,
  INCIDENT_DEEDS,
  INVITATION_DEEDS,
  KEY_DEEDS,
  LOG_DEEDS,
  MAILBOX_DEEDS,
  MAY,
  NEW_THINGS,
  ORGANISATION_DEEDS,
  PICTURE_ADDRESSES,
  PICTURE_DEEDS,
  POINT_DEEDS,
  PUBLIC,
  QUESTION_DEEDS,
  REPORT_DEEDS,
  REPORT_FIELDS,
  RULE_DEEDS,
  SEALED_DEEDS,
  SESSION_FIELDS,
  SHIFT_DEEDS,
  SITUATION_DEEDS,
  WATCHER_DEEDS,
  WEBHOOK_DEEDS,
} from './right.ts';

/** Who may do what, at which stage, by which door: every cell of a table that was written by hand. */
const { url } = await testDatabase();
const desk = await matrixDesk(url);
afterAll(() => desk.close());

const schema = buildClientSchema(await desk.hub.as().request<IntrospectionQuery>(getIntrospectionQuery()));
const fieldsOf = (name: string): string[] => {
  const type = schema.getType(name);
  return type && 'getFields' in type ? Object.keys(type.getFields()).sort() : [];
};

/** Some 4,000 requests, on a machine under load. */
const MANY_REQUESTS_MS = 900_000;

describe('the matrix of roles, fields and stages', () => {
  it('has every role, and every field that is not public, and no other', () => {
    const roles = schema.getType('StaffRole');
    const named = roles && 'getValues' in roles ? roles.getValues().map(({ name }) => name) : [];
    expect([...CALLERS].filter((caller) => caller !== 'NOBODY' && caller !== 'UNINVITED').sort()).toEqual(named.sort());
    const roots = [...fieldsOf('Query'), ...fieldsOf('Mutation'), ...fieldsOf('Subscription')];
    expect([...new Set(roots)].filter((field) => !PUBLIC.includes(field)).sort()).toEqual(
      Object.keys(MAY)
        .filter((field) => !(field in EXPORTS || field in DESK_PAGES || field in PICTURE_ADDRESSES))
        .sort(),
    );
    expect(fieldsOf('Dossier')).toEqual([...DOSSIER_FIELDS]);
    expect(fieldsOf('FieldReport')).toEqual([...REPORT_FIELDS]);
  });

  it('tries every field that is not public', () => {
    const tried = [
      ...Object.keys({ ...DOSSIER_DEEDS, ...REPORT_DEEDS }),
      ...WEBHOOK_DEEDS,
      ...ORGANISATION_DEEDS,
      ...RULE_DEEDS,
      ...LOG_DEEDS,
      ...INCIDENT_DEEDS,
      ...SHIFT_DEEDS,
      ...SITUATION_DEEDS,
      ...CALL_DEEDS,
      ...POINT_DEEDS,
      ...QUESTION_DEEDS,
      ...FLASH_DEEDS,
      ...SESSION_FIELDS,
      ...PICTURE_DEEDS,
      ...MAILBOX_DEEDS,
      ...[...WATCHER_DEEDS, ...ACCOUNT_DEEDS, ...INVITATION_DEEDS, ...KEY_DEEDS, ...SEALED_DEEDS, ...NEW_THINGS],
      ...['dossier', 'report', 'deskChanges', 'addPicture', ...Object.keys(EXPORTS)],
    ];
    expect([...new Set(tried)].sort()).toEqual(Object.keys(MAY).sort());
  });

  it('has at least 5,000 cells', () => {
    tell(`${right().size} cells`);
    expect(right().size).toBeGreaterThanOrEqual(5_000);
  });

  it.each(Object.keys(PARTS))(
    'holds for %s',
    async (name) => {
      const part = PARTS[name];
      if (!part) throw new Error(`no part ${name}`);
      expect(differences(await part.find(desk), part.right())).toEqual([]);
    },
    MANY_REQUESTS_MS,
  );
});
