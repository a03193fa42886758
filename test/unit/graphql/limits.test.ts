import { readFileSync } from 'node:fs';
import { getIntrospectionQuery, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { LIMITS, limitFault } from '../../../src/graphql/limits.ts';

const faults = (document: string) => [limitFault(parse(document))].flatMap((fault) => fault?.message ?? []);
const times = (count: number, make: (index: number) => string) => Array.from({ length: count }, (_, i) => make(i));
const nested = (depth: number): string => (depth === 1 ? 'leaf' : `deeper { ${nested(depth - 1)} }`);

describe('the limits of a document', () => {
  it.each([
    ['depth', `{ ${nested(LIMITS.depth)} }`, `{ ${nested(LIMITS.depth + 1)} }`],
    ['fields', `{ ${'leaf '.repeat(LIMITS.fields)} }`, `{ ${'leaf '.repeat(LIMITS.fields + 1)} }`],
    [
      'aliases',
      `{ ${times(LIMITS.aliases, (i) => `a${i}: leaf`).join(' ')} }`,
      `{ ${times(LIMITS.aliases + 1, (i) => `a${i}: leaf`).join(' ')} }`,
    ],
    [
      'operations',
      times(LIMITS.operations, (i) => `query q${i} { leaf }`).join(' '),
      times(LIMITS.operations + 1, (i) => `query q${i} { leaf }`).join(' '),
    ],
    [
      'fragments',
      `{ leaf } ${times(LIMITS.fragments, (i) => `fragment f${i} on Query { leaf }`).join(' ')}`,
      `{ leaf } ${times(LIMITS.fragments + 1, (i) => `fragment f${i} on Query { leaf }`).join(' ')}`,
    ],
    [
      'spreads',
      `{ ${'...f '.repeat(LIMITS.spreads)} } fragment f on Query { __typename }`,
      `{ ${'...f '.repeat(LIMITS.spreads + 1)} } fragment f on Query { __typename }`,
    ],
    [
      'introspections',
      `{ ${times(LIMITS.introspections, (i) => `a${i}: __schema { __typename }`).join(' ')} }`,
      `{ ${times(LIMITS.introspections + 1, (i) => `a${i}: __schema { __typename }`).join(' ')} }`,
    ],
  ])('let the last of the %s pass and refuse the next', (_limit, within, beyond) => {
    expect(faults(within)).toEqual([]);
    expect(faults(beyond)).toHaveLength(1);
  });

  it('are never narrower than those that were promised first, and docs/errors.md tells them (S-6)', () => {
    const first = {
      ...{ body: 262_144, tokens: 5_000, depth: 15, fields: 600, aliases: 60, introspections: 10 },
      ...{ operations: 10, fragments: 50, spreads: 600, openOperations: 50, nesting: 64, items: 1_000 },
      pieces: 4_096,
    };
    const promised = Object.entries(first) as [keyof typeof LIMITS, number][];
    expect(Object.keys(first).sort()).toEqual(Object.keys(LIMITS).sort());
    expect(promised.filter(([name, least]) => LIMITS[name] < least)).toEqual([]);
    const page = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8').replace(/\s+/g, ' ');
    expect(page).toContain(
      `${LIMITS.body / 1024} KiB a body or message, ${LIMITS.tokens.toLocaleString('en')} tokens, ${LIMITS.depth} fields deep, ` +
        `${LIMITS.fields} fields, ${LIMITS.aliases} aliases, ${LIMITS.introspections} × \`__schema\` or \`__type\`, ` +
        `${LIMITS.operations} operations and ${LIMITS.fragments} fragments a document`,
    );
    expect(page).toContain(`at most ${LIMITS.spreads} spreads of fragments`);
    expect(page).toContain(`at most ${LIMITS.nesting} levels of lists and objects`);
    expect(page).toContain(`at most ${LIMITS.pieces.toLocaleString('en')} pieces`);
    expect(page).toContain(`at most ${LIMITS.items.toLocaleString('en')} items`);
    expect(page).toContain(`One WebSocket may have ${LIMITS.openOperations} operations open at a time`);
  });

  it('count what fragments hold as often as they are spread', () => {
    const fragment = `fragment f on Query { ${'leaf '.repeat(LIMITS.fields / 2)} }`;
    expect(faults(`{ ...f deeper { ...f } } ${fragment}`)).toEqual([
      `an operation may select at most ${LIMITS.fields} fields, not ${LIMITS.fields + 1}`,
    ]);
  });

  it('take no time over fragments that spread one another twice', () => {
    const last = LIMITS.fragments - 1;
    const fragments = times(last, (i) => `fragment f${i} on Query { ...f${i + 1} ...f${i + 1} }`);
    expect(faults(`{ ...f0 } ${fragments.join(' ')} fragment f${last} on Query { leaf }`)).toHaveLength(1);
    expect(faults(`{ ...f0 } ${fragments.join(' ')} fragment f${last} on Query { __typename }`)).toHaveLength(1);
  });

  it('count what is spread within fragments as often as these are, also where they spread one another', () => {
    const all = times(40, (i) => `...f${i}`).join(' ');
    const tangled = times(40, (i) => `fragment f${i} on Query { ${all} }`).join(' ');
    expect(faults(`{ ${all} } ${tangled}`)).toEqual([
      expect.stringContaining(`an operation may spread fragments at most ${LIMITS.spreads} times`),
    ]);
    const ordered = times(
      24,
      (i) => `fragment f${i} on Query { leaf ${times(24 - i, () => `...f${i + 1}`).slice(0, 1)} }`,
    );
    expect(faults(`{ ...f0 } ${ordered.join(' ')} fragment f24 on Query { leaf }`)).toEqual([]);
  });

  it('end on fragments that spread themselves', () => {
    expect(faults('{ ...a } fragment a on Query { deeper { ...b } } fragment b on Query { leaf ...a }')).toEqual([]);
  });

  it('let a guarded relation stand once on a path, beside itself, but not below itself', () => {
    expect(faults('{ situation { leaf incident { leaf } } deeper { situation { leaf } } }')).toEqual([]);
    const twice = ['situation may stand only once on a path'];
    expect(faults('{ situation { deeper { situation { leaf } } } }')).toEqual(twice);
    expect(faults('{ situation { ...below } } fragment below on Query { deeper { situation { leaf } } }')).toEqual(
      twice,
    );
  });

  it('let the introspection of every tool pass', () => {
    expect(faults(getIntrospectionQuery({ specifiedByUrl: true, inputValueDeprecation: true }))).toEqual([]);
  });
});
