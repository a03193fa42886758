const times = (count, make) => Array.from({ length: count }, (_, at) => make(at)).join(' ');
const aliases = (count, field) => `{ ${times(count, (at) => `a${at}: ${field}`)} }`;

/** Every commune, its situation, all alerts of that, all communes of those, the outline of each. */
const OUTLINES = 'communes(first: 200) { nodes { situation { alerts { communes { outline } } } } }';

/** Documents of one request each: some were seen to stop a hub, or to end it (docs/security.md). */
export const QUERIES = {
  'lists multiply, 1 alias': aliases(1, OUTLINES),
  'lists multiply, 4 aliases': aliases(4, OUTLINES),
  'lists multiply, 9 aliases': aliases(9, OUTLINES),
  'lists multiply, 60 aliases': aliases(60, OUTLINES),
  'lists multiply, few bytes': aliases(
    60,
    'communes(first: 200) { nodes { situation { alerts { communes { id } } } } }',
  ),
  'every outline, 60 times': aliases(60, 'communes(first: 200) { nodes { outline } }'),
  'a long alias, often': `{ communes(first: 200) { nodes { ${'a'.repeat(20_000)}: code } } }`,
  'every word of a page, 3 times': aliases(
    3,
    'publications(first: 100) { nodes { id url text { headline description instruction } translations { language headline description } communes { code name postalCodes population } areas { description communes { code name } } history { number changedFields } } }',
  ),
  'situations of 20 places, 10 times': aliases(
    10,
    `situations(places: [${times(20, () => '{ commune: "91345" }')}]) { alerts { id communes { code } } advice { id } closures { id path } events { id } }`,
  ),
  'validation: 1,240 × viewer { id }': `{ ${times(1_240, () => 'viewer { id }')} }`,
  'validation: nested pairs': `{ ${times(600, () => 'viewer { id } viewer { name }')} }`,
  'search: 60 × 100,000 characters': {
    query: `query ($s: String) ${aliases(60, 'communes(search: $s) { totalCount }')}`,
    variables: { s: 'saint '.repeat(16_000) },
  },
  'search: 60 × publications': aliases(60, 'publications(where: { search: "inondation" }) { totalCount }'),
  'geometry: 60 × near and box': aliases(
    60,
    'publications(where: { near: { point: { lat: 48.6, lon: 2.3 }, radiusMetres: 100000 }, box: { west: 1, south: 47, east: 4, north: 50 } }) { totalCount }',
  ),
  'publications of the past, 60 times': `{ ${times(
    60,
    (at) =>
      `a${at}: publication(id: "019a0000-0000-7000-8000-0000000000${String(at + 10)}", at: "2026-01-01T00:00:00Z") { id }`,
  )} }`,
  'introspection, 10 times': aliases(
    10,
    '__schema { types { name description fields { name description args { name description type { name ofType { name ofType { name } } } } type { name ofType { name ofType { name } } } } inputFields { name description } enumValues { name description } } }',
  ),
  'introspection, lists in lists': aliases(
    10,
    '__schema { types { name fields { name args { name type { name fields { name args { name type { name enumValues { name } } } } } } } } }',
  ),
};

/** Subscriptions that differ by their names alone, and by what they select. */
export const subscription = (name, aliasesOf, field = 'communes { name outline }') =>
  `subscription ${name} { changes { type publication { ${times(aliasesOf, (at) => `a${at}: ${field}`)} } } }`;
