import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { PUBLIC_TARGETS, TARGETS_WITH_LOOPBACK } from '../../../src/outgoing/checked-connection.ts';
import { Heartbeat } from '../../../src/outgoing/heartbeat.ts';
import { PATIENCE_MS } from '../../support/patience.ts';

/** Somebody who is told, and answers as the test says. */
async function listener() {
  const asked: string[] = [];
  let answer = (response: ServerResponse) => void response.writeHead(200).end('ok');
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    answer(response);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  const { port } = server.address() as AddressInfo;
  const answerBy = (next: typeof answer) => {
    answer = next;
  };
  return { url: `http://127.0.0.1:${port}/ping/secret`, asked, answerBy };
}

function heartbeat(url: string, targets = TARGETS_WITH_LOOPBACK) {
  let at = 0;
  const faults: string[] = [];
  const beating = new Heartbeat({ url, targets, onFault: (fault) => void faults.push(fault), now: () => at });
  onTestFinished(() => beating.close());
  return {
    beating,
    faults,
    pass: (seconds: number) => {
      at += seconds * 1000;
    },
  };
}
const came = (asked: string[], count: number) => expect.poll(() => asked.length, { timeout: PATIENCE_MS }).toBe(count);

it('is told at once, then each minute, and not twice', async () => {
  const { url, asked } = await listener();
  const { beating, faults, pass } = heartbeat(url);
  for (let turn = 0; turn < 5; turn += 1) beating.beat();
  await came(asked, 1);
  pass(59);
  beating.beat();
  pass(1);
  await expect
    .poll(
      () => {
        beating.beat();
        return asked.length;
      },
      { timeout: PATIENCE_MS },
    )
    .toBe(2);
  expect([asked, faults]).toEqual([['GET /ping/secret', 'GET /ping/secret'], []]);
});

it('says why it could not be told, without the address, and follows nobody elsewhere', async () => {
  const { url, asked, answerBy } = await listener();
  const { beating, faults } = heartbeat(url);
  answerBy((response) => void response.writeHead(302, { location: '/elsewhere' }).end());
  beating.beat();
  await expect.poll(() => faults, { timeout: PATIENCE_MS }).toEqual(['it answers 302']);
  expect(asked).toEqual(['GET /ping/secret']);
  const inside = heartbeat(url, PUBLIC_TARGETS);
  inside.beating.beat();
  await expect
    .poll(() => inside.faults, { timeout: PATIENCE_MS })
    .toEqual(['its address is not on the public Internet']);
  const nobody = heartbeat('http://127.0.0.1:9/ping/secret');
  nobody.beating.beat();
  await expect.poll(() => nobody.faults, { timeout: PATIENCE_MS }).toEqual(['it cannot be reached']);
});

it('ends at once with the hub, however long the answer takes, and then tells nobody', async () => {
  const { url, asked, answerBy } = await listener();
  answerBy(() => undefined);
  const { beating, faults, pass } = heartbeat(url);
  beating.beat();
  await came(asked, 1);
  await beating.close();
  pass(60);
  beating.beat();
  expect([asked.length, faults]).toEqual([1, []]);
});
