import { setTimeout as pause } from 'node:timers/promises';
import { change, publishAlert } from '../hub.mjs';

/** So many alerts are out at a time: the board of a bad day, and not of a month. */
const MOST_OUT = 8;
const CANCEL = `mutation ($id: ID!, $version: Int!) {
  cancelPublication(id: $id, version: $version, reason: "Fin de l’épisode") { dossier { id } } }`;

/**
 * An editor and a validator who publish, confirm and withdraw, something every few seconds, until they are stopped. Answers
 * how to stop them, and learn how many changes they were acknowledged.
 */
export function startEditor(hub, { communes, everyMs, onFault }) {
  let stopped = false;
  let acknowledged = 0;
  let number = 0;
  const out = [];
  const publish = async () => {
    number += 1;
    const commune = communes[(number * 7) % communes.length];
    out.push(await publishAlert(hub, { commune, headline: `Crue, bulletin ${number}` }));
  };
  const withdraw = async () => {
    const { id, version } = out.shift();
    await hub.ask('validator', CANCEL, { id, version });
  };
  const confirm = () => change(hub, out[number % out.length]);
  const deed = () => {
    if (out.length > MOST_OUT) return withdraw();
    return out.length === 0 || acknowledged % 2 === 0 ? publish() : confirm();
  };
  const running = (async () => {
    while (!stopped) {
      const began = performance.now();
      try {
        await deed();
        acknowledged += 1;
      } catch (error) {
        onFault(`the editor was refused: ${error.message.slice(0, 200)}`);
      }
      await pause(Math.max(0, everyMs - (performance.now() - began)));
    }
  })();
  return async () => {
    stopped = true;
    await running;
    return acknowledged;
  };
}
