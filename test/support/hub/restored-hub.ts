import { expect } from 'vitest';
import { publishNew, refusal } from '../desk/desk.ts';
import { Follower } from '../following/follower.ts';
import { type Hub, startHub } from './hub.ts';

const SITUATION = '{ situation(place: { commune: "91345" }) { stale asOf alerts { id } } }';
const CHANGES = 'query ($after: Cursor) { changes(after: $after) { nodes { cursor } } }';

/** What readers see on a hub, and how far that is. */
export interface Shown {
  asOf: string;
  alerts: string[];
}

export async function shownOn(hub: Hub): Promise<Shown> {
  const { situation } = await hub.as().request<{ situation: { asOf: string; alerts: { id: string }[] } }>(SITUATION);
  return { asOf: situation.asOf, alerts: situation.alerts.map(({ id }) => id).sort() };
}

/** Runs a hub on a database for as long as the work takes. */
export async function whileHubRuns<T>(url: string, work: (hub: Hub) => Promise<T>): Promise<T> {
  const hub = await startHub({ url });
  try {
    return await work(hub);
  } finally {
    await hub.close();
  }
}

/**
 * Holds what a restore promises: the hub shows what it showed at the backup, a cursor of after the backup starts over, and a
 * follower that does so hears what is published next, and nothing else.
 */
export async function expectRestored(hub: Hub, atBackup: Shown, cursorOfLater: string): Promise<void> {
  expect((await shownOn(hub)).alerts).toEqual(atBackup.alerts);
  for (const after of [atBackup.asOf, cursorOfLater])
    expect((await refusal(hub.as().request(CHANGES, { after }))).code).toBe('RESYNC_REQUIRED');
  const { cursor } = await refusal(hub.as().request(CHANGES, { after: cursorOfLater }));
  const follower = new Follower(hub.url, String(cursor));
  try {
    const fresh = await publishNew(hub);
    await follower.until(({ heard }) => heard.length > 0);
    expect(follower.heard.map(({ publication }) => publication?.id)).toEqual([fresh.id]);
    expect((await shownOn(hub)).alerts).toEqual([...atBackup.alerts, fresh.id].sort());
  } finally {
    await follower.stop();
  }
}
