import { execFileSync, spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

const LEAST = [22, 19];

/** The environment for programs of node_modules: their `node` is the one that npm brought along. */
export const environment = {
  ...process.env,
  PATH: [path.join(root, 'node_modules', '.bin'), process.env.PATH].join(path.delimiter),
};

/** Whether a script, by its import.meta.url, was started, and not merely imported. */
export const isProgram = (url) => process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(url);

/**
 * Sees to it that the calling script runs on a Node.js that can run the hub: on this one, or all over again on the one
 * that `npm ci` brought along. False tells the caller that the work is done; with no such Node.js the process ends,
 * saying so in one line. Whatever old Node.js the machine has must be able to read this file.
 */
export async function onRightNode() {
  if (isEnough(process.versions.node)) return true;
  const brought = path.join(root, 'node_modules', '.bin', 'node');
  if (existsSync(brought) && isEnough(versionOf(brought))) {
    process.exitCode = await runInPlace(brought, process.argv.slice(1));
    return false;
  }
  console.error(missingNode(process));
  process.exit(1);
}

/** Ends the process, saying so in one line, where no PostgreSQL can run: to be called before anything is built. */
export function demandPostgres() {
  const missing = missingPostgres(process);
  if (!missing) return;
  console.error(missing);
  process.exit(1);
}

/** Says in one line why no PostgreSQL can run on a machine; undefined where the one of npm can, or another one is given. */
export function missingPostgres({ platform, env, report }) {
  if (platform !== 'linux' || env.DATABASE_URL) return undefined;
  // Without the network, which takes seconds where names are looked up slowly.
  report.excludeNetwork = true;
  if (report.getReport().header.glibcVersionRuntime) return undefined;
  return 'Tocsin needs Linux with glibc: the PostgreSQL that npm brings does not run on musl (Alpine). Give DATABASE_URL instead.';
}

/** What somebody can do on a machine for which npm brings no Node.js along, in one line. */
export function missingNode({ platform, arch, versions }) {
  const advice = platform === 'win32' ? 'run it in WSL' : 'install a newer one';
  return `Tocsin needs Node.js ${LEAST.join('.')} or newer; this is ${versions.node}, and npm has brought none that runs on ${platform}-${arch}: ${advice}.`;
}

/**
 * Runs a program in our place: it has our terminal and gets our signals, and it is stopped when the process that started
 * us is gone. Settles with its exit code; 128 says that a signal ended it. With `seconds`, it is killed after that time
 * together with all that it started.
 */
export function runInPlace(file, args, { seconds, env = { ...process.env, PATH: environment.PATH }, cwd } = {}) {
  const child = spawn(file, args, { env, cwd, stdio: 'inherit', detached: seconds !== undefined });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const forward = (signal) => child.kill(signal);
  for (const signal of signals) process.on(signal, forward);
  const parent = process.ppid;
  const watch = setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 500);
  const deadline = seconds && setTimeout(() => killGroup(child.pid, seconds), seconds * 1000);
  return new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(error.message);
      resolve(127);
    });
    child.once('exit', (code) => resolve(code ?? 128));
  }).finally(() => {
    clearInterval(watch);
    clearTimeout(deadline);
    for (const signal of signals) process.off(signal, forward);
  });
}

function killGroup(pid, seconds) {
  console.error(`Not finished after ${seconds} seconds: killed.`);
  process.kill(-pid, 'SIGKILL');
}

function versionOf(node) {
  try {
    return execFileSync(node, ['--version'], { encoding: 'utf8' }).trim().slice(1);
  } catch {
    return '0.0';
  }
}

function isEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1]);
}
