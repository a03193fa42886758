import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { GraphQLClient } from 'graphql-request';
import { pino } from 'pino';
import { afterAll } from 'vitest';
import type { Clock } from '../../../src/clock.ts';
import type { Persona } from '../../../src/development/development-tokens.ts';
import { until } from '../../../src/development/embedded/processes.ts';
import { openFolder } from '../../support/database/embedded.ts';
import { LOOPBACK } from '../../support/desk/webhook-desk.ts';
import { type Hub, startHub, tokens } from '../../support/hub/hub.ts';
import { addressOf, startHubProcess } from '../../support/hub/started-hub.ts';
import { mailBy } from '../../support/institutions/mail-desk.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { pushSecrets } from '../../support/push/push-desk.ts';
import { type MailServer, startMailServer } from '../../support/receivers/mail-server.ts';
import { pushTargets, startPushService } from '../../support/receivers/push-service.ts';
import { startReceiver } from '../../support/receivers/receiver.ts';
import { GATEWAY_SECRET, Gateway } from './gateway.ts';

/** The address at which the public finds whichever of the hubs answers. */
export const PUBLIC_URL = 'https://alerte.essonne.example';

/** Time as the story tells it: it runs by itself, and people wait as many minutes as a test says at once. */
class StoryClock implements Clock {
  #aheadMs = 0;
  now(): Date {
    return new Date(Date.now() + this.#aheadMs);
  }
  pass(minutes: number): void {
    this.#aheadMs += minutes * 60_000;
  }
}

/** A hub in a process of its own, which keeps time until it is killed. */
export interface Keeper extends Pick<Hub, 'url' | 'as'> {
  leads(): Promise<boolean>;
  kill(): void;
  printed(): string;
  ended: Promise<unknown>;
}

async function startKeeper(databaseUrl: string, relay: MailServer, dataDir: string): Promise<Keeper> {
  const certificate = path.join(dataDir, 'relay.pem');
  await writeFile(certificate, relay.ca);
  // The people of the other hubs, by the same tokens.
  await writeFile(path.join(dataDir, 'dev-tokens.json'), JSON.stringify(tokens), { mode: 0o600 });
  const started = startHubProcess({
    env: {
      PORT: '0',
      DATABASE_URL: databaseUrl,
      TOCSIN_DATA_DIR: dataDir,
      TOCSIN_DEMO: 'false',
      TOCSIN_PUBLIC_URL: PUBLIC_URL,
      TOCSIN_SMTP_URL: relay.url,
      TOCSIN_MAIL_FROM: 'Alerte Essonne <alerte@essonne.example>',
      TOCSIN_LOG_LEVEL: 'trace',
      NODE_EXTRA_CA_CERTS: certificate,
    },
    closes: afterAll,
  });
  const url = await addressOf(started);
  const leads = async () => /^tocsin_timekeeper_leads 1$/m.test(await (await fetch(`${url}/metrics`)).text());
  if (!(await until(leads, PATIENCE_MS))) throw new Error(`nobody keeps time: ${started.printed()}`);
  return {
    url,
    as: (persona?: Persona) =>
      new GraphQLClient(`${url}/graphql`, {
        headers: persona ? { authorization: `Bearer ${tokens[persona]}` } : {},
      }),
    leads,
    kill: () => void started.process.kill('SIGKILL'),
    printed: started.printed,
    ended: started.ended,
  };
}

/**
 * Two hubs over one database, with the receivers that they write to: one keeps time in a process of its own, the other one stands
 * beside it and shows the clock of the story. `another` takes the place of the one that was killed.
 */
export async function openCell(databaseUrl: string) {
  const relay = await startMailServer({ closes: afterAll });
  const hook = await startReceiver(undefined, afterAll);
  const texts = await startReceiver(undefined, afterAll);
  const push = await startPushService();
  afterAll(() => push.close());
  const gateway = { url: texts.url, secrets: [GATEWAY_SECRET], targets: LOOPBACK };
  const pushing = { push: pushSecrets(), pushTargets: await pushTargets() };
  const folder = await openFolder();
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const keeper = await startKeeper(databaseUrl, relay, folder);
  const clock = new StoryClock();
  const log = new PassThrough();
  let logged = '';
  log.on('data', (piece) => {
    logged += String(piece);
  });
  const hubs: Hub[] = [];
  const another = async (): Promise<Hub> => {
    const hub = await startHub({
      url: databaseUrl,
      clock,
      logger: pino({ level: 'trace' }, log),
      webhookTargets: LOOPBACK,
      more: { mail: mailBy(relay), publicUrl: PUBLIC_URL, gateway, ...pushing },
    });
    hubs.push(hub);
    return hub;
  };
  afterAll(async () => {
    for (const hub of hubs) await hub.close();
  });
  return {
    relay,
    hook,
    push,
    gateway: new Gateway(texts, clock),
    keeper,
    clock,
    another,
    /** A file of this name in a folder that is gone at the end. */
    file: (name: string): string => path.join(folder, name),
    /** Everything that every hub has logged. */
    logged: () => `${logged}${keeper.printed()}`,
  };
}
