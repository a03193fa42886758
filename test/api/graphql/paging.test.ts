import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { idOf, saveShift, shiftInput } from '../../support/crisis-cell/duty-desk.ts';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, draft, openIncident, publishNew, refusal } from '../../support/desk/desk.ts';
import { reportOf } from '../../support/desk/report-desk.ts';
import { addHook, LOOPBACK } from '../../support/desk/webhook-desk.ts';
import { startHub } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const hub = await startHub({ url, watchable: () => true, webhookTargets: LOOPBACK });
afterAll(() => hub.close());

interface Connection {
  nodes: object[];
  edges: { cursor: string; node: object }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
  totalCount?: number;
}

/** Each list with what is selected of an item, the arguments beside `first` and `after`, and whether it counts. */
const LISTS: [field: string, node: string, args?: string, uncounted?: true][] = [
  ['alerts', 'id'],
  ['publications', 'id'],
  ['publications', 'id state', 'where: { states: [CANCELLED] }'],
  ['socialPosts', 'url', 'network: MASTODON'],
  ['changes', 'cursor type', 'after: $start', true],
  ['communes', 'code'],
  ['communes', 'code', 'search: "saint"'],
  ['dossiers', 'id'],
  ['dossiers', 'id', 'stages: [DRAFT]'],
  ['reports', 'id'],
  ['watchers', 'name'],
  ['webhooks', 'name'],
  ['invitations', 'name'],
  ['organisations', 'name'],
  ['incidentFiles', 'id'],
  ['dutyCandidates', 'id'],
  ['calls', 'id'],
  ['dutyRoster', 'id', 'from: "2026-01-01T00:00:00Z", to: "2199-01-01T00:00:00Z"'],
  ['outdatedPosts', 'url'],
];
let start = '';

beforeAll(async () => {
  const present = await hub.as().request<{ changes: { endCursor: string } }>('{ changes { endCursor } }');
  start = present.changes.endCursor;
  for (const name of ['c', 'a', 'b']) {
    const published = await publishNew(hub, 'Alert', alertInput());
    await publishNew(hub, 'Alert', alertInput());
    await draft(hub, 'Alert');
    await hub
      .as('scheduler')
      .request(`mutation ($post: URL!, $url: URL!) { acknowledgePost(network: X, post: $post, url: $url) { asOf } }`, {
        post: `${hub.url}/publications/${published.id}/r/1`,
        url: `https://x.example/${name}`,
      });
    await hub
      .as('validator')
      .request(
        'mutation ($id: ID!, $version: Int!) { cancelPublication(id: $id, version: $version, reason: "Erreur") { asOf } }',
        { id: published.id, version: published.version },
      );
    await hub
      .as('volunteer')
      .request('mutation ($input: FieldReportInput!) { submitReport(input: $input) { asOf } }', { input: reportOf() });
    await hub.as('checker').request('mutation ($input: WatcherInput!) { addWatcher(input: $input) { asOf } }', {
      input: { name, url: 'http://127.0.0.1:9/' },
    });
    await addHook(hub, 'http://127.0.0.1:9/', { name });
    const incident = await openIncident(hub, name);
    await saveShift(hub, shiftInput(await idOf(hub, 'checker'), { incident }));
    await hub
      .as('admin')
      .request('mutation ($name: String!) { inviteAccount(name: $name, roles: [EDITOR]) { asOf } }', { name });
    await hub
      .as('admin')
      .request(
        'mutation ($name: String!) { createOrganisation(kind: COMMUNE, name: $name, shortName: $name) { asOf } }',
        {
          name,
        },
      );
  }
}, 60_000);

const asked = (field: string): 'admin' | 'editor' => (['webhooks', 'invitations'].includes(field) ? 'admin' : 'editor');

async function pageOf([field, node, args, uncounted]: (typeof LISTS)[number], first: number, after?: string) {
  const cursor = field === 'changes' ? 'Cursor' : 'PageCursor';
  const [declared, rest] =
    field === 'changes' && after === undefined
      ? ['$start: Cursor', args]
      : [`$after: ${cursor}`, [field === 'changes' ? '' : args, 'after: $after'].filter(Boolean).join(', ')];
  const { list } = await hub.as(asked(field)).request<{ list: Connection }>(
    `query (${declared}) { list: ${field}(first: ${first}${rest ? `, ${rest}` : ''}) {
       nodes { ${node} } edges { cursor node { ${node} } } ${uncounted ? '' : 'totalCount'}
       pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
    { start, after: after ?? null },
  );
  return list;
}

describe('every list', () => {
  it.each(LISTS)('is walked from page to page by its cursors, each item once: %s { %s } %s', async (...list) => {
    const [, , , uncounted] = list;
    const whole = await pageOf(list, 100);
    const walked: object[] = [];
    let after: string | undefined;
    for (let number = 0; number === 0 || after !== undefined; number += 1) {
      const { nodes, edges, pageInfo, totalCount } = await pageOf(list, 2, after);
      expect(edges.map(({ node }) => node)).toEqual(nodes);
      expect(pageInfo.startCursor).toBe(edges[0]?.cursor);
      expect(pageInfo.hasPreviousPage).toBe(number > 0);
      if (!uncounted) expect(totalCount).toBe(whole.totalCount);
      if (pageInfo.hasNextPage) expect(pageInfo.endCursor).toBe(edges.at(-1)?.cursor);
      walked.push(...nodes);
      after = pageInfo.hasNextPage ? (pageInfo.endCursor ?? undefined) : undefined;
      if (walked.length >= 100) break;
    }
    expect(walked.length).toBeGreaterThan(2);
    expect(walked.slice(0, 100)).toEqual(whole.nodes.slice(0, walked.length));
    expect(new Set(walked.map((node) => JSON.stringify(node))).size).toBe(walked.length);
  });

  it.each(LISTS)('goes on behind any of its edges: %s { %s } %s', async (...list) => {
    const { nodes, edges } = await pageOf(list, 3);
    const rest = await pageOf(list, 2, edges[0]?.cursor);
    expect(rest.nodes).toEqual(nodes.slice(1, 3));
  });

  it.each(LISTS.filter(([field]) => field !== 'changes'))(
    'refuses a page that cannot be: %s { %s } %s',
    async (field, node, args) => {
      const given = args ? `, ${args}` : '';
      for (const wrong of ['first: 0', 'first: 301', 'first: 5, after: "x"']) {
        const { code, fields } = await refusal(
          hub.as(asked(field)).request(`{ ${field}(${wrong}${given}) { nodes { ${node} } } }`),
        );
        expect([code, fields]).toMatchObject([
          'INVALID_INPUT',
          [{ path: wrong.includes('after') ? 'after' : 'first' }],
        ]);
      }
    },
  );
});
