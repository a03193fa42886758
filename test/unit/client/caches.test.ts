import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { objectTypesOf } from '../../../scripts/object-types.mjs';
import { keys } from '../../../src/client/graphcache.ts';
import { Newest } from '../../../src/client/newest.ts';
import { ANSWER_TYPES, PAGED, possibleTypes, VALUE_TYPES } from '../../../src/client/object-types.ts';
import { rootFields } from '../../../src/client/root-fields.ts';
import { encodeCursor } from '../../../src/journal/cursor.rules.ts';

describe('what caches know of the schema', () => {
  it('follows a new kind, a new value, a new list and a new page', () => {
    const made = objectTypesOf(`
      interface Publication { id: ID! tags: [Tag!] }
      type NoticePublication implements Publication { id: ID! tags: [Tag!] marks: [Tag!]! }
      type Tag { text: String! }
      type TagConnection { nodes: [Tag!]! }
      scalar PageCursor
      type Query { tags(after: PageCursor): TagConnection notice: NoticePublication }`);
    for (const part of [
      `Publication: ['NoticePublication']`,
      `VALUE_TYPES: readonly string[] = ['Tag']`,
      `ANSWER_TYPES: readonly string[] = ['TagConnection']`,
      `Publication: ['tags']`,
      `NoticePublication: ['marks']`,
      `PAGED: readonly string[] = ['tags']`,
    ])
      expect(made).toContain(part);
  });

  it('names the types that an app meets first', () => {
    expect(possibleTypes.Publication).toContain('AlertPublication');
    expect(VALUE_TYPES).toEqual(
      expect.arrayContaining(['PublicationText', 'PublicationSource', 'Ending', 'Situation']),
    );
    expect(VALUE_TYPES).not.toContain('PublicationArea');
    expect(ANSWER_TYPES).toContain('PublicationEdge');
    expect(PAGED).toEqual(expect.arrayContaining(['alerts', 'publications']));
    expect(PAGED).not.toContain('changes');
    expect(Object.keys(keys).length).toBe(VALUE_TYPES.length + ANSWER_TYPES.length);
  });
});

describe('the newest that was seen', () => {
  const EPOCHS = ['01a218d5-9608-761d-8740-98a0ada0ef78', '01a218d5-9608-761d-8740-98a0ada0ef79'] as const;
  const QUERY = parse('query ($c: CommuneCode!) { situation(place: { commune: $c }) { position } }');
  const situation = (position: number, epoch: (typeof EPOCHS)[number] = EPOCHS[0], alerts: object[] = []) => ({
    situation: { asOf: encodeCursor({ epoch, position }), position, alerts },
  });
  const alert = (position: number) => ({ __typename: 'AlertPublication', id: 'a', position });

  it('admits an answer that is as new or newer, and of another place', () => {
    const newest = new Newest();
    for (const [commune, position] of [
      ['91345', 7] as const,
      ['91345', 7] as const,
      ['91345', 8] as const,
      ['91027', 3] as const,
    ])
      expect(newest.admits(QUERY, { c: commune }, situation(position)), `${commune} at ${position}`).toBe(true);
    expect(newest.admits(QUERY, { c: '91345' }, situation(7))).toBe(false);
  });

  it('knows the same field by another document, alias and variable', () => {
    const newest = new Newest();
    newest.admits(QUERY, { c: '91345' }, situation(7));
    const other = parse(
      '{ ...Home } fragment Home on Query { home: situation(place: { commune: "91345" }) { position } }',
    );
    expect(newest.admits(other, {}, { home: situation(6).situation })).toBe(false);
  });

  it('refuses an object as it stood before, wherever it stands in an answer', () => {
    const newest = new Newest();
    expect(newest.admits(parse('{ publication(id: "a") { id } }'), {}, { publication: alert(9) })).toBe(true);
    expect(newest.admits(QUERY, { c: '91345' }, situation(8, EPOCHS[0], [alert(8)]))).toBe(false);
    expect(newest.admits(QUERY, { c: '91345' }, situation(7, EPOCHS[0], [{ ...alert(1), id: 'a@r1' }]))).toBe(true);
  });

  it('forgets with another epoch, by hand, and after the longest time that a CDN keeps an answer', () => {
    let now = 0;
    const newest = new Newest(() => now);
    const admits = (position: number, epoch?: (typeof EPOCHS)[number]) =>
      newest.admits(QUERY, { c: '91345' }, situation(position, epoch));
    expect([admits(9), admits(3)]).toEqual([true, false]);
    expect([admits(3, EPOCHS[1]), admits(2, EPOCHS[1])]).toEqual([true, false]);
    newest.forget();
    expect(admits(1)).toBe(true);
    expect([admits(2), admits(1)]).toEqual([true, false]);
    now = 24 * 3600_000;
    expect(admits(1)).toBe(true);
  });

  it('cannot judge an answer that selects no position', () => {
    const newest = new Newest();
    newest.admits(QUERY, { c: '91345' }, situation(7));
    expect(newest.admits(QUERY, { c: '91345' }, { situation: { alerts: [] } })).toBe(true);
    expect(newest.admits(QUERY, {}, null)).toBe(true);
  });
});

it('names a field at the root by its arguments, in whatever order they stand', () => {
  const [one, other] = [
    '(first: 2, where: { kinds: [ALERT], box: $b })',
    '(where: { box: $b, kinds: [ALERT] }, first: 2)',
  ].map(
    (args) =>
      rootFields(parse(`query ($b: BoundingBox) { publications${args} { position } }`), { b: { west: 1.5 } }, {})[0]
        ?.key,
  );
  expect(one).toBe('publications({"first":2,"where":{"box":{"west":1.5},"kinds":["ALERT"]}})');
  expect(other).toBe(one);
});
