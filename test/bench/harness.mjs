import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** Rounds of each pair; their median is what counts. */
export const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);

export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/**
 * Starts a server as a child process on one core of its own: `node program` that prints one line of JSON when it serves.
 * Answers that line, the process id and how to end it.
 */
export async function serve(program, { env = {}, cpu = 0, args = [], ready = (line) => line.startsWith('{') } = {}) {
  const command = [process.execPath, '--disable-warning=ExperimentalWarning', program, ...args];
  const [file, ...rest] = pinned(command, cpu);
  const child = spawn(file, rest, {
    env: { ...process.env, NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  endWithUs(child);
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([
    new Promise((resolve) => lines.on('line', (line) => ready(line) && resolve(line))),
    once(child, 'exit').then(([code]) => {
      throw new Error(`${program} ended with ${code}`);
    }),
  ]);
  return {
    pid: child.pid,
    ready: first,
    async end() {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      const kill = setTimeout(() => child.kill('SIGKILL'), 60_000);
      await once(child, 'exit');
      clearTimeout(kill);
    },
  };
}

const children = new Set();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/** Kills a child with this process, however it ends. */
export function endWithUs(child) {
  children.add(child);
  child.once('exit', () => children.delete(child));
}

/** Servers on core 0, whoever asks on core 1; unpinned where there is no taskset. */
export const pinned = (command, cpu) => (hasTaskset ? ['taskset', '-c', String(cpu), ...command] : command);
const hasTaskset = readdirSync('/usr/bin').includes('taskset');

/** CPU time of a process and all its threads until now, in microseconds, by the kernel's account. */
export function cpuOf(pid) {
  let nanoseconds = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`))
    try {
      nanoseconds += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
    } catch {
      // a thread that has just ended
    }
  return nanoseconds / 1000;
}

/** Resident memory of a process, in KiB. */
export const rssOf = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

/** The peers that a run measures: all, or those that BENCH_ONLY names (`BENCH_ONLY=` leaves every peer out). */
export const isChosen = (peer) =>
  process.env.BENCH_ONLY === undefined || process.env.BENCH_ONLY.split(',').includes(peer);

/** One JSON line per peer: the medians, and the median of the ratios of each round; without peers, one line of ours. */
export function report(bench, unit, ours, peers) {
  if (Object.keys(peers).length === 0) console.log(JSON.stringify({ bench, unit, ours: +median(ours).toPrecision(4) }));
  for (const [peer, values] of Object.entries(peers)) {
    const ratio = median(values.map((value, round) => ours[round] / value));
    console.log(
      JSON.stringify({
        bench,
        unit,
        peer,
        ours: +median(ours).toPrecision(4),
        theirs: +median(values).toPrecision(4),
        ratio: +ratio.toPrecision(3),
      }),
    );
  }
}

export const say = (text) => process.stderr.write(`${text}\n`);
