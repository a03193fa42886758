// Answers a page of HTML as a picture, as a process would that hostile bytes have taken over.
import { writeSync } from 'node:fs';

const page = Buffer.from('<html><script>alert(1)</script></html>');
const told = { taken: null, offset: null, lat: null, lon: null };
const said = { kind: 'JPEG', width: 1, height: 1, fingerprint: '0'.repeat(16), told };
const json = Buffer.from(JSON.stringify({ ...said, whole: page.length, thumbnail: page.length }));
const length = Buffer.alloc(4);
length.writeUInt32BE(json.length);
writeSync(3, Buffer.concat([Buffer.of(1), length, json, page, page]));
