/** Why the hub ends, when nothing went wrong. */
export type Ending = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'parent' | 'terminal';

/** How often the parent is looked for, in milliseconds: nothing tells a process that its parent died. */
const LOOK_MS = 500;

/**
 * Settles once, with the first signal that asks this process to end: a second Ctrl-C neither hurries nor harms. With
 * `endsWithParent` the end of npm, or of the program that reads our output, counts as such a signal: otherwise a killed
 * npm would leave a hub behind that nobody sees.
 */
export function untilToldToEnd(endsWithParent: boolean): Promise<Ending> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve(signal));
    // without a listener, a reader that went away would be an uncaught error
    for (const stream of [process.stdout, process.stderr]) {
      stream.on('error', () => endsWithParent && resolve('terminal'));
    }
    if (!endsWithParent) return;
    const parent = process.ppid;
    const look = setInterval(() => process.ppid !== parent && resolve('parent'), LOOK_MS);
    look.unref();
  });
}

/**
 * Keeps the process alive when a promise fails that nobody waits for; `report` is told. graphql-js 16 leaves one behind when
 * one item of a list throws and another fails later: no query may end the hub by that.
 */
export function surviveRejections(report: (error: unknown) => void): void {
  process.on('unhandledRejection', report);
}
