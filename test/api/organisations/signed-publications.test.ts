import { afterAll, describe, expect, it } from 'vitest';
import { parisTime, SetClock } from '../../../src/clock.ts';
import { PERSONAS } from '../../../src/development/development-tokens.ts';
import { testDatabase } from '../../support/database/database.ts';
import {
  alertInput,
  type Done,
  draft,
  publishNew,
  release,
  revise,
  step,
  WRITTEN,
  type Written,
} from '../../support/desk/desk.ts';
import { Follower } from '../../support/following/follower.ts';
import { startHub } from '../../support/hub/hub.ts';

/** The public reads of organisations, as they were called at the moment; never of the people. */
const { url } = await testDatabase();
const begin = Date.now();
const clock = new SetClock(new Date(begin));
const hub = await startHub({ url, clock });
afterAll(() => hub.close());

const DEPARTEMENT = '01900000-0000-7000-8000-000000000091';
const OF_DEPARTEMENT = { kind: 'DEPARTEMENT', name: 'Département de l’Essonne', shortName: 'Département' };
const ORGANISATION = '{ kind name shortName }';

async function create(kind: string, name: string, shortName: string): Promise<string> {
  const { createOrganisation } = await hub
    .as('admin')
    .request<{ createOrganisation: { organisation: { id: string } } }>(
      `mutation ($kind: OrganisationKind!, $name: String!, $shortName: String!) {
       createOrganisation(kind: $kind, name: $name, shortName: $shortName) { organisation { id } } }`,
      { kind, name, shortName },
    );
  return createOrganisation.organisation.id;
}
async function move(persona: 'validator' | 'validator2' | 'duty' | 'editor', organisation: string): Promise<void> {
  const { viewer } = await hub.as(persona).request<{ viewer: { id: string } }>('{ viewer { id } }');
  const { accounts } = await hub.as('admin').request<{
    accounts: { nodes: { id: string; administration: { version: number } }[] };
  }>('{ accounts(first: 100) { nodes { id administration { version } } } }');
  const { version } = accounts.nodes.find(({ id }) => id === viewer.id)!.administration;
  await hub.as('admin').request(
    `mutation ($id: ID!, $version: Int!, $organisation: ID!) {
       moveAccount(id: $id, version: $version, organisation: $organisation) { asOf } }`,
    { id: viewer.id, version, organisation },
  );
}
interface Signed {
  number: number;
  publisher: object | null;
  signatories: object[];
}
const historyOf = async (id: string): Promise<Signed[]> =>
  (
    await hub
      .as()
      .request<{ publication: { history: Signed[] } }>(
        `query ($id: ID!) { publication(id: $id) { history { number publisher ${ORGANISATION} signatories ${ORGANISATION} } } }`,
        { id },
      )
  ).publication.history;
const approvalsOf = async (id: string) =>
  (
    await hub
      .as('editor')
      .request<{ dossier: { approvals: { by: { name: string }; organisation: object }[] } }>(
        `query ($id: ID!) { dossier(id: $id) { approvals { by { name } organisation ${ORGANISATION} } } }`,
        { id },
      )
  ).dossier.approvals;
/** The other ways out, of a publication among others or alone. */
async function everywhere(id: string): Promise<string[]> {
  const feeds = [
    '/feeds/publications.rss',
    '/feeds/publications.json',
    '/feeds/alerts.atom',
    `/publications/${id}.jsonld`,
  ];
  const kit = await hub
    .as()
    .request<{ publication: { relayKit: object } }>(
      'query ($id: ID!) { publication(id: $id) { relayKit { short title body spoken } } }',
      { id },
    );
  return [...(await Promise.all(feeds.map(text))), JSON.stringify(kit.publication.relayKit)];
}
const text = async (path: string) => (await fetch(`${hub.url}${path}`)).text();
const parameters = (message: string, name: string) =>
  [...message.matchAll(new RegExp(`<valueName>${name}</valueName>\\s*<value>([^<]*)</value>`, 'g'))].map(
    ([, value]) => value,
  );

describe('what is published', () => {
  it('shows the organisation that published it and those that approved it, and no person, wherever it goes', async () => {
    const { id } = await publishNew(hub);
    expect(await historyOf(id)).toEqual([{ number: 1, publisher: OF_DEPARTEMENT, signatories: [OF_DEPARTEMENT] }]);
    const message = await text(`/cap/${id}/latest.xml`);
    expect(message).toContain('<senderName>Département de l’Essonne</senderName>');
    expect(parameters(message, 'published_by')).toEqual([OF_DEPARTEMENT.name]);
    expect(parameters(message, 'signed_by')).toEqual([OF_DEPARTEMENT.name]);
    const page = await text(`/publications/${id}`);
    expect(page).toContain(`Publié par : ${OF_DEPARTEMENT.name} · Validé par : ${OF_DEPARTEMENT.name}`);
    const all = [message, page, ...(await everywhere(id)), JSON.stringify(await historyOf(id))].join();
    for (const { name } of Object.values(PERSONAS)) expect(all).not.toContain(name);
  });

  it('keeps the names of its moment, whoever moves and whatever is renamed (I-31)', async () => {
    const sdis = await create('SDIS', 'Sdis 91', 'Sdis');
    const sdisThen = { kind: 'SDIS', name: 'Sdis 91', shortName: 'Sdis' };
    await move('validator2', sdis);
    const submitted = await step(
      hub,
      'submitDossier',
      'editor',
      await draft(hub, 'Alert', alertInput({ severity: 'EXTREME' })),
    );
    const half = await step(hub, 'approveDossier', 'validator2', submitted);
    await move('validator2', DEPARTEMENT);
    await hub
      .as('admin')
      .request(
        `mutation ($id: ID!) { renameOrganisation(id: $id, version: 1, name: "Sapeurs-pompiers de l’Essonne", shortName: "SP") { asOf } }`,
        { id: sdis },
      );
    const approved = await step(hub, 'approveDossier', 'validator', half);
    expect(await approvalsOf(submitted.id)).toEqual([
      { by: { name: PERSONAS.validator2.name }, organisation: sdisThen },
      { by: { name: PERSONAS.validator.name }, organisation: OF_DEPARTEMENT },
    ]);
    await move('validator', sdis);
    const published = await step(hub, 'publishDossier', 'validator', approved);
    const now = { kind: 'SDIS', name: 'Sapeurs-pompiers de l’Essonne', shortName: 'SP' };
    const first = { number: 1, publisher: now, signatories: [OF_DEPARTEMENT, sdisThen] };
    expect(await historyOf(published.id)).toEqual([first]);
    const message = await text(`/cap/${published.id}/latest.xml`);
    expect(message).toContain('<senderName>Sapeurs-pompiers de l’Essonne</senderName>');
    expect(parameters(message, 'signed_by')).toEqual(['Département de l’Essonne', 'Sdis 91']);
    const [rss = '', json = '', atom = '', linked = '', kit = ''] = await everywhere(published.id);
    const signed = 'Publié par : Sapeurs-pompiers de l’Essonne · Validé par : Département de l’Essonne, Sdis 91';
    const item = rss.split('<item>').find((one) => one.includes(published.id)) ?? '';
    expect(item).toContain('<dc:creator>Sapeurs-pompiers de l’Essonne</dc:creator>');
    expect(item).toContain('<dc:contributor>Sdis 91</dc:contributor>');
    expect(item).toContain(signed);
    const entry = (JSON.parse(json) as { items: { url: string }[] }).items.find(({ url: to }) =>
      to.includes(published.id),
    );
    expect(entry).toMatchObject({
      authors: [{ name: now.name }],
      _tocsin: { publisher: now, signatories: [OF_DEPARTEMENT, sdisThen] },
    });
    const atomEntry = atom.split('<entry').find((one) => one.includes(published.id)) ?? '';
    expect(atomEntry).toContain('<author><name>Sapeurs-pompiers de l’Essonne</name></author>');
    expect(atomEntry).toContain('<contributor><name>Sdis 91</name></contributor>');
    expect(JSON.parse(linked)).toMatchObject({
      publisher: { '@type': 'GovernmentOrganization', name: now.name },
      contributor: [{ name: OF_DEPARTEMENT.name }, { name: 'Sdis 91' }],
    });
    const { body, spoken } = JSON.parse(kit) as { body: string; spoken: string };
    expect(body).toContain(signed);
    expect(spoken).toMatch(/^Message officiel, source sapeurs-pompiers de l’Essonne\./i);
    await move('validator', DEPARTEMENT);
    await release(hub, await revise(hub, 'Alert', published, alertInput({ contact: 'mairie@longjumeau.example' })));
    expect(await historyOf(published.id)).toEqual([
      first,
      { number: 2, publisher: OF_DEPARTEMENT, signatories: [OF_DEPARTEMENT] },
    ]);
  });

  it('counts an organisation once, and no approval of other words', async () => {
    const submitted = await step(
      hub,
      'submitDossier',
      'editor',
      await draft(hub, 'Alert', alertInput({ severity: 'EXTREME' })),
    );
    const voided = await step(hub, 'approveDossier', 'validator', submitted);
    const again = await revise(hub, 'Alert', voided, alertInput({ severity: 'EXTREME', contact: '112' }));
    expect(await approvalsOf(submitted.id)).toEqual([]);
    const resubmitted = await step(hub, 'submitDossier', 'editor', again);
    const one = await step(hub, 'approveDossier', 'validator', resubmitted);
    const two = await step(hub, 'approveDossier', 'validator2', one);
    const { id } = await step(hub, 'publishDossier', 'validator', two);
    expect(await historyOf(id)).toEqual([{ number: 1, publisher: OF_DEPARTEMENT, signatories: [OF_DEPARTEMENT] }]);
  });

  it('names a source other than the Département as the sender, and its publisher beside it', async () => {
    const source = { name: 'Préfecture de l’Essonne' };
    const { id } = await publishNew(hub, 'Alert', alertInput({ source }));
    const message = await text(`/cap/${id}/latest.xml`);
    expect(message).toContain('<senderName>Préfecture de l’Essonne</senderName>');
    expect(parameters(message, 'published_by')).toEqual([OF_DEPARTEMENT.name]);
  });

  it('urgently has a publisher, and nobody who signed', async () => {
    const written = await draft(hub, 'Alert', alertInput({ urgency: 'IMMEDIATE' }));
    const { done } = await hub
      .as('duty')
      .request<Done>(
        `mutation ($id: ID!, $version: Int!) { done: publishDossierUrgently(id: $id, version: $version, reason: "Vies en danger") ${WRITTEN} }`,
        { id: written.id, version: written.version },
      );
    expect(await historyOf(done.dossier.id)).toEqual([{ number: 1, publisher: OF_DEPARTEMENT, signatories: [] }]);
    const message = await text(`/cap/${done.dossier.id}/latest.xml`);
    expect(parameters(message, 'signed_by')).toEqual([]);
    expect(await text(`/publications/${done.dossier.id}`)).not.toContain('Validé par');
  });

  it('at an hour to come leaves in the name of who scheduled it', async () => {
    const prefecture = await create('PREFECTURE', 'Préfecture', 'Préfecture');
    await move('validator2', prefecture);
    const at = (hours: number) => parisTime(new Date(begin + hours * 3600_000));
    const written = await draft(hub, 'Alert', alertInput({ endsAt: at(20) }));
    const approved = await step(
      hub,
      'approveDossier',
      'validator',
      await step(hub, 'submitDossier', 'editor', written),
    );
    const scheduled = await schedule(approved, at(6));
    expect(scheduled.stage).toBe('SCHEDULED');
    const follower = new Follower(hub.url);
    await follower.ready();
    clock.set(at(6.5));
    await follower.until(({ heard }) => heard.some(({ publication }) => publication?.id === written.id));
    await follower.stop();
    const publisher = { kind: 'PREFECTURE', name: 'Préfecture', shortName: 'Préfecture' };
    expect(await historyOf(written.id)).toEqual([{ number: 1, publisher, signatories: [OF_DEPARTEMENT] }]);
  });
});

const schedule = async ({ id, version }: Written, at: string): Promise<Written> =>
  (
    await hub
      .as('validator2')
      .request<Done>(
        `mutation ($id: ID!, $version: Int!, $at: DateTime) { done: publishDossier(id: $id, version: $version, at: $at) ${WRITTEN} }`,
        { id, version, at },
      )
  ).done.dossier;

it('a draft has neither publisher nor signatories', async () => {
  const { id } = await draft(hub, 'Alert');
  const { dossier } = await hub
    .as('editor')
    .request<{ dossier: { preview: { history: Signed[] } } }>(
      `query ($id: ID!) { dossier(id: $id) { preview { history { number publisher ${ORGANISATION} signatories ${ORGANISATION} } } } }`,
      { id },
    );
  expect(dossier.preview.history).toEqual([{ number: 1, publisher: null, signatories: [] }]);
});
