// Tries what the process of a picture may not do, and answers how each ended in place of the hour of its picture, and the names
// of its environment in place of the zone.
import { execSync } from 'node:child_process';
import { readFileSync, writeFileSync, writeSync } from 'node:fs';

const ends = (work) => {
  try {
    work();
    return 'done';
  } catch ({ code }) {
    return code === 'ERR_ACCESS_DENIED' ? 'refused' : code;
  }
};
const tried = [
  ends(() => readFileSync('/etc/passwd')),
  ends(() => writeFileSync('/tmp/tocsin-peek', '')),
  ends(() => execSync('true')),
];
// A shell sets these by itself.
const names = Object.keys(process.env).filter((name) => !['PWD', 'OLDPWD', 'SHLVL', '_'].includes(name));
const webp = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1');
const told = { taken: tried.join(' '), offset: names.join(' '), lat: null, lon: null };
const said = { kind: 'WEBP', width: 1, height: 1, fingerprint: '0'.repeat(16), told };
const json = Buffer.from(JSON.stringify({ ...said, whole: webp.length, thumbnail: webp.length }));
const length = Buffer.alloc(4);
length.writeUInt32BE(json.length);
writeSync(3, Buffer.concat([Buffer.of(1), length, json, webp, webp]));
