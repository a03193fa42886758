// Dies over its picture, as a decoder that hostile bytes break.
import { writeSync } from 'node:fs';

writeSync(3, Buffer.of(1));
process.kill(process.pid, 'SIGSEGV');
