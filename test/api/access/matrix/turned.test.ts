import { describe, expect, it } from 'vitest';
import { PERMISSIONS } from '../../../../src/access/permissions.rules.ts';
import { testDatabase } from '../../../support/database/database.ts';
import { tell } from '../../../support/tell.ts';
import { differences, find, right } from './matrix.ts';
import { CALLERS, MAY } from './right.ts';

/** The fields that hang on each permission, where they are not the one of the same name. */
const FIELDS: Partial<Record<keyof typeof PERMISSIONS, readonly string[]>> = {
  draft: ['draftAlert', 'draftEvent', 'draftClosure', 'draftAdvice', 'draftCorrection', 'draftAidPoint'],
  revise: [
    ...['reviseAlert', 'reviseEvent', 'reviseClosure', 'reviseAdvice', 'reviseCorrection', 'reviseAidPoint'],
    'delayEvent',
  ],
  readLog: ['log', 'logLines'],
  readReports: ['reports', 'report'],
  readQuestions: ['questionGroups', 'questionGroup', 'questions', 'similarQuestions'],
  readFlashes: ['flashes', 'flash'],
  readWatchers: ['watchers'],
  readWebhooks: ['webhooks', 'webhookDeliveries'],
  readAccounts: ['accounts'],
  readApiKeys: ['apiKeys'],
  readInvitations: ['invitations'],
  readSealedKeys: ['sealedKeys'],
  readSentPosts: ['outdatedPosts'],
  readSignatureRules: ['signatureRules'],
  readIncidentFiles: ['incidentFile', 'incidentFiles'],
  readDutyRoster: ['dutyRoster', 'rosterHoles'],
  readDutyCandidates: ['dutyCandidates'],
  readSituationReports: ['situationReport', 'printSituationReport'],
  readCalls: ['calls'],
  readContactPoints: ['contactPoints'],
  readDeskSessions: ['deskSessions'],
};
/** A comment, the words beside what was observed, others' sessions, pictures of a report and numbers of an organisation are parts of other deeds: nobody asks for them alone. */
const PARTS_OF_DEEDS = ['comment', 'noteObservation', 'manageDeskSessions', 'erasePicture', 'readDirectNumbers'];
/** They hang on a secret, not on a role: whoever was let to would still lack it. */
const BY_SECRET = ['openSealedKey', 'acceptInvitation'];

const all = (Object.keys(PERMISSIONS) as (keyof typeof PERMISSIONS)[]).filter(
  (one) => ![...PARTS_OF_DEEDS, ...BY_SECRET].includes(one),
);

/** `MATRIX_TURNED` names those to try, with commas between them, or says `all`, which takes an hour. */
function chosen(): typeof all {
  const wanted = process.env.MATRIX_TURNED ?? 'readReports';
  return wanted === 'all' ? all : all.filter((one) => wanted.split(',').includes(one));
}

/** Some 4,000 requests, on a machine under load. */
const MANY_REQUESTS_MS = 900_000;

const runs = await Promise.all(chosen().map(async (permission) => [permission, (await testDatabase()).url] as const));

describe('a permission that is turned round', () => {
  it.each(runs)(
    'reddens exactly the cells of its fields: %s',
    async (permission, url) => {
      const fields = FIELDS[permission] ?? [permission];
      const others = (had: readonly string[]) =>
        CALLERS.filter((caller) => caller !== 'NOBODY' && caller !== 'UNINVITED' && !had.includes(caller));
      const turned = Object.fromEntries(
        Object.entries(MAY).map(([field, had]) => [field, fields.includes(field) ? others(had) : had]),
      );
      const found = await find(url, [permission]);
      expect(differences(found, right(turned))).toEqual([]);
      const red = differences(found, right());
      tell(`${permission}: ${red.length} cells`);
      expect(red.length).toBeGreaterThan(0);
    },
    MANY_REQUESTS_MS,
  );
});
