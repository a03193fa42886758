import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAst } from 'rolldown/parseAst';
import { describe, expect, it } from 'vitest';
import { KINDS } from '../src/publications/vocabulary.ts';

/** The house's rules of import, as a table. A rule names who, what they may import below src, and why. */
const root = fileURLToPath(new URL('..', import.meta.url));

interface Import {
  from: string;
  to: string;
  typeOnly: boolean;
}

const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => join('src', path))
  .sort();
const source = new Map(files.map((path) => [path, readFileSync(join(root, path), 'utf8')]));

const imports: Import[] = files.flatMap((from) => {
  const text = source.get(from) ?? '';
  const found = [
    ...text.matchAll(/^(?:import|export)\s+(type\s)?[^;]*?from\s+'([^']+)'|^import\s+'([^']+)'|import\('([^']+)'\)/gms),
  ];
  return found.map(([statement, type, a, b, c]) => {
    const named = a ?? b ?? c ?? '';
    const names =
      /\{([^}]*)\}/
        .exec(statement)?.[1]
        ?.split(',')
        .filter((name) => name.trim() !== '') ?? [];
    const allTypes =
      names.length > 0 && !/^import\s+\w+\s*,/.test(statement) && names.every((name) => /^\s*type\s/.test(name));
    return {
      from,
      to: named.startsWith('.') ? normalize(join(dirname(from), named)) : named,
      typeOnly: Boolean(type) || allTypes,
    };
  });
});

const folderOf = (path: string): string =>
  path.startsWith('src/') ? (path.split('/').length > 2 ? (path.split('/')[1] ?? '') : '.') : '';

/** Folder → the folders of src that it may import ('.': files at the root of src). */
const MAY_IMPORT: Record<string, readonly string[]> = {
  // It starts hubs, and does what an operator does to the database without one.
  process: [
    '.',
    'accounts',
    'addresses',
    'development',
    'database',
    'formats',
    'incident-archive',
    'incident-log',
    'institutions',
    'journal',
    'mail',
    'office',
    'operations',
    'territory',
    'tracing',
  ],
  // The openers of app.ts put every room together.
  hub: [
    '.',
    'access',
    'addresses',
    'allowance',
    'api',
    'board',
    'calling',
    'channels',
    'contacts',
    'database',
    'editorial',
    'exports',
    'flashes',
    'formats',
    'graphql',
    'http',
    'incident-archive',
    'incident-log',
    'institutions',
    'journal',
    'live',
    'mail',
    'office',
    'operations',
    'outgoing',
    'pictures',
    'publications',
    'reports',
    'sign-in',
    'situation-reports',
    'territory',
    'timekeeping',
    'watchers',
    'web',
  ],
  // Below api, live and board: it knows GraphQL, and no subject. Of access it takes the type Actor.
  graphql: ['.', 'access', 'tracing'],
  // Pages of every list: keys, cursors, connections.
  paging: ['.', 'database', 'graphql'],
  // Runs the commands of every subject, and knows none.
  office: ['.', 'access', 'database', 'tracing'],
  territory: ['.', 'database', 'graphql', 'paging'],
  // The one reader of dates that strangers write.
  dates: [],
  // What each client may spend: it knows nothing of what is asked.
  allowance: ['.'],
  // HTTP itself: conditional requests.
  http: [],
  // XML itself: written, decoded, read into trees.
  xml: [],
  access: ['.', 'database'],
  // Addresses of the Département's file: it knows nothing of what they are looked for.
  addresses: ['.', 'access', 'database', 'graphql', 'outgoing', 'paging', 'territory'],
  // Kinds of settings, and what they forbid of one another; config.ts reads them.
  settings: ['access', 'allowance', 'mail'],
  // E-mail itself: addresses, letters, the operator's relay. It knows nothing of what is told, or to whom.
  mail: [],
  // How administrators manage accounts.
  accounts: ['.', 'access', 'database', 'graphql', 'office', 'paging', 'publications'],
  database: ['.'],
  // Which process keeps time, and by which clock. It knows nothing of what is due.
  timekeeping: ['.', 'database'],
  journal: ['.', 'database', 'tracing'],
  publications: ['.', 'access', 'graphql', 'paging', 'territory'],
  // Reading a stranger's picture in a process of its own: it knows nothing of what the picture is for.
  pictures: ['.', 'dates'],
  reports: [
    '.',
    'addresses',
    // Pictures come by an address of their own, and are paid for.
    'allowance',
    'database',
    'graphql',
    'http',
    'paging',
    'pictures',
    'office',
    'territory',
    'access',
    'publications',
  ],
  // What carriers share: the courier, and how the hub connects to addresses that people type in.
  outgoing: ['.'],
  watchers: [
    '.',
    'paging',
    'database',
    'graphql',
    'office',
    'territory',
    'access',
    'publications',
    'reports',
    'outgoing',
    'timekeeping',
    'xml',
    'dates',
  ],
  editorial: [
    '.',
    'paging',
    'database',
    'graphql',
    'office',
    'publications',
    'journal',
    'territory',
    'access',
    // Organisations that take part in an incident.
    'accounts',
    'reports',
    'watchers',
  ],
  // Above dossiers and reports: what is done to them leaves a line by a function that the hub hands to the office.
  'incident-log': [
    '.',
    'access',
    'calling',
    'database',
    'duty',
    'editorial',
    // The words of a flash and of its answer.
    'flashes',
    'graphql',
    'office',
    'paging',
    'publications',
    'reports',
    'territory',
  ],
  // What citizens ask, answered by what is public: above reports, publications and the words of posts.
  questions: [
    '.',
    'access',
    'accounts',
    'board',
    'channels',
    'database',
    'editorial',
    'graphql',
    'office',
    'paging',
    'publications',
    'reports',
    'territory',
  ],
  // A life at stake, told to the Sdis: above reports, the roster and calls, of which it says who is rung.
  flashes: [
    '.',
    'access',
    'accounts',
    'calling',
    'database',
    'duty',
    'editorial',
    'graphql',
    'office',
    'paging',
    'publications',
    'reports',
  ],
  // The roster of the crisis cell. Nothing of it gives a right, so `access` knows none of it.
  duty: ['.', 'access', 'accounts', 'database', 'editorial', 'graphql', 'office', 'paging', 'publications'],
  // Figures of every room that an incident touches, words of the cell, and the page that staff print.
  'situation-reports': [
    '.',
    'access',
    'accounts',
    'allowance',
    'board',
    'database',
    'duty',
    'editorial',
    'graphql',
    'journal',
    'office',
    'publications',
    'questions',
    'reports',
    'territory',
    'web',
  ],
  // Who is told by e-mail, their letters, and the pages to which the links of letters lead.
  institutions: [
    '.',
    'access',
    'accounts',
    'board',
    'database',
    'formats',
    'graphql',
    'journal',
    'mail',
    'office',
    'outgoing',
    'paging',
    'publications',
    'territory',
    'web',
  ],
  // Who is called to what waits for a decision: above dossiers and reports, whose deeds open calls by a function of the hub.
  calling: [
    '.',
    'access',
    'database',
    'duty',
    'editorial',
    'graphql',
    'office',
    'paging',
    'publications',
    'reports',
    'watchers',
  ],
  // Where people can be rung besides the desk, and the messages that ring them: above calls, whose turns write them by a function of the hub.
  contacts: [
    '.',
    'access',
    'calling',
    'channels',
    'database',
    'graphql',
    'mail',
    'office',
    'outgoing',
    'publications',
    'web',
  ],
  board: ['.', 'database', 'graphql', 'paging', 'journal', 'publications', 'territory'],
  live: [
    '.',
    'allowance',
    'board',
    'graphql',
    'paging',
    'http',
    'journal',
    'publications',
    'territory',
    'access',
    'tracing',
  ],
  formats: ['.', 'publications', 'territory', 'xml'],
  channels: [
    '.',
    'paging',
    'board',
    'editorial',
    'formats',
    'graphql',
    'office',
    'publications',
    'journal',
    'territory',
    'access',
    'database',
    'outgoing',
    'http',
    'xml',
    'dates',
    'tracing',
  ],
  api: ['.', 'allowance', 'board', 'graphql', 'office', 'access', 'database', 'http', 'tracing'],
  // Lists of the desk as files; each list is read by the room that it is of.
  exports: [
    '.',
    'access',
    'allowance',
    'board',
    'database',
    'formats',
    'incident-log',
    'office',
    'paging',
    'publications',
    'reports',
    'territory',
  ],
  // One incident with all that belongs to it, as one file; the names of those whom it must not name are looked up in access.
  'incident-archive': [
    '.',
    'access',
    'allowance',
    'database',
    'editorial',
    'exports',
    'incident-log',
    'office',
    'publications',
    'reports',
    'situation-reports',
    'territory',
  ],
  web: ['.', 'http', 'board', 'publications', 'territory', 'formats'],
  operations: ['.', 'http'],
  // Spans for a collector of traces: it knows no subject.
  tracing: [],
  // How people sign in with a browser: it shows pages, and tells the API and the sockets who has a session.
  'sign-in': ['.', 'access', 'database', 'graphql', 'http', 'office', 'web'],
  client: [],
  // What only a start in development needs: the embedded database, the demo, tokens, the first screen.
  development: [
    '.',
    'database',
    'editorial',
    'reports',
    'duty',
    'incident-log',
    'situation-reports',
    'office',
    'publications',
    'access',
    'graphql',
    'formats',
  ],
};

/** What every folder may import from the root of src; the rest is for `process` and `hub`, which start the whole. */
const STARTS_THE_WHOLE = new Set(['process', 'hub']);
const ROOT_FILES_FOR_ALL = new Set(['src/errors.ts', 'src/clock.ts', 'src/uuid.ts']);

const FORBIDDEN: { who: RegExp; what: RegExp; why: string }[] = [
  {
    who: /^src\/client\/(?!apollo|graphcache)/,
    what: /^(?!src\/client\/)/,
    why: 'apps install the client without the hub',
  },
  {
    who: /^src\/client\/apollo/,
    what: /^(?!src\/client\/|@apollo\/client$)/,
    why: 'its users have Apollo Client, and no more',
  },
  { who: /^src\/client\/graphcache/, what: /^(?!src\/client\/|@urql\/)/, why: 'its users have urql, and no more' },
  {
    who: /\.(entity|rules|queries|commands|kind)\.ts$/,
    what: /^(type-graphql|@apollo\/)/,
    why: 'rules and commands know no GraphQL server',
  },
  { who: /\.(types|resolver)\.ts$/, what: /^@mikro-orm\//, why: 'resolvers translate; rows stay behind the queries' },
  { who: /^src\/journal\//, what: /^src\/(publications|editorial|board)\//, why: 'the journal knows no kind' },
  {
    who: /^src\/(?!tracing\/exporter)/,
    what: /^@opentelemetry\/(?!api$)/,
    why: 'without a collector nothing but the API is loaded',
  },
  { who: /^src\/formats\//, what: /^(fastify|@mikro-orm\/|type-graphql)/, why: 'formats are pure functions' },
];

/** Names that two files still declare: each leaves this list as its room is put in order, and the list ends empty. */
const STILL_TWICE = new Set(['Place', 'publicDocument']);

const EXPORTED =
  /^export\s+(?:default\s+)?(?:abstract\s+)?(?:async\s+)?(?:class|function\*?|const|let|type|interface|enum)\s+(\w+)/gm;

/** How often comments still speak in riddles. Lower a number when you have mended some; none is ever raised. */
const WHOEVER = 8;
const WHO = 5;
const WHAT = 107;

const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

/** Every function of a file, methods and functions within functions included, by the syntax tree. */
function functionsOf(path: string): { place: string; lines: number }[] {
  const text = source.get(path) ?? '';
  const lineAt = (offset: number) => text.slice(0, offset).split('\n').length;
  const found: { place: string; lines: number }[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { type, start, end } = node as { type?: string; start?: number; end?: number };
    if (type !== undefined && start !== undefined && end !== undefined && FUNCTIONS.has(type))
      found.push({ place: `${path}:${lineAt(start)}`, lines: lineAt(end) - lineAt(start) + 1 });
    for (const child of Object.values(node)) visit(child);
  };
  visit(parseAst(text, { lang: 'ts' }, path));
  return found;
}

const functions = files.flatMap(functionsOf);

describe('the architecture', () => {
  it('lets every folder import only what the house allows', () => {
    const wrong = imports.filter(({ from, to }) => {
      const folder = folderOf(from);
      const target = folderOf(to);
      if (folder === '.' || target === '' || folder === target) return false;
      if (target === '.') return !STARTS_THE_WHOLE.has(folder) && !ROOT_FILES_FOR_ALL.has(to);
      return !(MAY_IMPORT[folder] ?? []).includes(target);
    });
    expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  it('reads enough imports to mean something', () => {
    expect(imports.filter(({ to }) => source.has(to)).length).toBeGreaterThan(200);
  });

  it('names every folder of src in its table, and no other', () => {
    const folders = new Set(files.map(folderOf).filter((folder) => folder !== '.'));
    expect([...folders].filter((folder) => !(folder in MAY_IMPORT))).toEqual([]);
  });

  it.each(FORBIDDEN)('keeps $what out of $who: $why', ({ who, what }) => {
    const wrong = imports.filter(({ from, to, typeOnly }) => !typeOnly && who.test(from) && what.test(to));
    expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  it('lets the process alone import what only development needs, types included', () => {
    const wrong = imports.filter(
      ({ from, to }) => to.startsWith('src/development/') && !/^src\/(process|development)\//.test(from),
    );
    expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  it.each<[string, (one: Import) => boolean]>([
    ['at run time', ({ typeOnly }) => !typeOnly],
    ['by types either', () => true],
  ])('has no cycle of imports %s', (_when, counts) => {
    const next = new Map<string, string[]>();
    for (const one of imports)
      if (counts(one) && source.has(one.to)) next.set(one.from, [...(next.get(one.from) ?? []), one.to]);
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (file: string, path: string[]): void => {
      if (path.includes(file)) {
        cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
        return;
      }
      if (done.has(file)) return;
      for (const to of next.get(file) ?? []) visit(to, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
    expect(cycles).toEqual([]);
  });

  it('keeps every folder of src and test small enough to read at a glance', () => {
    const everything = ['src', 'test'].flatMap((top) =>
      readdirSync(join(root, top), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
        .map(({ parentPath }) => parentPath),
    );
    const crowded = [...new Set(everything)].filter((folder) => everything.filter((at) => at === folder).length > 15);
    expect(crowded).toEqual([]);
  });

  it('has no function that is longer than a screen', () => {
    const long = functions.filter(({ lines }) => lines > 60);
    expect(long.map(({ place, lines }) => `${place}: ${lines} lines`)).toEqual([]);
  });

  it('finds the functions that it measures', () => {
    expect(functions.length).toBeGreaterThan(3_000);
  });

  it('exports no name twice, so that a search for a name finds one thing', () => {
    const declaredIn = new Map<string, Set<string>>();
    for (const path of files)
      for (const [, name = ''] of (source.get(path) ?? '').matchAll(EXPORTED))
        declaredIn.set(name, (declaredIn.get(name) ?? new Set()).add(path));
    const twice = [...declaredIn].filter(([name, paths]) => paths.size > 1 && !STILL_TWICE.has(name));
    expect(twice.map(([name, paths]) => `${name}: ${[...paths].join(', ')}`)).toEqual([]);
  });

  it('calls every test `it`, so that one search finds them all', () => {
    const tests = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' }).filter(
      (path) => path.endsWith('.ts') && !path.includes('node_modules'),
    );
    const others = tests.filter((path) =>
      /import \{[^}]*\btest\b[^}]*\} from 'vitest'/.test(readFileSync(join(root, 'test', path), 'utf8')),
    );
    expect(others).toEqual([]);
  });

  it('asks a kind rather than compares with one, outside the folders of kinds', () => {
    const folders = new Set(files.filter((path) => path.endsWith('.kind.ts')).map(dirname));
    const comparison = new RegExp(`(?:[kK]ind [!=]== |case )'(?:${KINDS.join('|')})'`);
    const others = files.filter((path) => !folders.has(dirname(path)));
    expect(folders.size).toBe(KINDS.length);
    expect(others.filter((path) => comparison.test(source.get(path) ?? ''))).toEqual([]);
  });

  it('has no barrel, and no file that is named after nothing', () => {
    expect(files.filter((path) => /\/(index|utils?|helpers?|common|misc)\.ts$/.test(path))).toEqual([]);
  });

  it('reads the environment in config.ts alone', () => {
    const readers = files.filter((path) => /process\.env/.test(source.get(path) ?? ''));
    expect(readers.filter((path) => path !== 'src/config.ts')).toEqual([]);
  });

  it('reads no date of a stranger with JavaScript, which takes the month first and the zone of the machine', () => {
    const parsers = files.filter((path) => /\bDate\.parse\b/.test(source.get(path) ?? ''));
    expect(parsers).toEqual(['src/clock.ts']);
    // In the rooms where the texts of strangers arrive, a Date is made of a number that is seen to be one.
    const rooms = /^src\/(watchers|xml|dates|outgoing|channels\/webhooks\/delivery\/retry)/;
    const number = /^(instant\(|Date\.UTC\(|Math\.|[\w.]+(\(\))? [-+] )/;
    const made = files
      .filter((path) => rooms.test(path))
      .flatMap((path) => [...(source.get(path) ?? '').matchAll(/new Date\(([^\n]+)/g)].map(([, text]) => [path, text]));
    expect(made.length).toBeGreaterThan(2);
    expect(made.filter(([, text = '']) => !number.test(text))).toEqual([]);
  });

  it('runs SQL inside a transaction through sqlIn alone', () => {
    const others = files.filter((path) => /getTransactionContext|getConnection\(\)/.test(source.get(path) ?? ''));
    expect(others).toEqual(['src/database/connection.ts', 'src/database/sql-in.ts']);
  });

  it('has no hole in the types or the rules', () => {
    const code = (path: string) => (source.get(path) ?? '').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
    const holes = files.filter((path) => /(:|as|<) ?any\b/.test(code(path)));
    const silenced = files.filter((path) => /@ts-ignore|@ts-expect-error|biome-ignore/.test(source.get(path) ?? ''));
    expect([...holes, ...silenced]).toEqual([]);
  });

  it('names in docs/architecture.md exactly the folders and files that src has', () => {
    const table =
      /## Folders\n([\s\S]*?)\n\n[^|\n]/.exec(readFileSync(join(root, 'docs/architecture.md'), 'utf8'))?.[1] ?? '';
    const named = [...table.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(
      ([, cell = '']) => cell.match(/[\w.-]+\/?(?=`)/g) ?? [],
    );
    const found = readdirSync(join(root, 'src'), { withFileTypes: true });
    const there = found.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
    expect(named.sort()).toEqual(there.sort());
  });

  // Comments name the actor: the client, the follower, the editor. These counts only go down; "whoever" goes to 0.
  it.each([
    ['whoever', /\bwhoever\b/gi, WHOEVER],
    ['a sentence about "who"', /(?:^|[.;:] )Who\b/gm, WHO],
    ['a sentence about "what"', /(?:^|[.;:] )What\b/gm, WHAT],
  ])('has no more comments with %s than before', (_what, pattern, most) => {
    const found = files.flatMap((path) => {
      const comments = commentsOf(source.get(path) ?? '');
      return [...comments.matchAll(pattern)].map(({ index }) => `${path}: ${comments.slice(index).split('\n', 1)}`);
    });
    const hint =
      'Begin the sentence that you added with the actor, as "The editor sees". Here is every one, old and new:';
    expect(found.length, [hint, ...found].join('\n')).toBeLessThanOrEqual(most);
  });
});

/** The text of all comments, without their marks. */
function commentsOf(text: string): string {
  const comments = text.match(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/ .*$/gm) ?? [];
  return comments.map((comment) => comment.replace(/^\s*(?:\/\*+|\*\/|\*|\/\/) ?/gm, '')).join('\n');
}
