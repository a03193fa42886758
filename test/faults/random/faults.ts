import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { withDatabase } from '../../support/database/cluster.ts';
import type { FaultProxy } from '../../support/database/fault-proxy.ts';
import { startHubProcess } from '../../support/hub/started-hub.ts';
import type { DatabaseUnderFaults } from './database.ts';
import type { RandomFollower } from './followers.ts';
import type { HubUnderFaults } from './hub-process.ts';
import type { FaultKind, PlannedFault, Wave } from './plan.ts';

const OPERATE = path.join(import.meta.dirname, '../../../scripts/operate.mjs');
const MINUTES = 60_000;
/** As many times two migrations are tried while other faults go on. */
const MIGRATION_TRIES = 20;

/** All that faults are done to. */
export interface Scene {
  database: DatabaseUnderFaults;
  hubs: readonly HubUnderFaults[];
  followers: readonly RandomFollower[];
  /** The position at which each restore was declared. */
  restores: number[];
}

interface Doing extends Scene {
  fault: PlannedFault;
  /** The hub that the plan names. */
  hub: HubUnderFaults;
  /** The hub that keeps time; where nobody does, the one of the plan. */
  leader(): Promise<HubUnderFaults>;
  /** As long as this fault lasts. */
  lasting(): Promise<void>;
  /** Whether it is the only fault of its wave. */
  isAlone: boolean;
}

/** Brings about the faults of a wave, each at its time; resolves when the last of them is over. */
export async function bringAbout(scene: Scene, wave: Wave): Promise<void> {
  const all = wave.map(async (fault) => {
    await pause(fault.after * 1000);
    const hub = scene.hubs[fault.hub % scene.hubs.length];
    if (!hub) throw new Error('there is no hub');
    const lasting = () => pause(fault.seconds * 1000);
    const leader = async () => {
      const leads = await Promise.all(scene.hubs.map((each) => each.leads()));
      return scene.hubs[leads.indexOf(true)] ?? hub;
    };
    await DO[fault.kind]({ ...scene, fault, hub, leader, lasting, isAlone: wave.length === 1 });
  });
  await Promise.all(all);
}

const DO: Readonly<Record<FaultKind, (doing: Doing) => unknown>> = {
  'hub killed': ({ hub }) => hub.signal('SIGKILL'),
  'hub told to end': ({ hub }) => hub.signal('SIGTERM'),
  'hub stopped': ({ hub, lasting }) => stopped(hub, lasting),
  'leader stopped': async ({ leader, lasting }) => stopped(await leader(), lasting),
  'leader killed': async ({ leader }) => (await leader()).signal('SIGKILL'),
  'PostgreSQL killed': ({ database }) => database.killServer(),
  'PostgreSQL: one process killed': ({ database, fault }) => database.killSession(fault.choice),
  'PostgreSQL: sessions ended': ({ database }) => database.endSessions(),
  'PostgreSQL: read-only': async ({ database, lasting }) => {
    await database.setReadOnly('on');
    await lasting();
    await database.setReadOnly('off');
  },
  'PostgreSQL: disk full': async ({ database, lasting }) => {
    const makeRoom = await database.fillDisk();
    await lasting();
    await makeRoom();
  },
  'database link: reset': ({ hub }) => hub.link.cut(),
  'database link: black hole': ({ hub, lasting }) => blackHole(hub.link, lasting),
  'database link: silent death': ({ hub }) => hub.link.swallow(),
  'client link: reset': ({ hub }) => hub.door.cut(),
  'client link: black hole': ({ hub, lasting }) => blackHole(hub.door, lasting),
  'client link: silent death': ({ hub }) => hub.door.swallow(),
  'client link: answers lost': async ({ hub, lasting }) => {
    hub.door.loseAnswers();
    await lasting();
    hub.door.answerAgain();
  },
  'clock wrong': async ({ hub, fault, lasting }) => {
    await hub.setClock((fault.choice < 0.5 ? -1 : 1) * (10 + 60 * fault.choice) * MINUTES);
    await lasting();
    await hub.setClock(0);
  },
  'two migrations': twoMigrations,
  'followers cut': ({ followers, fault }) => {
    for (const follower of some(followers, fault)) follower.cut();
  },
  'followers asleep': async ({ followers, fault, lasting }) => {
    const wakes = some(followers, fault).map((follower) => follower.sleep());
    await lasting();
    for (const wake of wakes) wake();
  },
  'restore declared': async ({ database, restores }) => {
    restores.push((await database.journal()).at(-1)?.position ?? 0);
    const { code, words } = await operate('journal:restored', database.url);
    if (code !== 0) throw new Error(`journal:restored ended with ${code}: ${words}`);
  },
};

async function stopped(hub: HubUnderFaults, lasting: () => Promise<void>): Promise<void> {
  const goOn = hub.stop();
  await lasting();
  goOn();
}

async function blackHole(proxy: FaultProxy, lasting: () => Promise<void>): Promise<void> {
  proxy.fallSilent();
  await lasting();
  proxy.hear();
}

/** From a tenth of the followers to all of them, other ones each time. */
const some = (followers: readonly RandomFollower[], { choice, hub }: PlannedFault): RandomFollower[] =>
  followers.filter((_, index) => (index + hub) % 10 <= choice * 10);

/** A new database is migrated twice at once: both find it well done, and each migration ran once. */
async function twoMigrations({ database, isAlone }: Doing): Promise<void> {
  const name = `migrated_${Math.round(performance.now())}`;
  await database.insist(`drop database if exists ${name} with (force)`, `create database ${name}`);
  const url = withDatabase(database.url, name);
  for (let attempt = 1; ; attempt++) {
    const both = await Promise.all([operate('migrate', url), operate('migrate', url)]);
    const failed = both.find(({ code }) => code !== 0);
    if (!failed) break;
    if (isAlone || attempt === MIGRATION_TRIES) throw new Error(`one of two migrations failed: ${failed.words}`);
  }
  const ran = await database.readIn(name, 'select name from mikro_orm_migrations order by name');
  const expected = await database.read<{ name: string }>('select name from mikro_orm_migrations order by name');
  if (JSON.stringify(ran) !== JSON.stringify(expected))
    throw new Error(`two migrations at once left ${JSON.stringify(ran)} in place of ${JSON.stringify(expected)}`);
  await database.insist(`drop database if exists ${name} with (force)`);
}

/** Runs a command of an operator. */
export async function operate(command: string, databaseUrl: string): Promise<{ code: number | null; words: string }> {
  const env = { DATABASE_URL: databaseUrl };
  const started = startHubProcess({ command: [process.execPath, OPERATE, command], env });
  const code = await started.ended;
  return { code, words: started.printed() };
}
