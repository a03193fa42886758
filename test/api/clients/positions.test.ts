import { afterAll, expect, it } from 'vitest';
import { decodeCursor, encodeCursor } from '../../../src/journal/cursor.rules.ts';
import { testDatabase } from '../../support/database/database.ts';
import { publishNew } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

/** Of two answers an app tells which is newer by `position`, which counts what cursors hold. */
const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

interface Positioned {
  asOf: string;
  position: number;
}
const ANSWERS = `{
  situation(place: { commune: "91345" }) { asOf position }
  alerts { asOf position }
  publications { asOf position }
  archive: publications(where: { states: [ENDED] }) { asOf position }
  socialPosts(network: MASTODON) { asOf position }
}`;
const answers = async () => Object.values(await hub.as().request<Record<string, Positioned>>(ANSWERS));
const CHANGES = `query ($after: Cursor) { changes(after: $after) {
  endCursor position nodes { cursor position publication { position } } } }`;

it('stands in every answer that has a cursor, and says the same', async () => {
  const before = await answers();
  await publishNew(hub);
  const after = await answers();
  for (const { asOf, position } of [...before, ...after]) expect(decodeCursor(asOf)?.position).toBe(position);
  expect(new Set(before.map(({ position }) => position))).toEqual(new Set([0]));
  expect(new Set(after.map(({ position }) => position))).toEqual(new Set([1]));
});

it('stands in each change, and in its publication', async () => {
  const { changes } = await hub.as().request<{
    changes: {
      endCursor: string;
      position: number;
      nodes: { cursor: string; position: number; publication: { position: number } }[];
    };
  }>(CHANGES, { after: encodeCursor({ epoch: hub.app.reads.journal.tail.head.epoch, position: 0 }) });
  expect(decodeCursor(changes.endCursor)?.position).toBe(changes.position);
  expect(changes.nodes.length).toBeGreaterThan(0);
  for (const { cursor, position, publication } of changes.nodes) {
    expect(decodeCursor(cursor)?.position).toBe(position);
    expect(publication.position).toBe(position);
  }
});
