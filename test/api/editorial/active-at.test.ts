import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parisTime, SetClock } from '../../../src/clock.ts';
import { testDatabase } from '../../support/database/database.ts';
import {
  alertInput,
  closureInput,
  publishNew,
  refusal,
  release,
  revise,
  type Written,
} from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

/** `activeAt` asks what was in force at a time, as the public was told then. */
const { url } = await testDatabase();
const HOUR = 3600_000;
const begin = Math.floor(Date.now() / 1000) * 1000;
const at = (hours: number) => parisTime(new Date(begin + hours * HOUR));
const clock = new SetClock(new Date(begin));
const hub = await startHub({ url, clock });
afterAll(() => hub.close());

interface Found {
  thread: string;
  revision: number;
  severity?: string;
}
const activeAt = async (time: string, where: object = {}, page: object = {}) => {
  const { publications } = await hub.as().request<{
    publications: {
      totalCount: number;
      nodes: Found[];
      pageInfo: { endCursor: string; hasNextPage: boolean; hasPreviousPage: boolean };
    };
  }>(
    `query ($where: PublicationFilter, $first: Int! = 20, $after: PageCursor) { publications(where: $where, first: $first, after: $after) {
       totalCount pageInfo { endCursor hasNextPage hasPreviousPage } nodes { thread revision ... on AlertPublication { severity } } } }`,
    { where: { activeAt: time, ...where }, ...page },
  );
  expect(publications.totalCount).toBeGreaterThanOrEqual(publications.nodes.length);
  return publications;
};
const found = async (time: string, where?: object) => (await activeAt(time, where)).nodes;
const over = (id: string, version: number) =>
  hub
    .as('validator')
    .request(
      `mutation ($id: ID!, $version: Int!) { cancelPublication(id: $id, version: $version, reason: "Fausse mesure") { publication { id } } }`,
      { id, version },
    );

describe('what was in force', () => {
  let alert: Written;
  let closure: Written;
  const massy = (more: object) =>
    alertInput({ endsAt: at(20), areas: [{ description: 'Ici', communes: ['91377', '91477'] }], ...more });
  beforeAll(async () => {
    alert = await publishNew(hub, 'Alert', massy({ severity: 'SEVERE' }));
    closure = await publishNew(hub, 'Closure', closureInput({ startsAt: at(3), endsAt: at(5) }));
    clock.set(at(2));
    const smaller = massy({ severity: 'MINOR', areas: [{ description: 'Ici', communes: ['91477'] }] });
    alert = await release(hub, await revise(hub, 'Alert', alert, smaller));
    clock.set(at(4));
    const { dossier } = await hub
      .as('validator')
      .request<{ dossier: { version: number } }>('query ($id: ID!) { dossier(id: $id) { version } }', { id: alert.id });
    await over(alert.id, dossier.version);
    clock.set(at(8));
  });

  it('is told by the revision of then, with its place and its gravity', async () => {
    expect(await found(at(1))).toEqual([{ thread: alert.id, revision: 1, severity: 'SEVERE' }]);
    expect(await found(at(2.5))).toEqual([{ thread: alert.id, revision: 2, severity: 'MINOR' }]);
    expect(await found(at(1), { communes: ['91377'], severityAtLeast: 'SEVERE' })).toHaveLength(1);
    expect(await found(at(2.5), { communes: ['91377'] })).toEqual([]);
    expect(await found(at(2.5), { communes: ['91477'], severityAtLeast: 'SEVERE', kinds: ['ALERT'] })).toEqual([]);
  });

  it('is told though it has ended since, and not beyond the end that came, whatever was announced', async () => {
    expect(await found(at(3.5))).toEqual([
      { thread: alert.id, revision: 2, severity: 'MINOR' },
      { thread: closure.id, revision: 1 },
    ]);
    expect(await found(at(4.5))).toEqual([{ thread: closure.id, revision: 1 }]);
    expect(await found(at(7))).toEqual([]);
    expect(await found(at(8))).toEqual([]);
  });

  it('holds nothing of a time before it was published, whatever its window says', async () => {
    const { id } = await publishNew(hub, 'Closure', closureInput({ startsAt: at(6), endsAt: at(30) }));
    expect(await found(at(7))).toEqual([]);
    expect(await found(at(8))).toEqual([{ thread: id, revision: 1 }]);
    expect(await found(at(29))).toEqual([{ thread: id, revision: 1 }]);
    expect(await found(at(31))).toEqual([]);
  });

  it('is found by words, and page by page', async () => {
    expect(await found(at(3.5), { search: 'inexistant' })).toEqual([]);
    expect((await found(at(3.5), { search: 'débordé', kinds: ['ALERT'] })).map(({ thread }) => thread)).toEqual([
      alert.id,
    ]);
    const first = await activeAt(at(3.5), {}, { first: 1 });
    expect([first.totalCount, first.pageInfo.hasNextPage, first.nodes[0]?.thread]).toEqual([2, true, alert.id]);
    const second = await activeAt(at(3.5), {}, { first: 1, after: first.pageInfo.endCursor });
    expect([second.pageInfo.hasNextPage, second.nodes[0]?.thread]).toEqual([false, closure.id]);
    expect([first.pageInfo.hasPreviousPage, second.pageInfo.hasPreviousPage]).toEqual([false, true]);
    // A page may also end at a view of then, whose id is not that of its thread.
    const behind = await activeAt(at(1), {}, { first: 1 });
    expect((await activeAt(at(1), {}, { first: 1, after: behind.pageInfo.endCursor })).nodes).toEqual([]);
  });

  it('is not asked for together with states: it was in force', async () => {
    const refused = await refusal(activeAt(at(1), { states: ['ENDED'] }));
    expect(refused).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'where.states' }] });
  });
});
