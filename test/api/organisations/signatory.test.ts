import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PERSONAS } from '../../../src/development/development-tokens.ts';
import { missingOf, moveTo, organisationOf, ruleInForce, ruleInput } from '../../support/crisis-cell/signature-desk.ts';
import { draftReport, reportsOf } from '../../support/crisis-cell/situation-desk.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import {
  alertInput,
  draft,
  hoursFromNow,
  openIncident,
  refusal,
  revise,
  step,
  WRITTEN,
  type Written,
} from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

/** What a SIGNATORY may, by their organisation and the stage: a rule asks the Sdis for a signature of grave alerts, and the commune for none. */
const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

const STAGES = ['DRAFT', 'IN_REVIEW', 'APPROVED', 'SCHEDULED', 'SIGNED', 'URGENT', 'PUBLISHED', 'LESS_GRAVE'] as const;
type Stage = (typeof STAGES)[number];
const [sdis, commune] = [{ id: '' }, { id: '' }];

beforeAll(async () => {
  sdis.id = await organisationOf(hub, 'SDIS', 'Sdis 91');
  commune.id = await organisationOf(hub, 'COMMUNE', 'Mairie de Longjumeau');
  for (const persona of ['signatory', 'validator', 'validator2', 'admin2'] as const)
    await hub.as(persona).request('{ viewer { id } }');
  await moveTo(hub, 'signatory', sdis.id);
  await moveTo(hub, 'validator2', sdis.id);
  await ruleInForce(hub, ruleInput(['SDIS'], { severityAtLeast: 'SEVERE' }));
});

type Person = 'signatory' | 'validator' | 'validator2' | 'duty';
const on = async (persona: Person, call: string, { id, version }: Written): Promise<Written> =>
  (
    await hub
      .as(persona)
      .request<{ done: { dossier: Written } }>(
        `mutation ($id: ID!, $version: Int!) { done: ${call.replace('(', '(id: $id, version: $version, ')} ${WRITTEN} }`,
        { id, version },
      )
  ).done.dossier;
const approve = (written: Written, persona: Person = 'validator') => step(hub, 'approveDossier', persona, written);

async function dossierAt(stage: Stage): Promise<Written> {
  const drafted = await draft(hub, 'Alert', alertInput({ urgency: 'IMMEDIATE' }));
  if (stage === 'DRAFT') return drafted;
  if (stage === 'URGENT') return on('duty', 'publishDossierUrgently(reason: "Vies en danger")', drafted);
  const submitted = await step(hub, 'submitDossier', 'editor', drafted);
  if (stage === 'IN_REVIEW') return submitted;
  if (stage === 'APPROVED') return approve(submitted);
  const signed = await approve(submitted, 'validator2');
  if (stage === 'SIGNED') return signed;
  if (stage === 'SCHEDULED') {
    const scheduled = await on('validator', `publishDossier(at: "${hoursFromNow(5)}")`, signed);
    // As if a rule had come into force since.
    await withSession(url, (session) =>
      session.query(
        'update approval set voided_at = now() where revision_id = (select id from revision where dossier_id = $1)',
        [scheduled.id],
      ),
    );
    return scheduled;
  }
  const published = await step(hub, 'publishDossier', 'validator', signed);
  if (stage === 'PUBLISHED') return published;
  return step(hub, 'submitDossier', 'editor', await revise(hub, 'Alert', published, alertInput({ severity: 'MINOR' })));
}

const codeOf = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'done',
    async () => (await refusal(attempt)).code,
  );
const DEEDS: Record<string, (written: Written) => Promise<unknown>> = {
  approve: (written) => approve(written, 'signatory'),
  'send back': (written) => on('signatory', 'requestDossierChanges(comment: "À revoir")', written),
  cosign: (written) => step(hub, 'cosignDossier', 'signatory', written),
  publish: (written) => step(hub, 'publishDossier', 'signatory', written),
  'publish urgently': (written) => on('signatory', 'publishDossierUrgently(reason: "Vite")', written),
  submit: (written) => step(hub, 'submitDossier', 'signatory', written),
  abandon: (written) => on('signatory', 'abandonDossier(reason: "Non")', written),
  withdraw: (written) =>
    hub
      .as('signatory')
      .request(
        'mutation ($id: ID!, $version: Int!) { cancelPublication(id: $id, version: $version, reason: "Non") { asOf } }',
        {
          id: written.id,
          version: written.version,
        },
      ),
};
const SIGNING = ['approve', 'send back', 'cosign'];
const SIGNED_AT: Record<string, readonly Stage[]> = {
  approve: ['IN_REVIEW', 'APPROVED', 'SCHEDULED'],
  'send back': ['IN_REVIEW', 'APPROVED', 'SCHEDULED'],
  cosign: ['URGENT'],
};

/** How a deed of a signatory ends; written by hand, from the documents. */
function right(deed: string, stage: Stage, isAsked: boolean): string {
  if (!SIGNING.includes(deed)) return 'FORBIDDEN';
  if (!isAsked) return 'NOT_FOUND';
  // What is public asks for their signature, and what is in hand does not.
  if (stage === 'LESS_GRAVE' && deed !== 'cosign') return 'FORBIDDEN';
  return SIGNED_AT[deed]?.includes(stage) ? 'done' : 'WRONG_STAGE';
}

const isRead = async ({ id }: Written): Promise<boolean> => {
  const { dossier } = await hub
    .as('signatory')
    .request<{ dossier: object | null }>('query ($id: ID!) { dossier(id: $id) { id preview { id } } }', { id });
  return dossier !== null;
};
const listed = async (): Promise<string[]> => {
  const { dossiers } = await hub
    .as('signatory')
    .request<{ dossiers: { nodes: { id: string }[]; totalCount: number } }>(
      '{ dossiers(first: 50) { nodes { id } totalCount } }',
    );
  expect(dossiers.totalCount).toBe(dossiers.nodes.length);
  return dossiers.nodes.map(({ id }) => id);
};

describe.each([
  ['the Sdis, which a rule asks', sdis, true],
  ['the commune, which no rule asks', commune, false],
] as const)('a SIGNATORY of %s', (_which, organisation, isAsked) => {
  beforeAll(() => moveTo(hub, 'signatory', organisation.id));

  it.each(STAGES)('signs at %s what is right, and publishes nothing', async (stage) => {
    const wrong: string[] = [];
    let written = await dossierAt(stage);
    expect([await isRead(written), (await listed()).includes(written.id)]).toEqual([isAsked, isAsked]);
    for (const [deed, attempt] of Object.entries(DEEDS)) {
      const found = await codeOf(attempt(written));
      if (found !== right(deed, stage, isAsked)) wrong.push(`${deed}: ${found}, not ${right(deed, stage, isAsked)}`);
      if (found === 'done') written = await dossierAt(stage);
    }
    expect(wrong).toEqual([]);
  });
});

describe('a SIGNATORY', () => {
  beforeAll(() => moveTo(hub, 'signatory', sdis.id));

  it('is the second person, whose approval another publishes', async () => {
    const approved = await approve(await dossierAt('IN_REVIEW'), 'signatory');
    expect([approved.stage, await missingOf(hub, approved)]).toEqual(['APPROVED', []]);
    expect((await step(hub, 'publishDossier', 'validator', approved)).stage).toBe('PUBLISHED');
  });

  it('is named to nobody outside of the desk, where their organisation is', async () => {
    const approved = await approve(await dossierAt('IN_REVIEW'), 'signatory');
    const { id } = await step(hub, 'publishDossier', 'validator', approved);
    const paths = [
      '/',
      '/?commune=91345',
      `/publications/${id}`,
      `/publications/${id}/r/1`,
      `/publications/${id}.jsonld`,
      `/cap/${id}/latest.xml`,
      ...['/feeds/alerts.atom', '/feeds/publications.rss', '/feeds/publications.json', '/geo/alerts.geojson'],
    ];
    const pages = await Promise.all(paths.map(async (path) => (await fetch(`${hub.url}${path}`)).text()));
    const history = await hub
      .as()
      .request(
        'query ($id: ID!) { publication(id: $id) { history { publisher { name } signatories { name } } } changes { nodes { publication { history { signatories { name } } } } } }',
        { id },
      );
    const all = [...pages, JSON.stringify(history)].join();
    expect(pages[5]).toMatch(/<valueName>signed_by<\/valueName>\s*<value>Sdis 91<\/value>/);
    expect(JSON.stringify(history)).toContain('Sdis 91');
    for (const { name } of Object.values(PERSONAS)) expect(all).not.toContain(name.replace(/ \(.*/, ''));
  });

  it('does not learn of other dossiers by the reports that theirs rest on', async () => {
    const { submitReport } = await hub
      .as('volunteer')
      .request<{ submitReport: { report: { id: string } } }>(
        'mutation ($input: FieldReportInput!) { submitReport(input: $input) { report { id } } }',
        { input: { text: 'L’eau monte', channel: 'CALL', seenAt: hoursFromNow(-1), commune: '91345' } },
      );
    const reportIds = [submitReport.report.id];
    await draft(hub, 'Alert', alertInput({ severity: 'MINOR', reportIds }));
    const { id } = await draft(hub, 'Alert', alertInput({ reportIds }));
    const { dossier } = await hub
      .as('signatory')
      .request<{ dossier: { reports: { id: string; dossiers: object[] }[] } }>(
        'query ($id: ID!) { dossier(id: $id) { reports { id dossiers { id } } } }',
        { id },
      );
    expect(dossier.reports).toEqual([{ id: reportIds[0], dossiers: [] }]);
  });

  it('reads the incidents in which their organisation takes part, and of others what the public reads', async () => {
    const [theirs, others] = [await openIncident(hub, 'leur'), await openIncident(hub, 'autre')];
    const revision = (id: string, participants: string[]) =>
      hub
        .as('editor')
        .request(
          'mutation ($id: ID!, $input: IncidentInput!) { reviseIncident(id: $id, version: 1, input: $input) { asOf } }',
          { id, input: { objectives: ['Informer.'], participants } },
        );
    await revision(theirs, [sdis.id]);
    await revision(others, [commune.id]);
    const read = async () => {
      const answer = await hub.as('signatory').request<{
        theirs: { id: string } | null;
        others: { id: string } | null;
        incidentFiles: { nodes: { id: string }[] };
        incidents: { nodes: object[] };
      }>(
        `query ($theirs: ID!) { theirs: incidentFile(id: $theirs) { id } others: incidentFile(slug: "autre") { id }
           incidentFiles { nodes { id } } incidents { nodes { id } } }`,
        { theirs },
      );
      return [answer.theirs?.id, answer.others?.id, answer.incidentFiles.nodes, answer.incidents.nodes];
    };
    expect(await read()).toEqual([theirs, undefined, [{ id: theirs }], []]);
    await moveTo(hub, 'signatory', commune.id);
    expect(await read()).toEqual([undefined, others, [{ id: others }], []]);
    await moveTo(hub, 'signatory', sdis.id);
    const closed = hub
      .as('signatory')
      .request('query ($id: ID!) { log(incident: $id) { nodes { id } } }', { id: theirs });
    expect((await refusal(closed)).code).toBe('FORBIDDEN');
  });

  it('reads no situation report of such an incident', async () => {
    const id = await openIncident(hub, 'points');
    await hub
      .as('editor')
      .request(
        'mutation ($id: ID!, $input: IncidentInput!) { reviseIncident(id: $id, version: 1, input: $input) { asOf } }',
        { id, input: { objectives: ['Informer.'], participants: [sdis.id] } },
      );
    await draftReport(hub, id);
    expect((await reportsOf(hub, id, 'editor')).map(({ number }) => number)).toEqual([1]);
    expect(await reportsOf(hub, id, 'signatory')).toEqual([]);
  });

  it('comes from two administrators (I-29)', async () => {
    await hub.as('volunteer').request('{ viewer { id } }');
    const give = `update account set roles = '{VOLUNTEER,SIGNATORY}' where subject = 'volunteer'`;
    await expect(withSession(url, (session) => session.query(give))).rejects.toMatchObject({ code: 'TOC01' });
    const { accounts } = await hub.as('admin').request<{
      accounts: { nodes: { id: string; name: string; administration: { version: number } }[] };
    }>('{ accounts(first: 100) { nodes { id name administration { version } } } }');
    const { id, administration } = accounts.nodes.find(({ name }) => name === PERSONAS.volunteer.name)!;
    const { changeAccountRoles } = await hub.as('admin').request<{
      changeAccountRoles: { account: { administration: object } };
    }>(
      `mutation ($id: ID!, $version: Int!) { changeAccountRoles(id: $id, version: $version, roles: [VOLUNTEER, SIGNATORY]) {
         account { administration { roles roleRequest { roles } } } } }`,
      { id, version: administration.version },
    );
    expect(changeAccountRoles.account.administration).toEqual({
      roles: ['VOLUNTEER'],
      roleRequest: { roles: ['SIGNATORY'] },
    });
  });
});
