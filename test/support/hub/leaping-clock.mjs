/** Loaded before a hub: its clock is off by as many milliseconds as a file says, which a test may write at any time. */
import { readFileSync } from 'node:fs';

const RightDate = Date;
let off = 0;

function look() {
  try {
    off = Number(readFileSync(process.env.TEST_CLOCK_FILE, 'utf8')) || 0;
  } catch {
    // It is not there yet.
  }
}
look();
setInterval(look, 50).unref();

globalThis.Date = class extends RightDate {
  constructor(...given) {
    if (given.length === 0) super(RightDate.now() + off);
    else super(...given);
  }
  static now() {
    return RightDate.now() + off;
  }
};
