import { createRequire } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';
import { cpuOf, median, report, say } from '../harness.mjs';
import { startDatabase, startHub } from '../hub.mjs';

/**
 * What a picture of 12 million pixels costs the hub that takes it in (P16): how long it takes from the first byte to the answer,
 * CPU of the hub itself, and how long somebody else waits who asks every 5 ms meanwhile. `node pictures/run.mjs`; BENCH_TIMES (10)
 * one at a time, and as many two at a time.
 */
const TIMES = Number(process.env.BENCH_TIMES ?? 10);
const WIDTH = 4_000;
const HEIGHT = 3_000;
const ASKED_EVERY_MS = 5;

const sharp = createRequire(new URL('../../../', import.meta.url))('sharp');

/** A picture as hard to compress as a photograph: hills of light, and grain. */
async function photograph(seed) {
  const pixels = Buffer.alloc(WIDTH * HEIGHT * 3);
  for (let at = 0; at < pixels.length; at += 3) {
    const [x, y] = [(at / 3) % WIDTH, Math.floor(at / 3 / WIDTH)];
    const light = 110 + 60 * Math.sin(x / 300 + seed) + 60 * Math.cos(y / 200);
    const grain = Math.random() * 24;
    pixels[at] = light + grain;
    pixels[at + 1] = 240 - light + grain;
    pixels[at + 2] = 100 + grain;
  }
  return sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .jpeg({ quality: 85 })
    .toBuffer();
}

/** Asks for the hub's health every few milliseconds until it is stopped; answers the longest wait. */
function victimOf(hub) {
  let longest = 0;
  let isStopped = false;
  const asking = (async () => {
    while (!isStopped) {
      const began = performance.now();
      await (await fetch(`${hub.url}/healthz`)).text();
      longest = Math.max(longest, performance.now() - began);
      await pause(ASKED_EVERY_MS);
    }
  })();
  return async () => {
    isStopped = true;
    await asking;
    return longest;
  };
}

const database = await startDatabase();
// Both cores: the processes of pictures have those of the hub.
const hub = await startHub(database, { port: 4793, cpu: '0,1' });
const headers = { authorization: `Bearer ${hub.tokens.volunteer}`, 'content-type': 'image/jpeg' };

async function bring(bytes) {
  const began = performance.now();
  const answer = await fetch(`${hub.url}/desk/pictures`, { method: 'POST', headers, body: bytes });
  const { id, errors } = await answer.json();
  if (!id) throw new Error(JSON.stringify(errors));
  const took = performance.now() - began;
  await hub.ask('volunteer', 'mutation ($id: ID!) { removePicture(id: $id) { removedId } }', { id });
  return took;
}

const pictures = [];
for (let seed = 0; seed < TIMES; seed += 1) pictures.push(await photograph(seed));
say(`${WIDTH} × ${HEIGHT} pixels, ${Math.round(median(pictures.map(({ length }) => length)) / 1000)} kB`);
await bring(await photograph(99));
for (const [name, atOnce] of Object.entries({ 'one at a time': 1, 'two at a time': 2 })) {
  const stop = victimOf(hub);
  const before = cpuOf(hub.pid);
  const took = [];
  for (let at = 0; at < pictures.length; at += atOnce)
    took.push(...(await Promise.all(pictures.slice(at, at + atOnce).map(bring))));
  const spent = (cpuOf(hub.pid) - before) / 1000 / TIMES;
  const longest = await stop();
  report(`a picture of 12 MP, ${name} (P16)`, 'ms', took, {});
  report(`the same, CPU of the hub with those who ask beside`, 'ms', [spent], {});
  report(`the same, the longest wait of somebody else`, 'ms', [longest], {});
}
await hub.end();
await database.end();
process.exit(0);
