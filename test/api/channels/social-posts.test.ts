import { afterAll, expect, it } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, closureInput, publishNew, refusal, release, revise } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

interface Posts {
  socialPosts: {
    asOf: string;
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
    nodes: { text: string; length: number; limit: number; url: string; phase: string; publication: { id: string } }[];
  };
}
const POSTS = `query ($network: SocialNetwork!, $where: PublicationFilter, $first: Int! = 20, $after: PageCursor) {
  socialPosts(network: $network, where: $where, first: $first, after: $after) {
    asOf pageInfo { hasNextPage endCursor }
    nodes { network revision phase language text length limit url imageUrl imageAlt publication { id kind } }
  }
}`;
const posts = async (variables: object) => (await hub.as().request<Posts>(POSTS, variables)).socialPosts;

it('gives everybody one post for each publication, newest first, page after page, as of a position', async () => {
  const first = await publishNew(hub);
  const second = await publishNew(hub, 'Closure');
  const page = await posts({ network: 'X', first: 1 });
  expect(page.nodes.map(({ publication }) => publication.id)).toEqual([second.id]);
  const rest = await posts({ network: 'X', after: page.pageInfo.endCursor });
  expect(rest.nodes.map(({ publication }) => publication.id)).toEqual([first.id]);
  const { publications } = await hub.as().request<{ publications: { asOf: string } }>('{ publications { asOf } }');
  expect(page.asOf).toBe(publications.asOf);
  for (const { text, length, limit, url } of [...page.nodes, ...rest.nodes]) {
    expect(text.split('\n')).toContain(url);
    expect(length).toBeLessThanOrEqual(limit);
  }
});

it('gives each revision, and the end of a thread, an address of its own', async () => {
  const written = await publishNew(
    hub,
    'Alert',
    alertInput({ areas: [{ description: 'Massy', communes: ['91377'] }] }),
  );
  const where = { communes: ['91377'], states: ['UPCOMING', 'IN_FORCE', 'ENDED', 'CANCELLED'] };
  const told = async () => (await posts({ network: 'MASTODON', where })).nodes[0];
  const base = `${hub.url}/publications/${written.id}/r/`;
  expect(await told()).toMatchObject({ url: `${base}1`, phase: 'REVISION' });
  const again = alertInput({ severity: 'MODERATE' });
  const next = await release(
    hub,
    await revise(hub, 'Alert', written, { ...again, areas: [{ description: 'Massy', communes: ['91377'] }] }),
  );
  expect((await told())?.text).toMatch(/^🟡 Mise à jour · Vigilance jaune : inondation\n/);
  await hub
    .as('validator')
    .request(
      'mutation ($id: ID!, $version: Int!) { cancelPublication(id: $id, version: $version, reason: "Erreur.") { publication { id } } }',
      {
        id: next.id,
        version: next.version,
      },
    );
  expect(await told()).toMatchObject({ url: `${base}2#cancelled`, phase: 'CANCELLED' });
  expect((await told())?.text).toMatch(/^Alerte annulée · Vigilance jaune : inondation\nErreur\.\n/);
});

it('leaves exercises and tests to those who ask for them (I-10)', async () => {
  const texts = [{ language: 'fr-FR', headline: 'EXERCICE : crue', description: 'Essai.', instruction: 'Rien.' }];
  const drill = await publishNew(hub, 'Closure', closureInput({ mode: 'EXERCISE', texts }));
  const ids = async (where: object) =>
    (await posts({ network: 'SMS', where })).nodes.map((node) => node.publication.id);
  expect(await ids({})).not.toContain(drill.id);
  expect(await ids({ modes: ['EXERCISE'] })).toEqual([drill.id]);
});

it('refuses a page that is too long and a language that is none', async () => {
  const asked = (more: string) => refusal(hub.as().request(`{ socialPosts(network: X, ${more}) { asOf } }`));
  expect(await asked('first: 101')).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'first' }] });
  // A literal that the scalar LanguageTag refuses is a fault of the document, with its place.
  expect(await asked('languages: ["français"]')).toEqual({ code: 'BAD_REQUEST' });
});
