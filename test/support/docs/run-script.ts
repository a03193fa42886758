import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { given } from '../given.ts';
import type { Block } from './blocks.ts';
import { hasProgram, type Ran, ran } from './programs.ts';
import { ROOT, type Workshop } from './workshop.ts';

const nameOf = ({ page, line }: Block) => `${page.replaceAll(/\W/g, '-')}-${line}`;

/** A browser has an EventSource and stays open while it waits; Node has none. */
const BROWSER =
  "import { EventSource } from 'eventsource';\nglobalThis.EventSource = EventSource;\nsetInterval(() => {}, 60_000);\n";

/** A script that follows prints what it hears and goes on; one that listens answers; any other ends by itself, well. */
export async function runJavaScript(block: Block, shop: Workshop): Promise<string | null> {
  const file = path.join(shop.folder, `${nameOf(block)}.js`);
  await writeFile(file, shop.here(block.code));
  await writeFile(path.join(shop.folder, 'browser.js'), BROWSER);
  const isOfBrowsers = /\bEventSource\b/.test(block.code) && !block.code.includes("from 'eventsource'");
  const args = isOfBrowsers ? ['--import', './browser.js', file] : [file];
  const { folder: cwd, env } = shop;
  const key = `whsec_${Buffer.alloc(32).toString('base64')}`;
  const isEnough = goesOn(block, shop);
  const done = await ran(process.env.TEST_EXAMPLES_NODE ?? process.execPath, args, {
    cwd,
    env: { ...env, TOCSIN_WEBHOOK_KEY: key },
    ...(isEnough ? { isEnough } : {}),
  });
  return faultOf(block, done, isEnough !== undefined);
}

function goesOn({ code }: Block, { receiver }: Workshop): ((output: string) => boolean | Promise<boolean>) | undefined {
  if (/\.listen\(/.test(code))
    return () =>
      fetch(receiver).then(
        () => true,
        () => false,
      );
  if (/\bsubscription\b/.test(code)) return (output) => output.includes('\n');
  return undefined;
}

/** PHP on the command line; what is not to be run is looked over all the same. */
export async function runPhp(block: Block, shop: Workshop): Promise<string | null> {
  if (!given(hasProgram('php'), 'php (apt install php-cli)')) return null;
  const file = path.join(shop.folder, `${nameOf(block)}.php`);
  await writeFile(file, shop.here(block.code));
  const { folder: cwd, env } = shop;
  const isRun = block.said['no-run'] === undefined;
  const args = isRun ? ['-d', 'display_errors=1', '-d', 'error_reporting=-1', file] : ['-l', file];
  return faultOf(block, await ran('php', args, { cwd, env }), false);
}

/** Bash, in which the variables of the blocks before it on its page still stand. */
export async function runShell(block: Block, shop: Workshop): Promise<string | null> {
  const { folder: cwd, env } = shop;
  const missing = ['curl', 'jq', 'openssl', 'php', 'xmlsec1']
    .filter((name) => new RegExp(`\\b${name}\\b`).test(block.code))
    .find((name) => !hasProgram(name));
  if (!given(missing === undefined, `${missing} for ${block.page}:${block.line}`)) return null;
  const known = `./${block.page.replaceAll(/\W/g, '-')}.variables`;
  const script = `set -ea; [ ! -e ${known} ] || . ${known}; trap 'declare -px > ${known}' EXIT\n${shop.here(block.code)}`;
  return faultOf(block, await ran('bash', ['-o', 'pipefail', '-c', script], { cwd, env }), false);
}

const settingsOfAnApp = {
  compilerOptions: {
    strict: true,
    noEmit: true,
    module: 'esnext',
    moduleResolution: 'bundler',
    target: 'es2022',
    lib: ['es2022', 'dom'],
    types: [],
    skipLibCheck: true,
  },
};

/** Those of this repository; what a file of the folder imports from beside it is found here. */
const settingsOfTheHub = (folder: string) => ({
  extends: path.join(ROOT, 'tsconfig.json'),
  compilerOptions: {
    noEmit: true,
    rootDir: '/',
    rootDirs: [folder, ROOT],
    typeRoots: [path.join(ROOT, 'node_modules/@types')],
  },
});

/** Looks over the types of an app's file; of a file of this repository, as if it stood there. */
export async function runTypeScript(block: Block, shop: Workshop): Promise<string | null> {
  const of = block.said.file;
  const folder = path.join(shop.folder, nameOf(block));
  const file = path.join(folder, of ?? 'example.ts');
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, shop.here(block.code));
  const settings = of ? settingsOfTheHub(folder) : settingsOfAnApp;
  await writeFile(path.join(folder, 'tsconfig.json'), JSON.stringify({ ...settings, include: [file], exclude: [] }));
  return faultOf(block, await ran('tsc', ['-p', '.'], { cwd: folder, env: shop.env }), false);
}

/** What GraphQL, Node.js and PHP print of errors; a program that prints one may end well all the same. */
const ERROR = /"errors":\s*\[|\b\w*Error: |\b(Warning|Notice|Deprecated): /;

function faultOf({ said: { prints } }: Block, { code, printed, tookTooLong }: Ran, mayGoOn: boolean): string | null {
  const isWell = code === 0 || (mayGoOn && code === null);
  if (tookTooLong) return `took too long, and printed\n${printed}`;
  if (!isWell) return `ended with ${code}, and printed\n${printed}`;
  if (prints !== undefined) return printed.includes(prints) ? null : `did not print ${prints}, but\n${printed}`;
  return ERROR.test(printed) ? `printed an error:\n${printed}` : null;
}
