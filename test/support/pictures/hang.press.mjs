// Never answers, as a decoder that hostile bytes lead in a circle.
import { writeSync } from 'node:fs';

writeSync(3, Buffer.of(1));
setInterval(() => undefined, 1_000);
