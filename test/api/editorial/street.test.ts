import type { GraphQLClient } from 'graphql-request';
import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import { closureInput, draft, eventInput, INPUTS, publishNew, release, revise } from '../../support/desk/desk.ts';
import { Follower } from '../../support/following/follower.ts';
import { startHub } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const [hub, second] = [await startHub({ url }), await startHub({ url })];
afterAll(async () => {
  await hub.close();
  await second.close();
});

const situation = (client: GraphQLClient) =>
  client.request<{ situation: { asOf: string; stale: boolean; alerts: { id: string }[] } }>(
    '{ situation(place: { commune: "91345" }) { asOf stale alerts { id } } }',
  );

describe('from a draft to everybody', () => {
  it('publishes what one person wrote and another approved, and the very next read shows it', async () => {
    const { id, stage } = await publishNew(hub);
    expect(stage).toBe('PUBLISHED');
    const { situation: seen } = await situation(hub.as());
    expect(seen.stale).toBe(false);
    expect(seen.alerts.map((alert) => alert.id)).toContain(id);
  });

  it('lets a stock graphql-ws client hear a publication', async () => {
    const follower = new Follower(hub.url);
    await follower.ready();
    const { id } = await draft(hub, 'Alert');
    await release(hub, { id, version: 1, stage: 'DRAFT' });
    await follower.until(({ heard }) => heard.some(({ publication }) => publication?.id === id));
    await follower.stop();
  });

  it('gives a client that follows after asOf what it missed, in order, each once, and then goes on live (D-3)', async () => {
    const { situation: before } = await situation(hub.as());
    const first = await publishNew(hub);
    const next = await publishNew(hub, 'Event');
    const follower = new Follower(hub.url, before.asOf);
    await follower.until(({ heard }) => heard.length >= 2);
    const third = await publishNew(hub, 'Closure');
    await follower.until(({ heard }) => heard.length >= 3);
    expect(follower.heard.map(({ publication }) => publication?.id)).toEqual([first.id, next.id, third.id]);
    await follower.stop();
  });

  it('lets followers of one hub hear what another hub publishes', async () => {
    const follower = new Follower(second.url);
    await follower.ready();
    const { id } = await publishNew(hub);
    await follower.until(({ heard }) => heard.some(({ publication }) => publication?.id === id));
    await follower.stop();
  });

  it.each(Object.keys(INPUTS) as (keyof typeof INPUTS)[])('publishes an %s by the same workflow', async (kind) => {
    const { id } = await publishNew(hub, kind);
    const answer = await hub.as().request('query ($id: ID!) { publication(id: $id) { state revision } }', { id });
    expect(answer).toEqual({ publication: { state: kind === 'Event' ? 'UPCOMING' : 'IN_FORCE', revision: 1 } });
  });

  it('keeps the public revision live while the next one is written, then shows both in its history', async () => {
    const published = await publishNew(hub, 'Closure');
    const revised = await revise(hub, 'Closure', published, closureInput({ cause: 'Chaussée affaissée' }));
    expect(revised.stage).toBe('DRAFT');
    const shown = 'query ($id: ID!) { publication(id: $id) { revision history { number } } }';
    expect(await hub.as().request(shown, { id: published.id })).toMatchObject({ publication: { revision: 1 } });
    await release(hub, revised);
    expect(await hub.as().request(shown, { id: published.id })).toEqual({
      publication: {
        revision: 2,
        history: [{ number: 1 }, { number: 2 }],
      },
    });
  });

  it('changes nothing when the same content is saved again', async () => {
    const input = closureInput();
    const published = await publishNew(hub, 'Closure', input);
    expect(await revise(hub, 'Closure', published, input)).toEqual(published);
  });

  it('ties a closure to its event, both ways', async () => {
    const event = await publishNew(hub, 'Event', eventInput());
    const closure = await publishNew(hub, 'Closure', closureInput({ eventId: event.id }));
    const answer = await hub.as().request(
      `query ($event: ID!, $closure: ID!) {
        event: publication(id: $event) { ... on EventPublication { closures { id } } }
        closure: publication(id: $closure) { ... on ClosurePublication { event { id } communes { code } } } }`,
      { event: event.id, closure: closure.id },
    );
    expect(answer).toMatchObject({ event: { closures: [{ id: closure.id }] }, closure: { event: { id: event.id } } });
  });

  it('answers the same changes to the query and to the subscription', async () => {
    const { changes } = await hub.as().request<{ changes: { endCursor: string } }>('{ changes { endCursor } }');
    await publishNew(hub);
    await publishNew(hub, 'Event');
    const asked = await hub
      .as()
      .request<{ changes: { nodes: { cursor: string; type: string }[] } }>(
        'query ($after: Cursor) { changes(after: $after) { nodes { cursor type } } }',
        { after: changes.endCursor },
      );
    expect(asked.changes.nodes).toHaveLength(2);
    const follower = new Follower(hub.url, changes.endCursor);
    await follower.until(({ heard }) => heard.length >= 2);
    expect(follower.heard.map(({ cursor, type }) => ({ cursor, type }))).toEqual(asked.changes.nodes);
    await follower.stop();
  });
});
