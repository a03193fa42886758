import { afterAll, expect, it } from 'vitest';
import { SetClock } from '../../../src/clock.ts';
import { until } from '../../../src/development/embedded/processes.ts';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, draft, publishNew, refusal, release, revise, type Written } from '../../support/desk/desk.ts';
import { addHook, LOOPBACK, WAIT_MS } from '../../support/desk/webhook-desk.ts';
import { startHub } from '../../support/hub/hub.ts';
import { startReceiver } from '../../support/receivers/receiver.ts';

const { url } = await testDatabase();
const clock = new SetClock(new Date());
const hub = await startHub({ url, clock, webhookTargets: LOOPBACK });
afterAll(() => hub.close());

const words = (headline: string) => [
  {
    language: 'fr-FR',
    headline,
    description: 'Le bas de la ville est inondé.',
    instruction: 'Éloignez-vous des berges.',
  },
  { language: 'en-GB', headline: 'The Yvette floods', description: 'Low streets are flooded.', instruction: null },
];
// One input for all, since `alertInput` counts its end from now.
const { texts: _texts, ...facts } = alertInput();
const typo = { ...facts, texts: words('L’Yvete déborde à Longjumeau') };
const mended = { ...facts, texts: words('L’Yvette déborde à Longjumeau') };

interface Item {
  url: string;
  content_text: string;
  date_published: string;
  date_modified: string;
}
const items = async (feed: string): Promise<Item[]> =>
  ((await (await fetch(`${hub.url}${feed}`)).json()) as { items: Item[] }).items;
const page = async ({ id }: Written, revision: number) =>
  (await fetch(`${hub.url}/publications/${id}/r/${revision}`)).text();
const later = () => clock.set(new Date(clock.now().getTime() + 5_000));
async function mend(written: Written) {
  later();
  return release(hub, await revise(hub, 'Alert', written, mended, true));
}

it.each(['/feeds/social/mastodon.json', '/feeds/publications.json'])(
  'is mended in %s at its old place and link, and is no news there',
  async (feed) => {
    later();
    const first = await publishNew(hub, 'Alert', typo);
    later();
    const next = await publishNew(hub);
    const before = await items(feed);
    expect(before.slice(0, 2).map((item) => item.url)).toEqual([
      `${hub.url}/publications/${next.id}/r/1`,
      `${hub.url}/publications/${first.id}/r/1`,
    ]);
    await mend(first);
    const after = await items(feed);
    expect(after.map((item) => item.url)).toEqual(before.map((item) => item.url));
    expect(after[1]?.content_text).not.toContain('Yvete déborde');
    expect(after[1]?.content_text).not.toContain('Mise à jour');
    expect(after[1]?.date_published).toBe(before[1]?.date_published);
    expect(Date.parse(after[1]?.date_modified ?? '')).toBeGreaterThanOrEqual(
      Date.parse(before[1]?.date_modified ?? ''),
    );
  },
);

it('mends the page of its permalink in place, also once a further revision follows', async () => {
  const first = await publishNew(hub, 'Alert', typo);
  expect(await page(first, 1)).toContain('Yvete déborde');
  const second = await mend(first);
  for (const revision of [1, 2]) {
    const text = await page(first, revision);
    expect(text).toContain('<h1>L’Yvette déborde');
    expect(text).toContain(`<link rel="canonical" href="${hub.url}/publications/${first.id}/r/1">`);
    expect(text).not.toContain('class="stale"');
  }
  later();
  await release(hub, await revise(hub, 'Alert', second, { ...mended, severity: 'MODERATE' }));
  expect(await page(first, 1)).toContain('<h1>L’Yvette déborde');
  expect(await page(first, 1)).toContain('class="stale"');
  const [news] = await items('/feeds/social/mastodon.json');
  expect(news?.url).toBe(`${hub.url}/publications/${first.id}/r/3`);
  expect(news?.content_text).toContain('Mise à jour');
});

it('is said to be minor on the dossier, in the history and in what followers are told', async () => {
  const { publications } = await hub.as().request<{ publications: { asOf: string } }>('{ publications { asOf } }');
  const first = await publishNew(hub, 'Alert', typo);
  const second = await revise(hub, 'Alert', first, mended, true);
  const QUERY = `query ($id: ID!, $after: Cursor!) {
    dossier(id: $id) { minor outdatedNetworks preview { history { number minor } translations { language outdated } } }
    changes(after: $after, where: { publications: [$id] }) { nodes { type ring minor changedFields } } }`;
  const ask = () => hub.as('editor').request<object>(QUERY, { id: first.id, after: publications.asOf });
  const preview = {
    history: [
      { number: 1, minor: false },
      { number: 2, minor: true },
    ],
    // The English was made of the French that had the typo: it is a translation of the mended French as well.
    translations: [
      { language: 'fr-FR', outdated: false },
      { language: 'en-GB', outdated: false },
    ],
  };
  expect(await ask()).toMatchObject({ dossier: { minor: true, preview } });
  await hub
    .as('scheduler')
    .request(
      `mutation ($post: URL!) { acknowledgePost(network: X, post: $post, url: "https://x.example/1") { asOf } }`,
      { post: `${hub.url}/publications/${first.id}/r/1` },
    );
  await release(hub, second);
  expect(await ask()).toMatchObject({
    dossier: { minor: true, outdatedNetworks: [], preview },
    changes: {
      nodes: [
        { type: 'PUBLISHED', minor: false },
        { type: 'UPDATED', minor: true, ring: false, changedFields: ['TEXTS'] },
      ],
    },
  });
});

it('is told to webhooks as minor, without a sound and without posts', async () => {
  const { url: to, received } = await startReceiver();
  await addHook(hub, to, { networks: ['MASTODON'] });
  await mend(await publishNew(hub, 'Alert', typo));
  await until(() => received.length >= 2, WAIT_MS);
  const [published, updated] = received.map(({ body }) => JSON.parse(body).data);
  expect(published).toMatchObject({ minor: false, ring: true, social: { MASTODON: { phase: 'REVISION' } } });
  expect(updated).toMatchObject({ minor: true, ring: false, social: { MASTODON: null } });
});

it('is refused where nothing is public, and where more than words changes, by its field', async () => {
  const unpublished = await draft(hub, 'Alert', typo);
  expect(await refusal(revise(hub, 'Alert', unpublished, mended, true))).toMatchObject({
    code: 'INVALID_INPUT',
    fields: [{ path: 'minor' }],
  });
  const first = await publishNew(hub, 'Alert', typo);
  const graver = { ...mended, severity: 'EXTREME' };
  expect(await refusal(revise(hub, 'Alert', first, graver, true))).toMatchObject({
    code: 'INVALID_INPUT',
    fields: [{ path: 'input.severity' }],
  });
});

it('is judged by what is public, not by the draft before it; what was approved as minor is approved as nothing else', async () => {
  const first = await publishNew(hub, 'Alert', typo);
  const graver = await revise(hub, 'Alert', first, { ...typo, severity: 'EXTREME' });
  expect(await refusal(revise(hub, 'Alert', graver, { ...mended, severity: 'EXTREME' }, true))).toMatchObject({
    fields: [{ path: 'input.severity' }],
  });
  const minor = await revise(hub, 'Alert', graver, mended, true);
  const submitted = await hub
    .as('editor')
    .request<{ done: { dossier: Written } }>(
      'mutation ($id: ID!, $version: Int!) { done: submitDossier(id: $id, version: $version) { dossier { id version stage } } }',
      { id: minor.id, version: minor.version },
    );
  const approved = await hub
    .as('validator')
    .request<{ done: { dossier: Written } }>(
      'mutation ($id: ID!, $version: Int!) { done: approveDossier(id: $id, version: $version) { dossier { id version stage } } }',
      { id: minor.id, version: submitted.done.dossier.version },
    );
  expect(approved.done.dossier.stage).toBe('APPROVED');
  const news = await revise(hub, 'Alert', approved.done.dossier, mended);
  expect(news.stage).toBe('DRAFT');
  const answer = await hub
    .as('editor')
    .request('query ($id: ID!) { dossier(id: $id) { minor approvals { approvedAt } } }', { id: first.id });
  expect(answer).toMatchObject({ dossier: { minor: false, approvals: [] } });
});
