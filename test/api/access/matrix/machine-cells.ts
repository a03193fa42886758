import { randomUUID } from 'node:crypto';
import type { GraphQLClient } from 'graphql-request';
import { hoursFromNow, INPUTS, openIncident } from '../../../support/desk/desk.ts';
import { sealInto } from '../../../support/desk/machines.ts';
import { reportOf } from '../../../support/desk/report-desk.ts';
import { type Call, type Cells, call, cell, codeIn, type MatrixDesk } from './desk.ts';
import { dossierAt, NOTHING } from './dossier-cells.ts';
import { page } from './report-cells.ts';
import {
  ACCOUNT_DEEDS,
  ACCOUNT_STAGES,
  type AccountStage,
  accountDeedEnds,
  CALLERS,
  type Caller,
  EXPORTS,
  INVITATION_DEEDS,
  INVITATION_STAGES,
  type InvitationStage,
  invitationDeedEnds,
  KEY_DEEDS,
  KEY_STAGES,
  keyDeedEnds,
  MAY,
  NEW_THINGS,
  newThingEnds,
  ORGANISATION_DEEDS,
  ORGANISATION_STAGES,
  type OrganisationStage,
  organisationDeedEnds,
  PRESENCES,
  presentDeedEnds,
  refusalOf,
  SEALED_DEEDS,
  WATCHER_DEEDS,
  WEBHOOK_DEEDS,
  WEBHOOK_STAGES,
  type WebhookStage,
  webhookDeedEnds,
} from './right.ts';

type May = typeof MAY;
export interface Subject {
  id: string;
  version: number;
}

const WEBHOOK = { name: 'Réseaux', url: 'http://127.0.0.1:9/hook', networks: [] };
const WATCHER = { name: 'Vigilance', url: 'https://feeds.example/vigilance', communes: ['91345'] };
const apiKey = () => ({ name: 'Passerelle', roles: ['SCHEDULER'], expiresAt: hoursFromNow(24) });
const invited = (roles: string[]): Call['given'] => ({
  name: ['String!', 'Claire Moreau'],
  roles: ['[StaffRole!]!', roles],
});
const called = (name = `Mairie ${randomUUID()}`): Call['given'] => ({
  name: ['String!', name],
  shortName: ['String!', 'Mairie'],
});
const organisation = (): Call['given'] => ({ kind: ['OrganisationKind!', 'COMMUNE'], ...called() });
const kindOf = (field: string) => field.replace('draft', '') as keyof typeof INPUTS;

/** The arguments of what makes or lists something. */
function newThing(field: string, post: string): Call {
  const input = (type: string, value: object): Call => ({ field, given: { input: [`${type}!`, value] } });
  if (field.startsWith('draft')) return input(`${kindOf(field)}Input`, INPUTS[kindOf(field)]());
  switch (field) {
    case 'lintAlert':
      return { ...input('AlertInput', INPUTS.Alert()), kind: 'query' };
    case 'addresses':
      return { field, given: { search: ['String!', 'rue de Paris'] }, kind: 'query' };
    case 'addressAt':
      return { field, given: { point: ['PointInput!', { lon: 2.29, lat: 48.69 }] }, kind: 'query' };
    case 'openIncident':
      return { field, given: { slug: ['String!', `crue-${randomUUID().slice(0, 8)}`], title: ['String!', 'Crue'] } };
    case 'dutyRoster':
      return {
        field,
        kind: 'query',
        given: { from: ['DateTime!', hoursFromNow(-1)], to: ['DateTime!', hoursFromNow(1)] },
      };
    case 'submitReport':
      return input('FieldReportInput', reportOf());
    case 'addWatcher':
      return input('WatcherInput', WATCHER);
    case 'addWebhook':
      return input('WebhookInput', WEBHOOK);
    case 'notices':
      return { field, given: { publication: ['ID!', NOTHING] }, kind: 'query' };
    case 'saveInstitution':
      return input('InstitutionInput', { kind: 'MEDIA', name: 'Le Journal' });
    case 'createApiKey':
      return input('ApiKeyInput', apiKey());
    case 'openSealedKey':
      return { field, given: { name: ['String!', 'Claire Moreau'] } };
    case 'proposeSignatureRule':
      return input('SignatureRuleInput', {
        name: 'Une signature',
        kinds: ['ALERT'],
        needs: [{ anyOf: ['DEPARTEMENT'] }],
      });
    case 'inviteAccount':
      return { field, given: invited(['EDITOR']) };
    case 'createOrganisation':
      return { field, given: organisation() };
    case 'acceptInvitation':
      return { field, given: { secret: ['String!', 'A'.repeat(43)] } };
    case 'acknowledgePost':
      return {
        field,
        given: { network: ['SocialNetwork!', 'X'], post: ['URL!', post], url: ['URL!', 'https://x.example/1'] },
      };
    default:
      return { field, given: {}, kind: 'query' };
  }
}

/** Every cell of some fields at some stages. */
export const rightOf = (
  fields: readonly string[],
  stages: readonly string[],
  ends: (field: string, stage: never, caller: Caller, may?: May) => string,
  may?: May,
): Cells =>
  new Map(
    fields.flatMap((field) =>
      stages.flatMap((stage) =>
        CALLERS.map((caller) => [cell(field, stage, caller), ends(field, stage as never, caller, may)] as const),
      ),
    ),
  );

export const rightMachines = (may?: May): Cells =>
  new Map([
    ...rightOf(NEW_THINGS, ['anew'], newThingEnds, may),
    ...rightOf(Object.keys(EXPORTS), ['anew'], exportEnds, may),
    ...rightOf(INVITATION_DEEDS, INVITATION_STAGES, invitationDeedEnds, may),
    ...rightOf(ORGANISATION_DEEDS, ORGANISATION_STAGES, organisationDeedEnds, may),
    ...rightOf(WEBHOOK_DEEDS, WEBHOOK_STAGES, webhookDeedEnds, may),
    ...rightOf(WATCHER_DEEDS, PRESENCES, presentDeedEnds, may),
    ...rightOf(KEY_DEEDS, KEY_STAGES, keyDeedEnds, may),
    ...rightOf(SEALED_DEEDS, PRESENCES, presentDeedEnds, may),
    ...rightOf(ACCOUNT_DEEDS, ACCOUNT_STAGES, accountDeedEnds, may),
  ]);

const exportEnds = (field: string, _stage: string, caller: Caller, may?: May): string =>
  refusalOf(field, caller, may) ?? 'done';

/** Tries what makes and lists things, and every deed on webhooks, watchers and accounts, as everybody. */
export async function findMachines(desk: MatrixDesk): Promise<Cells> {
  const found: Cells = new Map();
  const { id } = await dossierAt(desk.hub, 'PUBLISHED');
  for (const field of NEW_THINGS)
    for (const caller of CALLERS)
      found.set(
        cell(field, 'anew', caller),
        await call(desk, caller, newThing(field, `${desk.hub.url}/publications/${id}/r/1`)),
      );
  const incident = await openIncident(desk.hub, `export-${randomUUID().slice(0, 8)}`);
  for (const [field, path] of Object.entries(EXPORTS))
    for (const caller of CALLERS) {
      // Of every list all of it; a log and an archive are those of one incident.
      const asked = ['exportLog', 'archiveIncident'].includes(field) ? { incident } : undefined;
      const { status, text } = await page(desk, caller, path, 'POST', asked);
      found.set(cell(field, 'anew', caller), status === 200 ? 'done' : (codeIn(text) ?? String(status)));
    }
  await findWebhooks(desk, found);
  await findWatchers(desk, found);
  await findKeys(desk, found);
  await findSealedKeys(desk, found);
  await findInvitations(desk, found);
  await findOrganisations(desk, found);
  await findAccounts(desk, found);
  return found;
}

/** Prepares a thing in a client's own name; answers it as the mutation left it. */
export async function prepare(client: GraphQLClient, mutation: string, variables: object): Promise<Subject> {
  const { done } = await client.request<{ done: Record<string, Subject> }>(`mutation ${mutation}`, variables);
  const [subject] = Object.values(done);
  if (!subject) throw new Error(`${mutation} answered nothing`);
  return subject;
}

const ADD_WEBHOOK = '($input: WebhookInput!) { done: addWebhook(input: $input) { webhook { id version } } }';
const PING_WEBHOOK = '($id: ID!) { done: pingWebhook(id: $id) { delivery { id } } }';
const PAUSE_WEBHOOK =
  '($id: ID!, $version: Int!) { done: pauseWebhook(id: $id, version: $version) { webhook { id version } } }';

/** A webhook at a stage: a caller's own, where the caller may have one, else one of another scheduler. */
async function webhookAt(desk: MatrixDesk, stage: WebhookStage, caller: Caller): Promise<Subject & { log: string }> {
  if (stage === 'ABSENT') return { id: NOTHING, version: 1, log: NOTHING };
  const { hub } = desk;
  const owns = stage.startsWith('THEIRS') && MAY.addWebhook?.includes(caller);
  const webhook = await prepare(owns ? desk.as(caller) : hub.as('scheduler'), ADD_WEBHOOK, { input: WEBHOOK });
  const { id: log } = await prepare(hub.as('admin'), PING_WEBHOOK, { id: webhook.id });
  const stands = stage.endsWith('PAUSED') ? await prepare(hub.as('admin'), PAUSE_WEBHOOK, webhook) : webhook;
  return { ...stands, log };
}

function webhookCall(field: string, { id, version, log }: Subject & { log: string }): Call {
  if (field === 'webhookDeliveries') return { field, kind: 'query', given: { webhookId: ['ID!', id] } };
  if (field === 'replayWebhookDelivery') return { field, given: { id: ['ID!', log] } };
  if (field === 'pingWebhook') return { field, given: { id: ['ID!', id] } };
  const given: Call['given'] = { id: ['ID!', id], version: ['Int!', version] };
  return { field, given: field === 'reviseWebhook' ? { ...given, input: ['WebhookInput!', WEBHOOK] } : given };
}

async function findWebhooks(desk: MatrixDesk, found: Cells): Promise<void> {
  for (const stage of WEBHOOK_STAGES)
    for (const caller of CALLERS) {
      let webhook: Awaited<ReturnType<typeof webhookAt>> | undefined;
      for (const field of WEBHOOK_DEEDS) {
        webhook ??= await webhookAt(desk, stage, caller);
        const end = await call(desk, caller, webhookCall(field, webhook));
        if (end === 'done') webhook = undefined;
        found.set(cell(field, stage, caller), end);
      }
    }
}

const ADD_WATCHER = '($input: WatcherInput!) { done: addWatcher(input: $input) { watcher { id version } } }';

async function findWatchers(desk: MatrixDesk, found: Cells): Promise<void> {
  for (const field of WATCHER_DEEDS)
    for (const stage of PRESENCES)
      for (const caller of CALLERS) {
        const { id, version } =
          stage === 'PRESENT'
            ? await prepare(desk.hub.as('editor'), ADD_WATCHER, { input: WATCHER })
            : { id: NOTHING, version: 1 };
        const given: Call['given'] = { id: ['ID!', id], version: ['Int!', version] };
        if (field === 'reviseWatcher') given.input = ['WatcherInput!', WATCHER];
        found.set(cell(field, stage, caller), await call(desk, caller, { field, given }));
      }
}

const CREATE_KEY = '($input: ApiKeyInput!) { done: createApiKey(input: $input) { apiKey { id version } } }';
const REVOKE_KEY =
  '($id: ID!, $version: Int!) { done: revokeApiKey(id: $id, version: $version) { apiKey { id version } } }';

async function findKeys(desk: MatrixDesk, found: Cells): Promise<void> {
  const admin = desk.hub.as('admin');
  for (const stage of KEY_STAGES)
    for (const caller of CALLERS)
      for (const field of KEY_DEEDS) {
        let key: Subject = { id: NOTHING, version: 1 };
        if (stage !== 'ABSENT') key = await prepare(admin, CREATE_KEY, { input: apiKey() });
        if (stage === 'REVOKED') key = await prepare(admin, REVOKE_KEY, key);
        const given: Call['given'] = { id: ['ID!', key.id], version: ['Int!', key.version] };
        if (field === 'rotateApiKey') given.expiresAt = ['DateTime!', hoursFromNow(48)];
        found.set(cell(field, stage, caller), await call(desk, caller, { field, given }));
      }
}

async function findSealedKeys(desk: MatrixDesk, found: Cells): Promise<void> {
  for (const stage of PRESENCES)
    for (const caller of CALLERS) {
      let key: Subject = { id: NOTHING, version: 1 };
      if (stage === 'PRESENT') {
        await sealInto(desk.databaseUrl);
        const { sealedKeys } = await desk.hub
          .as('admin')
          .request<{ sealedKeys: { nodes: (Subject & { withdrawnAt: string | null })[] } }>(
            '{ sealedKeys(first: 100) { nodes { id version withdrawnAt } } }',
          );
        key = sealedKeys.nodes.find(({ withdrawnAt }) => withdrawnAt === null) ?? key;
      }
      const given: Call['given'] = { id: ['ID!', key.id], version: ['Int!', key.version] };
      found.set(
        cell('withdrawSealedKey', stage, caller),
        await call(desk, caller, { field: 'withdrawSealedKey', given }),
      );
    }
}

const INVITE =
  '($roles: [StaffRole!]!) { done: inviteAccount(name: "Claire Moreau", roles: $roles) { invitation { id version } } }';
const WITHDRAW =
  '($id: ID!, $version: Int!) { done: withdrawInvitation(id: $id, version: $version) { invitation { id version } } }';

async function findInvitations(desk: MatrixDesk, found: Cells): Promise<void> {
  const admin = desk.hub.as('admin');
  const at = async (stage: InvitationStage): Promise<Subject> => {
    if (stage === 'ABSENT') return { id: NOTHING, version: 1 };
    const given = await prepare(admin, INVITE, { roles: [stage === 'WAITING' ? 'VALIDATOR' : 'EDITOR'] });
    return stage === 'WITHDRAWN' ? prepare(admin, WITHDRAW, given) : given;
  };
  for (const stage of INVITATION_STAGES)
    for (const caller of CALLERS)
      for (const field of INVITATION_DEEDS) {
        const { id, version } = await at(stage);
        const given: Call['given'] = { id: ['ID!', id], version: ['Int!', version] };
        found.set(cell(field, stage, caller), await call(desk, caller, { field, given }));
      }
}

/** The organisation to which everybody belongs whom nobody put elsewhere. */
const DEPARTEMENT = '01900000-0000-7000-8000-000000000091';
const CREATE_ORGANISATION = `($name: String!) {
  done: createOrganisation(kind: COMMUNE, name: $name, shortName: "Mairie") { organisation { id version } } }`;
const CLOSE_ORGANISATION =
  '($id: ID!, $version: Int!) { done: closeOrganisation(id: $id, version: $version) { organisation { id version } } }';

async function findOrganisations(desk: MatrixDesk, found: Cells): Promise<void> {
  const admin = desk.hub.as('admin');
  // Nobody has renamed it before.
  let seen = 1;
  const at = async (stage: OrganisationStage): Promise<Subject> => {
    if (stage === 'ABSENT') return { id: NOTHING, version: 1 };
    // Everybody of the matrix belongs to it.
    if (stage === 'FULL') return { id: DEPARTEMENT, version: seen };
    const made = await prepare(admin, CREATE_ORGANISATION, { name: `Mairie ${randomUUID()}` });
    return stage === 'CLOSED' ? prepare(admin, CLOSE_ORGANISATION, made) : made;
  };
  for (const stage of ORGANISATION_STAGES)
    for (const caller of CALLERS)
      for (const field of ORGANISATION_DEEDS) {
        const { id, version } = await at(stage);
        const given: Call['given'] = { id: ['ID!', id], version: ['Int!', version] };
        const end = await call(desk, caller, {
          field,
          given: {
            ...given,
            ...(field === 'renameOrganisation' ? called() : {}),
            ...(field === 'setDirectNumbers' ? { numbers: ['[DirectNumberInput!]!', []] as const } : {}),
          } as Call['given'],
        });
        if (stage === 'FULL' && end === 'done') seen += 1;
        found.set(cell(field, stage, caller), end);
      }
}

/** Who the account is of whom somebody wants to shut out or let in: one of the desk who does nothing here. */
async function accountAt(desk: MatrixDesk, stage: AccountStage, caller: Caller): Promise<Subject> {
  if (stage === 'ABSENT') return { id: NOTHING, version: 1 };
  const { accounts } = await desk.hub.as('admin').request<{
    accounts: { nodes: { id: string; name: string; administration: { version: number; disabledAt: string | null } }[] };
  }>('{ accounts(first: 100) { nodes { id name administration { version disabledAt } } } }');
  const name = stage === 'OWN' ? `Personne ${caller}` : 'Karim Benali (rédaction)';
  const account = accounts.nodes.find((one) => one.name === name);
  if (!account) return { id: NOTHING, version: 1 };
  const { version, disabledAt } = account.administration;
  if (stage === 'OWN' || (disabledAt !== null) === (stage === 'DISABLED')) return { id: account.id, version };
  await desk.hub
    .as('admin')
    .request(
      `mutation ($id: ID!, $version: Int!) { ${disabledAt ? 'enableAccount' : 'disableAccount'}(id: $id, version: $version) { account { id } } }`,
      { id: account.id, version },
    );
  return { id: account.id, version: version + 1 };
}

async function findAccounts(desk: MatrixDesk, found: Cells): Promise<void> {
  // An account is made at its person's first visit.
  await desk.hub.as('editor2').request('{ viewer { id } }');
  for (const field of ACCOUNT_DEEDS)
    for (const stage of ACCOUNT_STAGES)
      for (const caller of CALLERS) {
        const { id, version } = await accountAt(desk, stage, caller);
        const given: Call['given'] = { id: ['ID!', id], version: ['Int!', version] };
        if (field === 'moveAccount') given.organisation = ['ID!', DEPARTEMENT];
        if (field === 'changeAccountRoles') given.roles = ['[StaffRole!]!', ['EDITOR', 'VOLUNTEER']];
        found.set(cell(field, stage, caller), await call(desk, caller, { field, given }));
      }
}
