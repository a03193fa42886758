import { run } from './main.ts';

// The program that node:cluster starts for each worker; the worker's number is in its environment.
await run({ worker: Number(process.argv[2]) });
