import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { follow } from '../follower.mjs';
import { median } from '../harness.mjs';
import { publishAlert } from '../hub.mjs';
import { subscription } from './attacks.mjs';

const SOCKETS = 80;
const SUBSCRIPTIONS = 50;
const ALIASES = 20;

/** One connection with as many subscriptions as it may have, each of which selects something else. */
async function openHostile(port, number) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws');
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init' }));
  await once(socket, 'message');
  for (let at = 0; at < SUBSCRIPTIONS; at += 1) {
    const query = subscription(`S${number}x${at}`, ALIASES, `communes { n${number}x${at}: name outline }`);
    socket.send(JSON.stringify({ id: String(at), type: 'subscribe', payload: { query } }));
  }
  return socket;
}

/** How long `publishDossier` takes, and until a follower that shares its selection with others hears of it. */
async function publishOnce(hub, communes, follower, text) {
  const heard = once(follower, 'change').then(() => performance.now());
  const { ask } = hub;
  let began = 0;
  const timed = {
    ...hub,
    ask: async (persona, query, variables) => {
      if (query.includes('publishDossier')) began = performance.now();
      return ask(persona, query, variables);
    },
  };
  await publishAlert(timed, { communes, headline: text });
  return { answered: performance.now() - began, heard: (await heard) - began };
}

/** The times of a publication with nobody hostile, then with 4,000 selections open that differ. */
export async function measurePublishing(hub, communes) {
  const followers = [await follow(hub.port), await follow(hub.port)];
  const rounds = async (name) => {
    const times = [];
    for (let at = 0; at < 5; at += 1) {
      times.push(await publishOnce(hub, communes, followers[0], `${name} ${at}`));
      await pause(200);
    }
    return { answered: median(times.map((one) => one.answered)), heard: median(times.map((one) => one.heard)) };
  };
  await rounds('À blanc');
  const alone = await rounds('Seul');
  const hostile = [];
  for (let at = 0; at < SOCKETS; at += 1) hostile.push(await openHostile(hub.port, at));
  await pause(5_000);
  const beside = await rounds('À côté');
  for (const socket of hostile) socket.terminate();
  for (const socket of followers) socket.terminate();
  const round = (times) => ({ answered: +times.answered.toPrecision(3), heard: +times.heard.toPrecision(3) });
  console.log(
    JSON.stringify({
      bench: `publish, ${SOCKETS * SUBSCRIPTIONS} hostile selections open`,
      alone: round(alone),
      beside: round(beside),
      ratio: +(beside.answered / alone.answered).toPrecision(3),
    }),
  );
}
