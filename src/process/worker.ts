import { showPulse } from './pulse.ts';

// The program that node:cluster starts for each worker; the worker's number is its argument. The worker answers the primary
// before it reads the rest of the hub, which takes long on a slow machine.
showPulse();
const { run } = await import('./main.ts');
await run({ worker: Number(process.argv[2]) });
