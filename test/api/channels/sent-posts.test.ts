import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import {
  alertInput,
  closureInput,
  hoursFromNow,
  publishNew,
  refusal,
  release,
  revise,
  type Written,
} from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

interface Sent {
  publicationId: string;
  network: string;
  revision: number;
  phase: string;
  url: string;
  outdated: boolean;
}
const SENT = 'publicationId network revision phase url recordedAt by { name } outdated';
const acknowledge = (network: string, post: string, at: string) =>
  hub
    .as('scheduler')
    .request<{ acknowledgePost: { sentPost: Sent } }>(
      `mutation ($post: URL!, $url: URL!) { acknowledgePost(network: ${network}, post: $post, url: $url) { sentPost { ${SENT} } } }`,
      { post, url: at },
    );
const dossier = async ({ id }: { id: string }) => {
  const query = `query ($id: ID!) { dossier(id: $id) { posts { ${SENT} } outdatedNetworks } }`;
  return (await hub.as('editor').request<{ dossier: { posts: Sent[]; outdatedNetworks: string[] } }>(query, { id }))
    .dossier;
};
const behind = async () =>
  (await hub.as('validator').request<{ outdatedPosts: { nodes: Sent[] } }>(`{ outdatedPosts { nodes { ${SENT} } } }`))
    .outdatedPosts.nodes;
const link = ({ id }: Written, revision: number, fragment = '') =>
  `${hub.url}/publications/${id}/r/${revision}${fragment}`;
const count = (sql: string, values: unknown[]) =>
  withSession(url, async (session) => Number((await session.query(sql, values)).rows[0].count));

it('shows the desk where each revision went, and which networks still tell an earlier one', async () => {
  const first = await publishNew(hub);
  const { acknowledgePost } = await acknowledge('X', link(first, 1), 'https://x.example/1');
  expect(acknowledgePost.sentPost).toMatchObject({ network: 'X', revision: 1, phase: 'REVISION', outdated: false });
  await acknowledge('MASTODON', link(first, 1), 'https://mastodon.example/1');
  expect(await dossier(first)).toMatchObject({
    outdatedNetworks: [],
    posts: [{ network: 'MASTODON' }, { network: 'X' }],
  });

  const second = await release(hub, await revise(hub, 'Alert', first, alertInput({ severity: 'MODERATE' })));
  expect((await dossier(first)).outdatedNetworks).toEqual(['MASTODON', 'X']);
  await acknowledge('X', link(first, 2), 'https://x.example/2');
  expect(await dossier(first)).toMatchObject({
    outdatedNetworks: ['MASTODON'],
    posts: [
      { url: 'https://x.example/2', outdated: false },
      { url: 'https://mastodon.example/1', outdated: true },
      { url: 'https://x.example/1', outdated: true },
    ],
  });
  expect((await behind()).map((post) => post.url)).toEqual(['https://mastodon.example/1']);

  // A network that lets posts be edited tells the new revision at the old address.
  await acknowledge('MASTODON', link(first, 2), 'https://mastodon.example/1');
  expect((await dossier(first)).outdatedNetworks).toEqual([]);
  expect(await behind()).toEqual([]);

  const texts = [{ language: 'fr-FR', headline: 'Décrue', description: 'C’est fini.', instruction: null }];
  await hub
    .as('validator')
    .request(
      'mutation ($id: ID!, $version: Int!, $texts: [PublicationTextInput!]!) { giveAllClear(id: $id, version: $version, texts: $texts) { publication { id } } }',
      { ...second, stage: undefined, texts },
    );
  expect((await behind()).map((post) => post.network).sort()).toEqual(['MASTODON', 'X']);
  const last = await acknowledge('X', link(first, 2, '#all-clear'), 'https://x.example/3');
  expect(last.acknowledgePost.sentPost).toMatchObject({ phase: 'ALL_CLEAR', outdated: false });
  expect((await behind()).map((post) => post.network)).toEqual(['MASTODON']);
});

it('tells a road that was closed again from one that is open', async () => {
  const road = await publishNew(hub, 'Closure', closureInput());
  const observe = (state: string) =>
    hub
      .as('editor')
      .request(
        `mutation ($id: ID!, $at: DateTime!) { observeClosure(id: $id, state: ${state}, observedAt: $at) { publication { id } } }`,
        {
          id: road.id,
          at: hoursFromNow(0),
        },
      );
  await acknowledge('TELEGRAM', link(road, 1), 'https://t.example/1');
  await observe('REOPENED');
  expect((await dossier(road)).outdatedNetworks).toEqual(['TELEGRAM']);
  const { socialPosts } = await hub
    .as()
    .request<{ socialPosts: { nodes: { url: string }[] } }>(
      '{ socialPosts(network: TELEGRAM, first: 1) { nodes { url } } }',
    );
  await acknowledge('TELEGRAM', socialPosts.nodes[0]?.url ?? '', 'https://t.example/2');
  expect((await dossier(road)).outdatedNetworks).toEqual([]);
  await observe('IN_PLACE');
  expect((await dossier(road)).outdatedNetworks).toEqual(['TELEGRAM']);
});

it('keeps the same acknowledgement once, with an audit entry for each that was made', async () => {
  const written = await publishNew(hub);
  const at = 'https://bsky.example/1';
  const answers = await Promise.all([1, 2, 3].map(() => acknowledge('BLUESKY', link(written, 1), at)));
  expect(answers[1]).toEqual(answers[0]);
  expect(await count('select count(*) from social_post where publication_id = $1', [written.id])).toBe(1);
  const told = `select count(*) from audit_entry where subject = $1 and action = 'acknowledgePost'`;
  expect(await count(told, [written.id])).toBe(3);
  // The first one changed what the publication is to the audit; the others did not.
  expect(await count(`${told} and state_before <> state_after`, [written.id])).toBe(1);
});

it('refuses what was never told, and what is no address', async () => {
  const written = await publishNew(hub);
  const at = 'https://x.example/9';
  const refused = async (post: string, address = at) => {
    const { code, fields } = await refusal(acknowledge('X', post, address));
    return [code, (fields as { path: string }[] | undefined)?.[0]?.path];
  };
  expect(await refused(link(written, 2))).toEqual(['INVALID_INPUT', 'post']);
  expect(await refused(link(written, 1, '#cancelled'))).toEqual(['INVALID_INPUT', 'post']);
  expect(await refused('https://example.org/')).toEqual(['INVALID_INPUT', 'post']);
  expect(await refused(link(written, 1), 'ftp://x')).toEqual(['INVALID_INPUT', 'url']);
  expect(await refused(link({ ...written, id: randomUUID() }, 1))).toEqual(['NOT_FOUND', undefined]);
  expect((await dossier(written)).posts).toEqual([]);
});

it('is kept by PostgreSQL itself: a row never changes (I-02)', async () => {
  for (const statement of [`update social_post set url = 'x'`, 'delete from social_post', 'truncate social_post'])
    await expect(withSession(url, (session) => session.query(statement))).rejects.toThrow('refused');
});

it('stands on a network whose name PostgreSQL knows by its shape alone, so that a new one needs no migration', async () => {
  const copyOn = (network: string) =>
    withSession(url, async (session) => {
      await session.query('begin');
      await session.query(
        `insert into social_post select gen_random_uuid(), publication_id, $1, revision, happened, url, at, by_id
         from social_post limit 1`,
        [network],
      );
      await session.query('rollback');
    });
  await expect(copyOn('PIXELFED')).resolves.toBeUndefined();
  for (const network of ['', 'mastodon', 'X Y'])
    await expect(copyOn(network)).rejects.toThrow('social_post_network_check');
});
