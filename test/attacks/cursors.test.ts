import { afterAll, expect, it } from 'vitest';
import { testDatabase } from '../support/database/database.ts';
import { publishNew, refusal } from '../support/desk/desk.ts';
import { startHub } from '../support/hub/hub.ts';

/** Attacks by cursors, which are opaque to honest clients. Behind each: how it was seen to succeed. */
const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());
await publishNew(hub);

const ID = '01890000-0000-7000-8000-000000000000';
const written = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const TAMPERED: [what: string, cursor: string][] = [
  ['SQL in place of an id', written([0, "' or 1=1 --"])],
  ['SQL in place of a time', written(["2020'; drop table publication; --", ID])],
  ['an object with a prototype', written('{"__proto__":[0,"x"],"length":2}')],
  ['an endless number', written('[1e999,"x"]')],
  ['a number beyond every date', written([9e15, ID])],
  ['a negative number', written([-1, ID])],
  ['more parts than there are', written([0, 0, 0, 0, 0, ID])],
  ['no part', written([])],
  ['null', written('null')],
  ['brackets 60,000 deep', written('['.repeat(60_000))],
  ['a key of another list', written(['zzz', '91345'])],
  ['U+0000', written(['\u0000', '\u0000'])],
  ['no base64', '{"a":1}'],
  ['nothing', ''],
];
const LISTS = [
  ['publications', 'publications(after: $after) { totalCount nodes { id } }'],
  ['ended publications', 'publications(where: { states: [ENDED] }, after: $after) { totalCount nodes { id } }'],
  ['communes', 'communes(after: $after) { totalCount nodes { code } }'],
  ['dossiers', 'dossiers(after: $after) { totalCount nodes { id } }'],
  ['reports', 'reports(after: $after) { totalCount nodes { id } }'],
] as const;

it.each(LISTS)('cursor tampering: no cursor of another’s making is read as a place in %s', async (_name, field) => {
  // Not seen yet; its guard is the schema of Keyset.
  for (const [what, after] of TAMPERED) {
    const answer = hub.as('editor').request(`query ($after: PageCursor) { ${field} }`, { after });
    const found = await answer.catch(() => refusal(answer));
    const code = (found as { code?: string }).code;
    expect([what, code ?? 'read as a place']).toEqual([what, expect.stringMatching(/^INVALID_INPUT$|^BAD_REQUEST$/)]);
  }
});

it('cursor tampering: a name that no row can have is a place at most, and no fault of the hub', async () => {
  // Seen: against the hub of that day, which answered INTERNAL to U+0000.
  for (const [list, persona] of [
    ['watchers', 'editor'],
    ['webhooks', 'scheduler'],
  ] as const)
    for (const name of ['\u0000', "' or 1=1 --", '\ud800', 'x'.repeat(50_000)]) {
      const query = `query ($after: PageCursor) { ${list}(after: $after) { nodes { id } } }`;
      const answer = hub.as(persona).request(query, { after: written([name, ID]) });
      const found = await answer.catch(() => refusal(answer));
      expect((found as { code?: string }).code ?? 'INVALID_INPUT').toBe('INVALID_INPUT');
    }
});

it('cursor tampering: a position that is not yet, of another epoch, or too long, is no place in the journal', async () => {
  // Not seen yet; its guard is that the epoch of a cursor is compared.
  const positions = [
    `1.${ID}.0`,
    `1.${ID}.999999999999999`,
    `2.${ID}.1`,
    `1.${'0'.repeat(36)}.1`,
    `1.${ID}.${'9'.repeat(400)}`,
    `1.${ID}.-1`,
  ];
  for (const position of positions) {
    const asked = hub
      .as()
      .request('query ($after: Cursor) { changes(after: $after) { endCursor } }', { after: written(position) });
    expect((await refusal(asked)).code).toBe('RESYNC_REQUIRED');
  }
});
