import fc from 'fast-check';
import { buildClientSchema, getIntrospectionQuery } from 'graphql';
import { afterAll, describe, expect, it } from 'vitest';
import { ROLES, type Role } from '../../../src/access/actor.ts';
import { testDatabase } from '../../support/database/database.ts';
import { RawSocket } from '../../support/following/raw-socket.ts';
import { hostileOperations } from '../../support/generated/hostile.ts';
import { startHub } from '../../support/hub/hub.ts';
import { inSeconds, startIssuer } from '../../support/hub/issuer.ts';

const WRITERS: Role[] = ['EDITOR', 'VALIDATOR', 'DUTY_OFFICER'];
const STAFF: Role[] = [...WRITERS, 'CHECKER'];
const REPORTERS: Role[] = ['VOLUNTEER', 'CHECKER'];
const SENDERS: Role[] = ['SCHEDULER', 'ADMIN'];

/** Who may do what, by field of the schema; written by hand, beside the hub's own table. */
const MAY: Record<string, Role[]> = {
  dossier: STAFF,
  dossiers: STAFF,
  lintAlert: STAFF,
  reports: ['VOLUNTEER', ...STAFF],
  report: ['VOLUNTEER', ...STAFF],
  draftAlert: ['EDITOR'],
  draftAdvice: ['EDITOR'],
  draftEvent: ['EDITOR'],
  draftClosure: ['EDITOR'],
  draftCorrection: ['EDITOR'],
  draftAidPoint: ['EDITOR'],
  reviseAlert: ['EDITOR', 'VALIDATOR'],
  reviseAdvice: ['EDITOR', 'VALIDATOR'],
  reviseEvent: ['EDITOR', 'VALIDATOR'],
  reviseClosure: ['EDITOR', 'VALIDATOR'],
  reviseCorrection: ['EDITOR', 'VALIDATOR'],
  reviseAidPoint: ['EDITOR', 'VALIDATOR'],
  adoptMessage: ['EDITOR', 'VALIDATOR'],
  openIncident: ['EDITOR'],
  delayEvent: ['EDITOR', 'VALIDATOR'],
  submitDossier: ['EDITOR'],
  requestDossierChanges: ['VALIDATOR'],
  approveDossier: ['VALIDATOR'],
  publishDossier: ['VALIDATOR'],
  publishDossierUrgently: ['DUTY_OFFICER'],
  cosignDossier: ['VALIDATOR'],
  abandonDossier: ['EDITOR', 'VALIDATOR'],
  verifyPublication: WRITERS,
  cancelPublication: ['VALIDATOR'],
  giveAllClear: ['VALIDATOR'],
  observeClosure: [...WRITERS, 'MARSHAL'],
  observeAidPoint: WRITERS,
  submitReport: [...REPORTERS, 'MARSHAL'],
  claimReport: REPORTERS,
  concludeReport: ['CHECKER'],
  markReportDuplicate: ['CHECKER'],
  dismissReport: ['CHECKER'],
  escalateReport: ['CHECKER'],
  reopenReport: ['CHECKER'],
  maskPeople: ['CHECKER'],
  readPersonalData: ['CHECKER', 'DUTY_OFFICER'],
  markReportPublic: ['VALIDATOR'],
  watchers: STAFF,
  addWatcher: STAFF,
  reviseWatcher: STAFF,
  removeWatcher: STAFF,
  webhooks: SENDERS,
  webhookDeliveries: SENDERS,
  addWebhook: SENDERS,
  reviseWebhook: SENDERS,
  removeWebhook: SENDERS,
  pauseWebhook: SENDERS,
  resumeWebhook: SENDERS,
  rotateWebhookKey: SENDERS,
  pingWebhook: SENDERS,
  replayWebhookDelivery: SENDERS,
  acknowledgePost: ['SCHEDULER'],
  accounts: ['ADMIN'],
  disableAccount: ['ADMIN'],
  enableAccount: ['ADMIN'],
  apiKeys: ['ADMIN'],
  createApiKey: ['ADMIN'],
  rotateApiKey: ['ADMIN'],
  revokeApiKey: ['ADMIN'],
  sealedKeys: ['ADMIN'],
  withdrawSealedKey: ['ADMIN'],
  openSealedKey: [],
  changeAccountRoles: ['ADMIN'],
  approveAccountRoles: ['ADMIN'],
  invitations: ['ADMIN'],
  inviteAccount: ['ADMIN'],
  approveInvitation: ['ADMIN'],
  withdrawInvitation: ['ADMIN'],
  acceptInvitation: [...ROLES],
  outdatedPosts: [...STAFF, 'SCHEDULER'],
};

/** What anybody may ask. */
const PUBLIC = [
  'alerts',
  'changes',
  'commune',
  'communes',
  'hazards',
  'incident',
  'incidents',
  'publication',
  'publications',
  'situation',
  'situations',
  'socialPosts',
  'viewer',
];

const issuer = await startIssuer();
const { url } = await testDatabase();
const hub = await startHub({ url, oidc: { issuer: issuer.url, audience: issuer.audience } });
afterAll(async () => {
  await hub.close();
  await issuer.close();
});

const schema = buildClientSchema(await hub.as().request(getIntrospectionQuery()));
const queries = Object.values(schema.getQueryType()?.getFields() ?? {});
const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});
const guarded = [
  ...queries.filter(({ name }) => !PUBLIC.includes(name)).map((field) => ['query', field] as const),
  ...mutations.map((field) => ['mutation', field] as const),
];
const tokenOf = new Map<Role, string>();
for (const role of ROLES)
  tokenOf.set(role, await issuer.token({ sub: role.toLowerCase(), roles: [role], exp: inSeconds(3_600) }));

async function codeOf(operation: object, role?: Role): Promise<string | undefined> {
  const answer = await fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(role ? { authorization: `Bearer ${tokenOf.get(role)}` } : {}) },
    body: JSON.stringify(operation),
  });
  const { errors } = (await answer.json()) as { errors?: { extensions: { code: string } }[] };
  return errors?.[0]?.extensions.code;
}

describe('the desk', () => {
  it('has a row in this table for every field that is not public, and no other', () => {
    expect(guarded.map(([, { name }]) => name).sort()).toEqual(Object.keys(MAY).sort());
  });

  it.each(guarded.map(([kind, field]) => [field.name, kind, field] as const))(
    '%s is open to its roles and to nobody else',
    async (name, kind, field) => {
      const known = { ids: ['01890000-0000-7000-8000-000000000000'], cursors: ['x'] };
      const operations = fc.sample(hostileOperations(kind, field, known), { numRuns: 60, seed: 91 });
      let tried = 0;
      for (const operation of operations) {
        const anonymous = await codeOf(operation);
        // Refused before anything is executed: tells nothing about roles.
        if (anonymous === 'BAD_REQUEST') continue;
        expect([name, anonymous]).toEqual([name, 'UNAUTHENTICATED']);
        for (const role of ROLES) {
          const may = MAY[name]?.includes(role);
          const code = await codeOf(operation, role);
          if (may) expect([role, code]).not.toEqual([role, 'UNAUTHENTICATED']);
          expect([role, code === 'FORBIDDEN']).toEqual([role, !may]);
        }
        tried += 1;
        if (tried === 3) break;
      }
      expect(tried).toBeGreaterThan(0);
    },
  );

  it.each([undefined, ...ROLES.filter((role) => !STAFF.includes(role))])(
    'cannot be followed live by %s',
    async (role) => {
      const socket = await new RawSocket(hub.url).init(role && { authorization: `Bearer ${tokenOf.get(role)}` });
      await socket.subscribe('1', 'subscription { deskChanges { at } }');
      await socket.until(() => socket.of('1').length > 0);
      const code = role ? 'FORBIDDEN' : 'UNAUTHENTICATED';
      expect(socket.of('1')).toMatchObject([{ type: 'error', payload: [{ extensions: { code } }] }]);
      await socket.end();
    },
  );
});
