import { run } from './main.ts';

// The program by itself, as a service manager or a bench starts it; `npm start` sees to what it needs before.
await run();
