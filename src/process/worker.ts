import { run } from './main.ts';

// What node:cluster starts for each worker, told by its number which one it is.
await run({ worker: Number(process.argv[2]) });
