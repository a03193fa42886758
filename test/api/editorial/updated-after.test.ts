import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parisTime, SetClock } from '../../../src/clock.ts';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, closureInput, publishNew, type Written } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

/** `updatedAfter` finds what a reader who comes now and then has missed, whatever it was. */
const { url } = await testDatabase();
const HOUR = 3600_000;
const begin = Math.floor(Date.now() / 1000) * 1000;
const at = (hours: number) => parisTime(new Date(begin + hours * HOUR));
const clock = new SetClock(new Date(begin));
const hub = await startHub({ url, clock });
afterAll(() => hub.close());

const STATES = ['UPCOMING', 'IN_FORCE', 'ENDED', 'CANCELLED'];
async function found(field: 'alerts' | 'publications', where: object): Promise<string[]> {
  const filter = field === 'alerts' ? 'AlertFilter' : 'PublicationFilter';
  const answer = await hub
    .as()
    .request<Record<string, { nodes: { thread: string }[] }>>(
      `query ($where: ${filter}) { ${field}(where: $where) { nodes { thread } } }`,
      { where },
    );
  return (answer[field]?.nodes ?? []).map(({ thread }) => thread).sort();
}

describe('what changed after a time', () => {
  let alert: Written;
  let closure: Written;
  beforeAll(async () => {
    alert = await publishNew(hub, 'Alert', alertInput({ endsAt: at(20) }));
    clock.set(at(1));
    closure = await publishNew(hub, 'Closure', closureInput({ startsAt: at(1), endsAt: at(12) }));
    clock.set(at(2));
    await hub
      .as('editor')
      .request(
        `mutation ($id: ID!, $at: DateTime!) { observeClosure(id: $id, state: IN_PLACE, observedAt: $at) { publication { id } } }`,
        { id: closure.id, at: at(2) },
      );
    clock.set(at(4));
    await hub
      .as('validator')
      .request(
        `mutation ($id: ID!, $version: Int!) { cancelPublication(id: $id, version: $version, reason: "Fausse mesure") { publication { id } } }`,
        { id: alert.id, version: alert.version },
      );
    clock.set(at(5));
  });

  it('is what was published, what was seen on the ground, and what was withdrawn, though neither is a revision', async () => {
    const both = [alert.id, closure.id].sort();
    expect(await found('publications', { updatedAfter: at(-1), states: STATES })).toEqual(both);
    expect(await found('publications', { updatedAfter: at(1.5), states: STATES })).toEqual(both);
    expect(await found('publications', { updatedAfter: at(3), states: STATES })).toEqual([alert.id]);
    expect(await found('alerts', { updatedAfter: at(3), states: ['CANCELLED'] })).toEqual([alert.id]);
    expect(await found('publications', { updatedAfter: at(4), states: STATES })).toEqual([]);
  });

  it('is what is live, where states do not ask for more', async () => {
    expect(await found('publications', { updatedAfter: at(-1) })).toEqual([closure.id]);
    expect(await found('publications', { updatedAfter: at(1.5) })).toEqual([closure.id]);
    expect(await found('publications', { updatedAfter: at(2) })).toEqual([]);
    expect(await found('alerts', { updatedAfter: at(-1) })).toEqual([]);
  });

  it('is asked of what was in force then, too', async () => {
    expect(await found('publications', { activeAt: at(0.5) })).toEqual([alert.id]);
    expect(await found('publications', { activeAt: at(3), updatedAfter: at(3) })).toEqual([alert.id]);
    expect(await found('publications', { activeAt: at(3), updatedAfter: at(4) })).toEqual([]);
  });

  it('also is what ends by the clock alone, once that is on record', async () => {
    clock.set(at(13));
    await expect.poll(() => found('publications', { updatedAfter: at(12.5), states: STATES })).toEqual([closure.id]);
    expect(await found('publications', { updatedAfter: at(13), states: STATES })).toEqual([]);
  });
});
