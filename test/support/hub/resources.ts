import { createHook } from 'node:async_hooks';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** Kinds of resources that keep a process alive, as node:async_hooks names them. */
const KINDS = new Set(['Timeout', 'TCPWRAP', 'TCPSERVERWRAP', 'PIPEWRAP', 'PIPESERVERWRAP', 'WORKER']);

const TESTS = path.join(import.meta.dirname, '../..');
const RUNNER = /node_modules\/(vitest|@vitest|birpc)\//;

/**
 * Watches the timers, sockets, servers and workers that the product opens from now on. The function returned names those
 * that are still there and would keep the process alive, with the place in the code.
 */
export function watchResources(): () => string[] {
  const open = new Map<number, { what: string; resource: Partial<NodeJS.Timeout> }>();
  const hook = createHook({
    init(id, kind, _trigger, resource: Partial<NodeJS.Timeout>) {
      if (!KINDS.has(kind)) return;
      const place = placeOf(new Error());
      if (!place.includes(TESTS) && !RUNNER.test(place)) open.set(id, { what: `${kind} ${place}`, resource });
    },
    destroy(id) {
      open.delete(id);
    },
  });
  hook.enable();
  onTestFinished(() => void hook.disable());
  return () => [...open.values()].filter(({ resource }) => resource.hasRef?.() !== false).map(({ what }) => what);
}

/** The innermost line of the stack that is neither of Node.js nor of this file. */
function placeOf({ stack = '' }: Error): string {
  const lines = stack.split('\n').slice(1);
  return (
    lines.find((line) => line.includes('/') && !/\(?node:/.test(line) && !line.includes(import.meta.filename)) ?? ''
  );
}
