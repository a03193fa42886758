import { afterAll, describe, expect, it } from 'vitest';
import { sqlOver } from '../../../src/database/sql.ts';
import { declareRestore } from '../../../src/journal/restore.commands.ts';
import { withDatabase, withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { publishNew, refusal } from '../../support/desk/desk.ts';
import { Follower } from '../../support/following/follower.ts';
import { RawSocket } from '../../support/following/raw-socket.ts';
import { startHub, tokens } from '../../support/hub/hub.ts';

/** Databases that were copied while the hub ran are put in its place under its feet, as a restored backup is. */
const { url, name } = await testDatabase();
const backup = `${name}_backup`;
const hub = await startHub({ url });
const other = await startHub({ url });
afterAll(() => Promise.all([hub.close(), other.close()]));

const admin = <T>(work: Parameters<typeof withSession<T>>[1]) => withSession(withDatabase(url, 'postgres'), work);

/** Nobody gets in until the function returned is called. */
async function alone(): Promise<() => Promise<void>> {
  await admin(async (session) => {
    await session.query(`alter database ${name} allow_connections false`);
    await session.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
    for (;;) {
      const { rows } = await session.query('select 1 from pg_stat_activity where datname = $1', [name]);
      if (rows.length === 0) return;
    }
  });
  return () => admin(async (session) => void (await session.query(`alter database ${name} allow_connections true`)));
}

async function backUp(): Promise<void> {
  const open = await alone();
  await admin((session) => session.query(`create database ${backup} template ${name}`));
  await open();
  await standing(hub);
  await standing(other);
}

/** `meanwhile` is done to the restored database before any hub sees it. */
async function restore(meanwhile: (url: string) => Promise<void> = async () => undefined): Promise<void> {
  await alone();
  await meanwhile(withDatabase(url, backup));
  await admin(async (session) => {
    await session.query(`alter database ${name} rename to ${name}_lost`);
    await session.query(`alter database ${backup} rename to ${name}`);
    await session.query(`alter database ${name}_lost allow_connections true`);
    await session.query(`drop database ${name}_lost`);
  });
}

const QUESTION = '{ situation(place: { commune: "91345" }) { stale asOf alerts { id } } }';
interface Standing {
  stale: boolean;
  asOf: string;
  alerts: { id: string }[];
}
const situation = async (of = hub): Promise<Standing> =>
  (await of.as().request<{ situation: Standing }>(QUESTION)).situation;
const standing = (of: typeof hub) => expect.poll(() => situation(of)).toMatchObject({ stale: false });
const idsOf = ({ alerts }: Standing) => alerts.map(({ id }) => id).sort();
const changesAfter = (after: string, of = hub) =>
  of
    .as()
    .request<{ changes: { nodes: { publication: { id: string } | null }[] } }>(
      'query ($after: Cursor) { changes(after: $after) { nodes { publication { id } } } }',
      { after },
    );

describe.each([
  [
    'that somebody declared',
    (database: string) => withSession(database, (s) => declareRestore(sqlOver(s)).then(() => {})),
  ],
  ['that nobody declared', async () => undefined],
] as const)('a restore %s', (_how, meanwhile) => {
  it('sends every follower to start over, on every hub, and shows what is public again', async () => {
    const kept = await publishNew(hub);
    const before = idsOf(await situation());
    await backUp();
    const live = await new RawSocket(hub.url).init();
    await live.subscribe('1', 'subscription { changes { cursor } }');
    const stream = fetch(
      `${other.url}/graphql/stream?query=${encodeURIComponent('subscription { changes { cursor } }')}`,
    );
    const told = stream.then((answer) => answer.text());
    const desk = await new RawSocket(other.url).init({ authorization: `Bearer ${tokens.validator}` });
    const followDesk = () => desk.subscribe('2', 'subscription { deskChanges { at } }');
    await followDesk();
    await live.until(() => live.of('1').length > 0);
    await stream;
    const lost = await publishNew(hub);
    await expect.poll(async () => idsOf(await situation(other))).toContain(lost.id);
    const { asOf } = await situation(other);

    await restore(meanwhile);
    await live.until(() => live.of('1').at(-1)?.type === 'error');
    const [error] = live.of('1').at(-1)!.payload as { extensions: { code: string; cursor: string } }[];
    expect(error?.extensions.code).toBe('RESYNC_REQUIRED');
    expect(await told).toContain('RESYNC_REQUIRED');
    for (const each of [hub, other]) {
      await standing(each);
      expect(idsOf(await situation(each))).toEqual(before);
      const { code, cursor } = await refusal(changesAfter(asOf, each));
      expect([code, cursor]).toEqual(['RESYNC_REQUIRED', (await situation(each)).asOf]);
    }
    expect(error?.extensions.cursor).toBe((await situation()).asOf);

    // As many new ones as were lost: their positions are those of the lost ones, and are not taken for them.
    const follower = new Follower(other.url, error?.extensions.cursor ?? null);
    const heardAtDesk = desk.of('2').length;
    // Whoever was about to be told something when the database went was told that.
    if (desk.of('2').at(-1)?.type === 'error') await followDesk();
    const fresh = await publishNew(hub);
    await desk.until(() => desk.of('2').length > heardAtDesk);
    await follower.until(({ heard }) => heard.length > 0);
    expect(follower.heard.map(({ publication }) => publication?.id)).toEqual([fresh.id]);
    expect((await refusal(changesAfter(asOf))).code).toBe('RESYNC_REQUIRED');
    expect(idsOf(await situation(other))).toEqual([...before, fresh.id].sort());
    expect(before).toContain(kept.id);
    await follower.stop();
    desk.underlying.close();
  });
});
