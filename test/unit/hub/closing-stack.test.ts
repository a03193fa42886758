import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ClosingStack } from '../../../src/hub/closing-stack.ts';

/** A stack whose ends write down when they begin and end, each after a turn of the event loop. */
function recorded() {
  const stack = new ClosingStack();
  const seen: string[] = [];
  const end = (name: string, fault?: Error) => async () => {
    seen.push(`${name} begins`);
    await pause(1);
    seen.push(`${name} ends`);
    if (fault) throw fault;
  };
  return { stack, seen, end };
}

describe('a closing stack', () => {
  it('runs the ends in reverse order, each when the one before it has ended', async () => {
    const { stack, seen, end } = recorded();
    stack.push(end('database'));
    stack.push(end('server'));
    await stack.close();
    expect(seen).toEqual(['server begins', 'server ends', 'database begins', 'database ends']);
  });

  it('runs early ends together from the beginning, and lets what was added before wait for them', async () => {
    const { stack, seen, end } = recorded();
    stack.push(end('database'));
    stack.pushEarly(end('courier'));
    stack.push(end('server'));
    stack.pushEarly(end('sockets'));
    await stack.close();
    expect(seen.slice(0, 2).sort()).toEqual(['courier begins', 'sockets begins']);
    expect(seen.indexOf('server begins')).toBeGreaterThan(seen.indexOf('sockets ends'));
    expect(seen.slice(-2)).toEqual(['database begins', 'database ends']);
  });

  it('closes all the rest after an end that fails, and throws what it threw', async () => {
    const { stack, seen, end } = recorded();
    const fault = new Error('planted');
    stack.push(end('database'));
    stack.push(() => {
      throw fault;
    });
    stack.push(end('server'));
    await expect(stack.close()).rejects.toBe(fault);
    expect(seen.at(-1)).toBe('database ends');
  });

  it('throws all faults together where there are several, early ones among them', async () => {
    const { stack, seen, end } = recorded();
    const faults = [new Error('first'), new Error('second')];
    stack.push(end('database'));
    stack.push(end('server', faults[0]));
    stack.pushEarly(end('sockets', faults[1]));
    const error = await stack.close().catch((error: unknown) => error);
    expect(error).toBeInstanceOf(AggregateError);
    expect(new Set((error as AggregateError).errors)).toEqual(new Set(faults));
    expect(seen.at(-1)).toBe('database ends');
  });

  it('closes once, whoever asks for it again, and tells from the first call on that it closes', async () => {
    const { stack, seen, end } = recorded();
    stack.push(end('database'));
    expect(stack.isClosing).toBe(false);
    const closed = stack.close();
    expect(stack.isClosing).toBe(true);
    expect(stack.close()).toBe(closed);
    await closed;
    await stack.close();
    expect(seen).toHaveLength(2);
  });
});
