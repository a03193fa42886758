import fc from 'fast-check';
import { buildClientSchema, getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PERSONAS } from '../../../src/development/development-tokens.ts';
import { testDatabase } from '../../support/database/database.ts';
import {
  alertInput,
  type Done,
  draft,
  hoursFromNow,
  publishNew,
  revise,
  step,
  WRITTEN,
  type Written,
} from '../../support/desk/desk.ts';
import { hostileOperations } from '../../support/generated/hostile.ts';
import { startHub } from '../../support/hub/hub.ts';

/** Stands in everything that is not public; nothing that anybody is answered may hold it. */
const SECRET = 'loutre';
const { url } = await testDatabase();
const hub = await startHub({ url, demo: true });
afterAll(() => hub.close());

const text = (headline: string, description: string) => [
  { language: 'fr-FR', headline, description, instruction: 'Rien.' },
];
const secret = () => alertInput({ texts: text(`Une ${SECRET} à Longjumeau`, `Ne pas dire : ${SECRET}.`) });
const ids: string[] = [];

async function mutate(persona: keyof typeof PERSONAS, mutation: string, variables: object): Promise<Written> {
  return (await hub.as(persona).request<Done>(mutation, variables)).done.dossier;
}
const withReason = (persona: keyof typeof PERSONAS, name: string, argument: string, { id, version }: Written) =>
  mutate(
    persona,
    `mutation ($id: ID!, $version: Int!, $why: String!) {
       done: ${name}(id: $id, version: $version, ${argument}: $why) ${WRITTEN} }`,
    { id, version, why: `À cause de la ${SECRET}` },
  );

/** A dossier in every stage before publication, a working draft beside a live revision, and a report. */
beforeAll(async () => {
  const written = async () => draft(hub, 'Alert', secret());
  const submitted = async () => step(hub, 'submitDossier', 'editor', await written());
  const approved = async () => step(hub, 'approveDossier', 'validator', await submitted());
  const scheduled = async () => {
    const { id, version } = await approved();
    return mutate(
      'validator',
      `mutation ($id: ID!, $version: Int!, $at: DateTime) { done: publishDossier(id: $id, version: $version, at: $at) ${WRITTEN} }`,
      { id, version, at: hoursFromNow(2) },
    );
  };
  const staged = [
    await written(),
    await submitted(),
    await withReason('validator', 'requestDossierChanges', 'comment', await submitted()),
    await approved(),
    await scheduled(),
    await withReason('editor', 'abandonDossier', 'reason', await written()),
  ];
  expect(staged.map(({ stage }) => stage)).toEqual([
    'DRAFT',
    'IN_REVIEW',
    'CHANGES_REQUESTED',
    'APPROVED',
    'SCHEDULED',
    'ABANDONED',
  ]);
  const beside = await revise(hub, 'Alert', await publishNew(hub), secret());
  const { submitReport } = await hub
    .as('volunteer')
    .request<{ submitReport: { report: { id: string } } }>(
      'mutation ($input: FieldReportInput!) { submitReport(input: $input) { report { id } } }',
      { input: { text: `J’ai vu une ${SECRET}`, channel: 'CALL', seenAt: hoursFromNow(-1), commune: '91345' } },
    );
  ids.push(...staged.map(({ id }) => id), beside.id, submitReport.report.id);
});

const schema = buildClientSchema(await hub.as().request(getIntrospectionQuery()));
const fields = Object.values(schema.getQueryType()?.getFields() ?? {});
const people = Object.values(PERSONAS).map(({ name }) => name.replace(/ \(.*/, ''));

function expectNothing(answer: string): void {
  expect(answer.toLowerCase()).not.toContain(SECRET);
  for (const name of people) expect(answer).not.toContain(name);
}

describe('nobody without a token reads what is not public', () => {
  it.each(fields.map((field) => [field.name, field] as const))('by the query %s', async (_name, field) => {
    const { publications } = await hub
      .as()
      .request<{ publications: { nodes: { id: string }[]; asOf: string } }>(
        '{ publications(first: 100) { nodes { id } asOf } }',
      );
    const known = { ids: [...ids, ...publications.nodes.map(({ id }) => id)], cursors: [publications.asOf] };
    let answered = 0;
    // Two levels of everything are more than some fields may be asked at once; one level never is.
    const operations = [1, 2].flatMap((depth) =>
      fc.sample(hostileOperations('query', field, known, depth), { numRuns: 25, seed: 91 }),
    );
    for (const { query, variables } of operations) {
      const answer = await (await ask(query, variables)).text();
      expectNothing(answer);
      if (!answer.includes('BAD_REQUEST')) answered += 1;
    }
    expect(answered).toBeGreaterThan(0);
  });

  it('by its id, or on a page', async () => {
    for (const id of ids.filter((one) => one !== ids.at(-2)))
      expect(await hub.as().request('query ($id: ID!) { publication(id: $id) { id } }', { id })).toEqual({
        publication: null,
      });
    for (const path of ['/', '/?commune=91345', '/metrics', '/readyz', '/healthz'])
      expectNothing(await (await fetch(`${hub.url}${path}`)).text());
  });

  it('and the desk reads it, so that there was something to find', async () => {
    const { dossiers } = await hub
      .as('editor')
      .request<{ dossiers: { nodes: { preview: { text: { headline: string } } }[] } }>(
        '{ dossiers(first: 100) { nodes { preview { text { headline } } } } }',
      );
    expect(dossiers.nodes.filter(({ preview }) => preview.text.headline.includes(SECRET))).toHaveLength(7);
  });
});

const ask = (query: string, variables: object = {}) =>
  fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
