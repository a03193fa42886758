import { once } from 'node:events';
import { WebSocket } from 'ws';
import { START } from './started-hub.ts';

/** Starts a hub whose memory can be looked into. */
export const INSPECTED = [process.execPath, '--inspect=127.0.0.1:0', START];

interface Usage {
  heapUsed: number;
  external: number;
}

/** What a hub that was started so really holds, in bytes: what is left after its garbage was collected. */
export async function liveMemory(printed: string): Promise<number> {
  const address = /Debugger listening on (ws:\S+)/.exec(printed)?.[1];
  if (!address) throw new Error(`nothing to look into: ${printed}`);
  const socket = new WebSocket(address);
  await once(socket, 'open');
  const ask = async (id: number, method: string, params: object = {}) => {
    socket.send(JSON.stringify({ id, method, params }));
    for (;;) {
      const [text] = await once(socket, 'message');
      const answer = JSON.parse(String(text));
      if (answer.id === id) return answer.result;
    }
  };
  await ask(1, 'HeapProfiler.collectGarbage');
  const { result } = await ask(2, 'Runtime.evaluate', { expression: 'process.memoryUsage()', returnByValue: true });
  socket.terminate();
  const { heapUsed, external } = result.value as Usage;
  return heapUsed + external;
}
