import { buildClientSchema, getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Persona } from '../../../src/development/development-tokens.ts';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, correctionInput, draft, hoursFromNow, publishNew, revise, step } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';
import { CuriousReader } from '../../support/reading/curious-reader.ts';

/**
 * A token alone opens nothing (leaks.test.ts holds it without one): drafts, reports, remarks, names and counts are written with marks, and then everything that
 * the schema offers is asked for, field by field, by those who may not see them.
 */
const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

const DRAFT = 'BROUILLON-SECRET';
const REPORT = 'SIGNALEMENT-SECRET';
const REMARK = 'REMARQUE-SECRETE';
const NAMES = ['Élodie Martin', 'Sophie Laurent', 'Julien Petit', 'Nadia Roux', 'Thomas Girard'];
const GROUP = 'GROUPE-SECRET';

const ids: string[] = [];
const marked = (headline: string) => ({
  texts: [{ language: 'fr-FR', headline, description: `${headline} : description`, instruction: 'Attendez.' }],
});

const seenAt = hoursFromNow(-1);
const submit = async () => {
  const { submitReport } = await hub
    .as('volunteer')
    .request<{ submitReport: { report: { id: string } } }>(
      'mutation ($input: FieldReportInput!) { submitReport(input: $input) { report { id } } }',
      { input: { text: `${REPORT} rue Gambetta`, channel: 'CALL', seenAt, commune: '91326' } },
    );
  return submitReport.report.id;
};

beforeAll(async () => {
  const inDraft = await draft(hub, 'Alert', alertInput(marked(DRAFT)));
  const inReview = await step(hub, 'submitDossier', 'editor', await draft(hub, 'Alert', alertInput(marked(DRAFT))));
  await hub
    .as('validator')
    .request(
      'mutation ($id: ID!, $version: Int!, $comment: String!) { requestDossierChanges(id: $id, version: $version, comment: $comment) { dossier { id } } }',
      { ...inReview, comment: REMARK },
    );
  const approved = await step(
    hub,
    'approveDossier',
    'validator',
    await step(hub, 'submitDossier', 'editor', await draft(hub, 'Alert', alertInput(marked(DRAFT)))),
  );
  const published = await publishNew(hub);
  await revise(hub, 'Alert', published, alertInput(marked(DRAFT)));
  const evidence = [{ label: 'Mairie', url: 'https://mairie.example', official: true, independenceGroup: GROUP }];
  const correction = await publishNew(hub, 'Correction', correctionInput({ evidence }));
  ids.push(inDraft.id, inReview.id, approved.id, published.id, correction.id, await submit());
});

const schema = buildClientSchema(await hub.as().request(getIntrospectionQuery()));
const reader = new CuriousReader(schema, ids);
const { queries } = reader;

async function ask(persona: Persona | undefined, query: string): Promise<string> {
  const token = persona ? hub.as(persona).requestConfig.headers : undefined;
  const answer = await fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token as Record<string, string> | undefined) },
    body: JSON.stringify({ query }),
  });
  return answer.text();
}

/** An administrator manages accounts, and so reads the names of people: by this query alone, and nothing else of the desk. */
const secretsFor = (persona: Persona | undefined, query: string): readonly string[] =>
  persona === 'admin' && query === 'accounts'
    ? [DRAFT, REPORT, REMARK, GROUP]
    : [DRAFT, REPORT, REMARK, GROUP, ...NAMES];

/** Who may see neither reports nor dossiers, nor who works at the desk; no rule asks the signatory for a signature. */
const OUTSIDERS: (Persona | undefined)[] = [undefined, 'scheduler', 'admin', 'marshal', 'signatory'];

describe.each(OUTSIDERS.map((persona) => [persona ?? 'anonymous', persona] as const))('%s', (_name, persona) => {
  it.each(queries.map((field) => [field.name, field] as const))(
    'finds nothing of the desk by %s',
    async (name, field) => {
      const answers: string[] = [];
      for (const depth of [0, 1, 2])
        for (const question of reader.questions(field, depth)) answers.push(await ask(persona, question));
      for (const answer of answers) {
        // Refused for its form, a question would find nothing and prove nothing.
        expect(answer).not.toContain('BAD_REQUEST');
        for (const secret of secretsFor(persona, name)) expect(answer).not.toContain(secret);
      }
    },
  );
});

describe('what everybody reads besides', () => {
  it.each([
    '/',
    '/?commune=91345',
    '/geo/reports.geojson',
    '/metrics',
    '/readyz',
    '/graphql?query={__schema{types{name}}}',
  ])('holds nothing of the desk at %s', async (path) => {
    const text = await (await fetch(`${hub.url}${path}`)).text();
    for (const secret of [DRAFT, REPORT, REMARK, GROUP, ...NAMES]) expect(text).not.toContain(secret);
  });

  it('tells a draft from nothing at all in no way', async () => {
    const draftId = ids[0] ?? '';
    const nothing = draftId.replace(/.{4}$/, '0000');
    for (const template of [
      '{ publication(id: "ID") { id } }',
      '{ dossier(id: "ID") { id } }',
      '{ report(id: "ID") { id } }',
    ])
      expect(await ask(undefined, template.replace('ID', draftId))).toBe(
        await ask(undefined, template.replace('ID', nothing)),
      );
  });

  it('shows a volunteer reports, but no dossier and no remark', async () => {
    for (const field of queries)
      for (const question of reader.questions(field, 1)) {
        const answer = await ask('volunteer', question);
        expect(answer).not.toContain('BAD_REQUEST');
        for (const secret of [DRAFT, REMARK, GROUP]) expect(answer).not.toContain(secret);
      }
  });

  it('was really there to be found: staff see it all', async () => {
    const dossiers = await ask(
      'validator',
      '{ dossiers(first: 100) { nodes { preview { text { headline } } comments { text by { name } } author { name } } } }',
    );
    for (const secret of [DRAFT, REMARK, 'Élodie Martin', 'Sophie Laurent']) expect(dossiers).toContain(secret);
    expect(await ask('checker', '{ reports { nodes { text submittedBy { name } } } }')).toContain(REPORT);
  });
});
