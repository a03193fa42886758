import { describe, expect, it } from 'vitest';

interface Guard {
  faultsBetween(given: { released: string; current: string; changelog: string; growth: object }): string[];
  releaseOf(changelog: string): string | undefined;
}

// A script, as those beside it: it is written without types.
const script = new URL('../../../scripts/schema-guard.mjs', import.meta.url).href;
const { faultsBetween, releaseOf }: Guard = await import(script);

const RELEASED = `
  directive @shown(where: Int, when: Int) repeatable on FIELD | QUERY
  type Query { alerts(first: Int = 20, after: String): [Alert!]  rumours: [Rumour!]  item: Item  any: Any }
  interface Item { id: ID! }
  interface Step { id: ID! }
  type Alert implements Item & Step { id: ID!  severity: Severity!  kind: Kind }
  type Rumour implements Item { id: ID!  text(language: String = "fr"): String }
  union Any = Alert | Rumour
  enum Severity { MINOR SEVERE }
  enum Kind { ALERT RUMOUR }
  input Filter { kind: Kind = ALERT  text: String }
  type Mutation { find(where: Filter!): ID }
`;
const growth = {
  enums: { open: ['Kind'], closed: ['Severity'] },
  interfaces: { open: ['Item'], closed: ['Step'] },
};
const UNRELEASED = '# Changelog\n\n## Unreleased\n\n';
const FIRST = '# Changelog\n\n## Unreleased\n\n## 1.0.0 (2027-03-01)\n\n- The first.\n';

const faults = (current: string, changelog = UNRELEASED) =>
  faultsBetween({ released: RELEASED, current, changelog, growth });
const changing = (before: string, after: string) => {
  expect(RELEASED).toContain(before);
  return RELEASED.replace(before, after);
};

/** Each change that breaks somebody, and the coordinate that CHANGELOG.md has to name. */
const BREAKING: [what: string, coordinate: string, current: string][] = [
  [
    'a type that went',
    'Rumour',
    RELEASED.replace(/type Rumour.*\n/, '')
      .replace(' | Rumour', '')
      .replace('rumours: [Rumour!]', 'rumours: [Item!]'),
  ],
  ['a type of another sort', 'Filter', changing('input Filter { kind: Kind = ALERT  text: String }', 'scalar Filter')],
  ['a field that went', 'Alert.severity', changing('severity: Severity!', '')],
  ['a field that may be null now', 'Alert.severity', changing('severity: Severity!', 'severity: Severity')],
  ['an argument that went', 'Query.alerts(after:)', changing(', after: String', '')],
  ['an argument of another type', 'Query.alerts(after:)', changing('after: String', 'after: Int')],
  [
    'an argument that is asked for now',
    'Query.alerts(place:)',
    changing('after: String', 'after: String, place: Int!'),
  ],
  ['another default of an argument', 'Query.alerts(first:)', changing('first: Int = 20', 'first: Int = 10')],
  ['another default of an input', 'Filter.kind', changing('kind: Kind = ALERT', 'kind: Kind = RUMOUR')],
  ['a default of an input that went', 'Filter.kind', changing('kind: Kind = ALERT', 'kind: Kind')],
  [
    'an input that is @oneOf now',
    'Filter',
    changing('input Filter {', 'input Filter @oneOf {').replace('Kind = ALERT', 'Kind'),
  ],
  [
    'a field of an input that is asked for now',
    'Filter.place',
    changing('text: String }', 'text: String  place: Int! }'),
  ],
  ['a value that went', 'Kind.RUMOUR', changing('enum Kind { ALERT RUMOUR }', 'enum Kind { ALERT }')],
  ['an interface that a type left', 'Alert', changing('implements Item & Step', 'implements Item')],
  ['a type that left a union', 'Any', changing('Alert | Rumour', 'Alert')],
  ['a directive that went', '@shown', RELEASED.replace(/directive.*\n/, '')],
  ['an argument of a directive that went', '@shown(when:)', changing(', when: Int', '')],
  ['an argument of a directive that is asked for now', '@shown(how:)', changing('when: Int', 'when: Int, how: Int!')],
  ['a directive that stands once now', '@shown', changing(' repeatable', '')],
  ['a directive at fewer places', '@shown', changing('FIELD | QUERY', 'FIELD')],
  ['a value of a closed enum', 'Severity.EXTREME', changing('MINOR SEVERE', 'MINOR SEVERE EXTREME')],
  ['a type behind a closed interface', 'Advice', `${RELEASED} type Advice implements Step { id: ID! }`],
  [
    'an old type behind a closed interface',
    'Rumour',
    changing('Rumour implements Item', 'Rumour implements Item & Step'),
  ],
  ['a type behind a union', 'Any', `${changing('Alert | Rumour', 'Alert | Rumour | Advice')} type Advice { id: ID! }`],
];

/** What may come at any time. */
const ADDITIONS: [what: string, current: string][] = [
  ['nothing', RELEASED],
  ['a type', `${RELEASED} type Advice { id: ID! }`],
  ['a field', changing('severity: Severity!', 'severity: Severity!  advice: String')],
  ['an argument that may be left out', changing('after: String', 'after: String, before: String')],
  ['a field of an input that may be left out', changing('text: String }', 'text: String  place: Int }')],
  ['a field that is never null any more', changing('kind: Kind }', 'kind: Kind! }')],
  ['a deprecation', changing('kind: Kind }', 'kind: Kind @deprecated(reason: "use kinds") }')],
  ['a value of an open enum', changing('ALERT RUMOUR', 'ALERT RUMOUR ADVICE')],
  ['a type behind an open interface', `${RELEASED} type Advice implements Item { id: ID! }`],
  ['an enum', `${RELEASED} enum Colour { RED }`],
];

describe('until the first release', () => {
  it.each(BREAKING)('%s wants a line of its own in CHANGELOG.md', (_what, coordinate, current) => {
    const line = `- Breaking: \`${coordinate}\`: what to do instead`;
    const missing = faults(current);
    expect(missing.filter((fault) => fault.includes(line))).toHaveLength(1);
    const others = missing.flatMap((fault) => fault.match(/- Breaking: `[^`]+`: .*$/) ?? []);
    expect(faults(current, `${UNRELEASED}${others.join('\n')}\n`)).toEqual([]);
  });

  it.each([
    ['in a sentence', '- `Alert.severity` is gone.\n'],
    ['of another field', '- Breaking: `Alert.severities`: nothing.\n'],
    ['of the type alone', '- Breaking: `Alert`: nothing.\n'],
    ['of an earlier version', '\n## 0.0.0-old\n\n- Breaking: `Alert.severity`: nothing.\n'],
  ])('a line %s does not do', (_where, line) => {
    expect(faults(changing('severity: Severity!', ''), UNRELEASED + line)).toHaveLength(1);
  });

  it.each(ADDITIONS)('%s passes', (_what, current) => expect(faults(current)).toEqual([]));
});

describe('from the first release on (S-1, S-3)', () => {
  it.each(BREAKING)('%s does not pass, whatever CHANGELOG.md says', (_what, coordinate, current) => {
    const said = FIRST.replace('## 1.0.0', `- Breaking: \`${coordinate}\`: nothing.\n\n## 1.0.0`);
    expect(faults(current, said).length).toBeGreaterThan(0);
    expect(faults(current, said)[0]).toMatch(/Documents written for 1\.0\.0 must go on/);
  });

  it.each(ADDITIONS)('%s passes', (_what, current) => expect(faults(current, FIRST)).toEqual([]));

  it('is from a heading in CHANGELOG.md that is a version', () => {
    expect(releaseOf(UNRELEASED)).toBeUndefined();
    expect(releaseOf(FIRST)).toBe('1.0.0');
    expect(releaseOf(FIRST.replace('## 1.0.0', '## 1.2.0 (2028-01-01)\n\n- More.\n\n## 1.0.0'))).toBe('1.2.0');
  });
});
