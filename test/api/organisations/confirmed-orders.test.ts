import { afterAll, describe, expect, it } from 'vitest';
import type { Persona } from '../../../src/development/development-tokens.ts';
import { testDatabase } from '../../support/database/database.ts';
import {
  adviceInput,
  alertInput,
  closureInput,
  decisionInput,
  hoursFromNow,
  openIncident,
  publishNew,
  refusal,
  release,
  revise,
  step,
  type Written,
} from '../../support/desk/desk.ts';
import { readLog } from '../../support/desk/log-desk.ts';
import { Follower } from '../../support/following/follower.ts';
import { startHub } from '../../support/hub/hub.ts';

/** An oral order is confirmed by its act without a revision, once, by another person than wrote it down (I-66). */
const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

const GIVEN_AT = hoursFromNow(-25);
const SIGNED_AT = hoursFromNow(-1);
const ORDER = decisionInput({
  authority: 'MAYOR',
  by: 'Le maire de Longjumeau',
  form: 'ORAL_ORDER',
  act: null,
  decidedAt: GIVEN_AT,
  call: { heardAt: GIVEN_AT, whyNotCalledBack: 'Standard coupé, reconnu à la voix' },
});
const ACT = { act: '2026-42', decidedAt: SIGNED_AT };
const CONFIRMED = /ordre oral du .+, confirmé par arrêté n°[\u00a0 ]2026-42 du /;
const evacuation = (more: object = {}) => alertInput({ responseTypes: ['EVACUATE'], decision: ORDER, ...more });
const spokenAlert = (more: object = {}) => publishNew(hub, 'Alert', evacuation(more));

const DECISION = '{ by form act decidedAt confirmedAt url }';
interface Told {
  revision: number;
  decision: { form: string; act: string | null; decidedAt: string; confirmedAt: string | null; url: string | null };
}

interface Given {
  id: string;
  revision?: number;
  act?: string;
  decidedAt?: string;
  url?: string | null;
}
async function confirm(given: Given, persona: Persona = 'validator'): Promise<Told> {
  const { confirmDecision } = await hub.as(persona).request<{ confirmDecision: { publication: Told } }>(
    `mutation ($id: ID!, $revision: Int!, $act: String!, $decidedAt: DateTime!, $url: URL) {
       confirmDecision(id: $id, revision: $revision, act: $act, decidedAt: $decidedAt, url: $url) {
         publication { revision ... on AlertPublication { decision ${DECISION} } ... on ClosurePublication { decision ${DECISION} } } } }`,
    { revision: 1, ...ACT, ...given },
  );
  return confirmDecision.publication;
}

async function decided(id: string): Promise<Told['decision'] & { order: object | null }> {
  const { publication } = await hub.as().request<{ publication: Told & { legalOrder?: object } }>(
    `query ($id: ID!) { publication(id: $id) { ... on AlertPublication { decision ${DECISION} }
       ... on ClosurePublication { decision ${DECISION} legalOrder { number authority } } } }`,
    { id },
  );
  return { ...publication.decision, order: publication.legalOrder ?? null };
}

interface File {
  version: number;
  stage: string;
  contentHash: string;
  lint: { rule: string }[];
  approvals: object[];
}
async function fileOf(id: string): Promise<File> {
  const { dossier } = await hub
    .as('editor')
    .request<{ dossier: File }>(
      'query ($id: ID!) { dossier(id: $id) { version stage contentHash lint { rule } approvals { approvedAt } } }',
      { id },
    );
  return dossier;
}
const rulesOf = async (id: string) => (await fileOf(id)).lint.map(({ rule }) => rule);
const text = async (path: string) => (await fetch(`${hub.url}${path}`)).text();
const codeOf = async (attempt: Promise<unknown>) => (await refusal(attempt)).code;

describe('an oral order that was confirmed', () => {
  it('is told wherever the publication goes, and changes no revision, no hash and no CAP message', async () => {
    const { id } = await spokenAlert();
    const [before, message] = [await fileOf(id), await text(`/cap/${id}/latest.xml`)];
    expect(before.lint.map(({ rule }) => rule)).toContain('D05');
    const address = 'https://longjumeau.example/2026-42.pdf';
    const told = await confirm({ id, url: address });
    expect(told).toEqual({
      revision: 1,
      decision: {
        by: ORDER.by,
        form: 'ORAL_ORDER',
        act: '2026-42',
        decidedAt: GIVEN_AT,
        confirmedAt: SIGNED_AT,
        url: address,
      },
    });
    expect(await decided(id)).toMatchObject(told.decision);
    const after = await fileOf(id);
    expect(after).toMatchObject({ version: before.version, stage: 'PUBLISHED', contentHash: before.contentHash });
    expect(after.lint.map(({ rule }) => rule)).not.toContain('D05');
    expect(await text(`/cap/${id}/latest.xml`)).toBe(message);
    for (const path of [`/publications/${id}`, `/publications/${id}/r/1`, '/feeds/publications.rss'])
      expect(await text(path)).toMatch(CONFIRMED);
    const feed = JSON.parse(await text('/feeds/publications.json')) as {
      items: { content_text: string; _tocsin: { thread: string } }[];
    };
    const item = feed.items.find(({ _tocsin }) => _tocsin.thread === id);
    expect(item?.content_text).toMatch(CONFIRMED);
    const { features } = JSON.parse(await text('/geo/alerts.geojson')) as { features: { id: string }[] };
    expect(features.find((feature) => feature.id === id)).toMatchObject({
      properties: { decision: { act: '2026-42', confirmedAt: SIGNED_AT } },
    });
    const { publication } = await hub
      .as()
      .request<{ publication: { relayKit: { body: string } } }>(
        'query ($id: ID!) { publication(id: $id) { relayKit { body } } }',
        { id },
      );
    expect(publication.relayKit.body).toMatch(CONFIRMED);
  });

  it('of a closure is told to drivers’ systems, and as an order to older apps', async () => {
    const { id } = await publishNew(hub, 'Closure', closureInput({ decision: ORDER }));
    await confirm({ id });
    expect(await decided(id)).toMatchObject({ order: { number: '2026-42', authority: ORDER.by } });
    expect(await text('/closures/datex2.xml')).toMatch(CONFIRMED);
  });

  it('is heard by followers without a ring, and leaves a line in the incident’s log', async () => {
    const incidentId = await openIncident(hub, 'ordre-confirme');
    const { id } = await spokenAlert({ incidentId });
    const { changes: now } = await hub.as().request<{ changes: { endCursor: string } }>('{ changes { endCursor } }');
    const follower = new Follower(hub.url);
    await follower.ready();
    await confirm({ id });
    await follower.until(({ heard }) => heard.length > 0);
    await follower.stop();
    expect(follower.heard[0]).toMatchObject({ type: 'DECISION_CONFIRMED', ring: false, publication: { revision: 1 } });
    const { changes } = await hub
      .as()
      .request<{ changes: { nodes: object[] } }>(
        'query ($after: Cursor) { changes(after: $after) { nodes { type ring minor changedFields match } } }',
        { after: now.endCursor },
      );
    expect(changes.nodes).toEqual([
      { type: 'DECISION_CONFIRMED', ring: false, minor: false, changedFields: ['DECISION'], match: 'STAYED' },
    ]);
    const [line] = await readLog(hub, incidentId, { kinds: ['DEED'] });
    expect(line).toMatchObject({
      text: 'Ordre oral confirmé : arrêté n°\u00a02026-42 – « L’Yvette déborde à Longjumeau »',
      by: { name: 'Sophie Laurent (validation)' },
      publication: { id },
    });
  });
});

describe('a revision in hand', () => {
  const inReview = async (published: Written, input: object) =>
    step(hub, 'submitDossier', 'editor', await revise(hub, 'Alert', published, input));
  const publish = async (submitted: Written) =>
    step(hub, 'publishDossier', 'validator', await step(hub, 'approveDossier', 'validator', submitted));

  it('that was approved stays approved, takes the confirmation along, and its CAP message carries it', async () => {
    const published = await spokenAlert();
    const { id } = published;
    const submitted = await inReview(published, evacuation({ certainty: 'POSSIBLE' }));
    const approved = await step(hub, 'approveDossier', 'validator', submitted);
    await confirm({ id });
    expect(await fileOf(id)).toMatchObject({ version: approved.version, stage: 'APPROVED', approvals: [{}] });
    expect(await rulesOf(id)).not.toContain('D05');
    await step(hub, 'publishDossier', 'validator', approved);
    expect(await decided(id)).toMatchObject({ act: '2026-42', confirmedAt: SIGNED_AT });
    const message = await text(`/cap/${id}/latest.xml`);
    expect(message).toMatch(CONFIRMED);
    expect(message).toMatch(/<valueName>decided_act<\/valueName>\s*<value>2026-42<\/value>/);
    expect(message).toMatch(/<valueName>confirmed_at<\/valueName>/);
  });

  it('with another order is not confirmed by it, and that one can be', async () => {
    const published = await spokenAlert();
    const { id } = published;
    await confirm({ id });
    const prefect = { ...ORDER, authority: 'PREFECT', by: 'La préfète de l’Essonne' };
    await publish(await inReview(published, evacuation({ decision: prefect })));
    expect(await decided(id)).toMatchObject({ act: null, confirmedAt: null });
    expect(await rulesOf(id)).toContain('D05');
    expect(await codeOf(confirm({ id, act: 'Arrêté SIDPC 7' }))).toBe('CONFLICT');
    await confirm({ id, revision: 2, act: 'Arrêté SIDPC 7' });
    expect(await decided(id)).toMatchObject({ act: 'Arrêté SIDPC 7', confirmedAt: SIGNED_AT });
  });

  it('that names another act of the same authority warns (D06), and then stands alone', async () => {
    const published = await spokenAlert();
    const { id } = published;
    await confirm({ id });
    const written = { ...ORDER, form: 'WRITTEN_ACT', act: '2026-43', call: null };
    const submitted = await inReview(published, evacuation({ decision: written }));
    expect(await rulesOf(id)).toContain('D06');
    await publish(submitted);
    expect(await decided(id)).toMatchObject({ form: 'WRITTEN_ACT', act: '2026-43', confirmedAt: null });
  });

  it('published at the same moment takes it along, or the person who confirms hears of it first', async () => {
    const published = await spokenAlert();
    const { id } = published;
    const submitted = await inReview(published, evacuation({ certainty: 'POSSIBLE' }));
    const approved = await step(hub, 'approveDossier', 'validator', submitted);
    const [released, confirmed] = await Promise.allSettled([
      step(hub, 'publishDossier', 'validator', approved),
      confirm({ id }, 'validator2'),
    ]);
    expect(released.status).toBe('fulfilled');
    const { confirmedAt } = await decided(id);
    expect(confirmedAt).toBe(confirmed.status === 'fulfilled' ? SIGNED_AT : null);
    if (confirmed.status === 'rejected') expect(await codeOf(Promise.reject(confirmed.reason))).toBe('CONFLICT');
  });
});

describe('an order is not confirmed', () => {
  it('twice, not even at once: the second is told by which act it was', async () => {
    const { id } = await spokenAlert();
    const both = await Promise.allSettled([confirm({ id }), confirm({ id, act: '2026-43' }, 'duty')]);
    const refused = both.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(1);
    const again = confirm({ id }, 'validator2');
    await expect(again).rejects.toThrow(/confirmed before, by 2026-4[23]/);
    expect(await codeOf(confirm({ id }, 'validator2'))).toBe('CONFLICT');
  });

  it('by a person who wrote a public revision that holds it; by another one it is', async () => {
    const published = await spokenAlert();
    const { id, version } = published;
    const input = evacuation({ certainty: 'POSSIBLE' });
    const { done } = await hub.as('validator').request<{ done: { dossier: Written } }>(
      `mutation ($id: ID!, $version: Int!, $input: AlertInput!) {
         done: reviseAlert(id: $id, version: $version, input: $input) { dossier { id version stage } } }`,
      { id, version, input },
    );
    const submitted = await step(hub, 'submitDossier', 'editor', done.dossier);
    await step(hub, 'publishDossier', 'validator2', await step(hub, 'approveDossier', 'validator2', submitted));
    expect(await codeOf(confirm({ id, revision: 2 }))).toBe('FORBIDDEN');
    expect(await codeOf(confirm({ id, revision: 2 }, 'editor'))).toBe('FORBIDDEN');
    await confirm({ id, revision: 2 }, 'validator2');
  });

  it.each<[what: string, given: Partial<Given>, field: string]>([
    ['without an act', { act: ' ' }, 'act'],
    ['by an act of more than a line', { act: 'x'.repeat(101) }, 'act'],
    ['by an act with NUL', { act: '2026\u000042' }, 'act'],
    ['by an act with HTML', { act: '<b>2026-42</b>' }, 'act'],
    ['at an address with NUL', { url: 'https://longjumeau.example/\u0000' }, 'url'],
    ['by an act from before the order', { decidedAt: hoursFromNow(-26) }, 'decidedAt'],
    ['by an act that is yet to be signed', { decidedAt: hoursFromNow(1) }, 'decidedAt'],
  ])('%s: the field is named', async (_what, given, field) => {
    const { id } = await spokenAlert();
    const { code, fields } = (await refusal(confirm({ id, ...given }))) as { code: string; fields: { path: string }[] };
    expect([code, fields.map(({ path }) => path)]).toEqual(['INVALID_INPUT', [field]]);
    expect(await decided(id)).toMatchObject({ act: null, confirmedAt: null });
  });

  it('by another act than the publication names', async () => {
    const { id } = await spokenAlert({ decision: { ...ORDER, act: '2026-41' } });
    expect((await refusal(confirm({ id }))).fields).toEqual([
      { path: 'act', message: 'must be 2026-41, as the publication says: another act takes a revision' },
    ]);
    await confirm({ id, act: '2026-41' });
  });

  it('where there is none, or it is over', async () => {
    const written = await publishNew(hub, 'Closure', closureInput());
    expect(await codeOf(confirm({ id: written.id }))).toBe('WRONG_STAGE');
    const advice = await publishNew(hub, 'Advice', adviceInput());
    expect(await codeOf(confirm({ id: advice.id }))).toBe('WRONG_STAGE');
    const { id, version } = await spokenAlert();
    await hub
      .as('validator')
      .request(
        'mutation ($id: ID!, $version: Int!) { cancelPublication(id: $id, version: $version, reason: "Erreur") { asOf } }',
        { id, version },
      );
    expect(await codeOf(confirm({ id }))).toBe('WRONG_STAGE');
    expect(await codeOf(confirm({ id: '01890000-0000-7000-8000-000000000000' }))).toBe('NOT_FOUND');
  });
});

it('a confirmed order goes on showing its act through every later revision that names it', async () => {
  const published = await spokenAlert();
  await confirm({ id: published.id });
  const again = await release(hub, await revise(hub, 'Alert', published, evacuation({ certainty: 'POSSIBLE' })));
  await release(hub, await revise(hub, 'Alert', again, evacuation()));
  expect(await decided(published.id)).toMatchObject({ act: '2026-42', confirmedAt: SIGNED_AT });
});
