import {
  buildClientSchema,
  type GraphQLField,
  type GraphQLOutputType,
  getIntrospectionQuery,
  getNamedType,
  isAbstractType,
  isInputObjectType,
  isLeafType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Persona } from '../../../src/development/development-tokens.ts';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, correctionInput, draft, hoursFromNow, publishNew, revise, step } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

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
const possible = (type: GraphQLOutputType) => {
  const named = getNamedType(type);
  if (isAbstractType(named)) return schema.getPossibleTypes(named);
  return isObjectType(named) ? [named] : [];
};

/**
 * Every field of a type, down to a depth, as one selection for each object that it can be; fields that want arguments
 * without a default are left out.
 */
function everything(type: GraphQLOutputType, depth: number, path: readonly string[]): string[] {
  return possible(type).map((object) => {
    const fields = Object.values(object.getFields())
      .filter(
        (field) =>
          !path.includes(field.name) &&
          field.args.every((arg) => !isNonNullType(arg.type) || arg.defaultValue !== undefined),
      )
      .flatMap((field) => {
        if (isLeafType(getNamedType(field.type))) return [field.name];
        // One kind of publication inside is enough: each has its turn outside.
        const [inside] = depth === 0 ? [] : everything(field.type, depth - 1, [...path, field.name]);
        return inside ? [`${field.name} ${inside}`] : [];
      });
    return `{ __typename ... on ${object.name} { __typename ${fields.join(' ')} } }`;
  });
}

type Field = GraphQLField<unknown, unknown>;

/** Arguments that a curious reader would try. */
function calls(field: Field): string[] {
  const known: Record<string, string[]> = {
    id: ids.map((id) => JSON.stringify(id)),
    places: ['[{ commune: "91345" }, { commune: "91326" }]'],
    place: ['{ commune: "91345" }', '{ commune: "91326" }'],
    at: [`"${hoursFromNow(1)}"`],
    code: ['"91345"'],
    search: ['"secret"', '"brouillon"'],
    point: ['{ lon: 2.29, lat: 48.69 }'],
    input: [],
    // Pages as long as what is there: longer ones may cost too much to be answered at all.
    first: ['10'],
  };
  // The length of a page is never what varies.
  const wanted = field.args
    .filter((arg) => known[arg.name] || isNonNullType(arg.type))
    .sort((one, other) => Number(one.name === 'first') - Number(other.name === 'first'));
  if (
    wanted.some(
      (arg) =>
        (known[arg.name] ?? []).length === 0 &&
        !isInputObjectType(getNamedType(arg.type)) &&
        isNonNullType(arg.type) &&
        arg.defaultValue === undefined,
    )
  )
    return [];
  const first = wanted.find((arg) => (known[arg.name] ?? []).length > 0);
  const rest = wanted.filter((arg) => arg !== first && (known[arg.name] ?? []).length > 0);
  const fixed = rest.map((arg) => `${arg.name}: ${known[arg.name]?.[0]}`);
  if (!first) return [''];
  return (known[first.name] ?? []).map((value) => `(${[`${first.name}: ${value}`, ...fixed].join(', ')})`);
}

async function ask(persona: Persona | undefined, query: string): Promise<string> {
  const token = persona ? hub.as(persona).requestConfig.headers : undefined;
  const answer = await fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token as Record<string, string> | undefined) },
    body: JSON.stringify({ query }),
  });
  return answer.text();
}

// What is given a whole input answers from that input, not from what is stored.
const queries = Object.values(schema.getQueryType()?.getFields() ?? {}).filter(({ name }) => name !== 'lintAlert');

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
      for (const call of calls(field)) {
        for (const depth of [0, 1, 2])
          for (const selection of everything(field.type, depth, [name]))
            answers.push(await ask(persona, `{ ${name}${call} ${selection} }`));
      }
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
      for (const call of calls(field)) {
        for (const selection of everything(field.type, 1, [field.name])) {
          const answer = await ask('volunteer', `{ ${field.name}${call} ${selection} }`);
          expect(answer).not.toContain('BAD_REQUEST');
          for (const secret of [DRAFT, REMARK, GROUP]) expect(answer).not.toContain(secret);
        }
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
