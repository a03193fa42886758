import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import {
  aTurn,
  type CallingDesk,
  callingDesk,
  rungOf,
  untilCall,
  untilRung,
} from '../../support/crisis-cell/calling-desk.ts';
import { withSession } from '../../support/database/cluster.ts';
import { alertInput, draft, openIncident, step } from '../../support/desk/desk.ts';
import { logLines } from '../../support/hub/log-lines.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { tell } from '../../support/tell.ts';

const waitingFor = (query: string) => `select pid from pg_stat_activity
  where datname = current_database() and wait_event_type = 'Lock' and query like '${query}'`;

/** Calls while hubs come and go, nobody is on duty, and many things wait at once. */
const printed = new PassThrough();
const { lines } = logLines(printed);
let desk: CallingDesk | undefined;
afterEach(async () => {
  await desk?.close();
  desk = undefined;
});
const submitted = async ({ hub }: CallingDesk, more: object = {}) =>
  step(hub, 'submitDossier', 'editor', await draft(hub, 'Alert', alertInput(more)));

describe('of several hubs', () => {
  it('one rings, however many look at once', async () => {
    desk = await callingDesk();
    for (let more = 0; more < 2; more += 1) await desk.second();
    const { hub, account, pass, onDuty } = desk;
    await onDuty('validator', 'VALIDATOR');
    await onDuty('validator2', 'VALIDATOR', { rank: 2 });
    const dossiers = [];
    for (let count = 0; count < 5; count += 1) dossiers.push(await submitted(desk));
    const ladder = [account('validator'), account('validator2')];
    for (const rung of [ladder.slice(0, 1), ladder]) {
      for (const { id } of dossiers) await untilRung(hub, id, rung);
      // So late that every hub takes the next turn for its own.
      pass(16);
    }
    for (const { id } of dossiers)
      expect(rungOf(await untilCall(hub, id, ({ state }) => state === 'EXHAUSTED'))).toEqual(ladder);
    const { rows } = await withSession(desk.url, (session) =>
      session.query('select distinct rung from call where dossier_id is not null'),
    );
    expect(rows).toEqual([{ rung: 3 }]);
  });

  it('another one rings on where the one that kept time has ended', async () => {
    desk = await callingDesk();
    const { hub, account, pass, onDuty } = desk;
    await onDuty('validator', 'VALIDATOR');
    await onDuty('validator2', 'VALIDATOR', { rank: 2 });
    const dossier = await submitted(desk);
    await untilRung(hub, dossier.id, [account('validator')]);
    const second = await desk.second();
    await hub.close();
    pass(10);
    await untilRung(second, dossier.id, [account('validator'), account('validator2')]);
  });

  it('a turn is whole or not there: one that was cut off has rung nobody, and is done again (I-52)', async () => {
    desk = await callingDesk();
    const { hub, account, url, onDuty } = desk;
    await onDuty('validator', 'VALIDATOR');
    await withSession(url, async (holding) => {
      // Holds up the turn between the call and its steps.
      await holding.query('begin');
      await holding.query('lock table call_step in exclusive mode');
      const dossier = await submitted(desk as CallingDesk);
      await withSession(url, async (session) => {
        const blocked = async () =>
          (await session.query<{ pid: number }>(waitingFor('insert into call_step%'))).rows[0]?.pid;
        await expect.poll(blocked, { timeout: PATIENCE_MS }).toBeDefined();
        await session.query('select pg_terminate_backend($1)', [await blocked()]);
        const { rows } = await session.query('select rung from call where dossier_id is not null');
        expect(rows).toEqual([{ rung: 0 }]);
      });
      await holding.query('rollback');
      await untilRung(hub, dossier.id, [account('validator')]);
    });
  });
});

describe('a deed that is about to end a call', () => {
  it('is waited for by the turn that is due, which then rings nobody (I-51)', async () => {
    desk = await callingDesk({ logger: pino(printed) });
    const { hub, account, url, pass, onDuty } = desk;
    await onDuty('validator', 'VALIDATOR');
    await onDuty('validator2', 'VALIDATOR', { rank: 2 });
    const dossier = await submitted(desk);
    await untilRung(hub, dossier.id, [account('validator')]);
    await withSession(url, async (deciding) => {
      await deciding.query('begin');
      await deciding.query(`update dossier set stage = 'APPROVED' where id = $1`, [dossier.id]);
      pass(10);
      // By a session of its own: one that is in a transaction sees the activity of its first look again and again.
      await withSession(url, async (session) => {
        const isWaiting = async () => (await session.query(waitingFor('%call%'))).rows.length > 0;
        await expect.poll(isWaiting, { timeout: PATIENCE_MS }).toBe(true);
      });
      await deciding.query('commit');
    });
    await aTurn(desk);
    const ended = await untilCall(hub, dossier.id, ({ state }) => state === 'DONE');
    expect(rungOf(ended)).toEqual([account('validator')]);
    expect(lines().filter(({ msg }) => /could not be done|timekeeper stopped/.test(msg))).toEqual([]);
  });
});

describe('nobody', () => {
  it('on duty means that the whole role is rung, but for the person who caused it', async () => {
    desk = await callingDesk();
    const { hub, account } = desk;
    const dossier = await submitted(desk);
    const call = await untilCall(hub, dossier.id, ({ steps }) => steps.length > 0);
    expect(rungOf(call).sort()).toEqual([account('validator'), account('validator2')].sort());
  });

  it('left to ring is told by the log of the incident, that of the hub and a figure, once', async () => {
    desk = await callingDesk({ logger: pino(printed) });
    const { hub, pass, onDuty } = desk;
    await onDuty('validator', 'VALIDATOR');
    const incident = await openIncident(hub, 'crue-appels');
    const dossier = await submitted(desk, { incidentId: incident });
    await untilCall(hub, dossier.id, ({ steps }) => steps.length === 1);
    pass(10);
    const { id } = await untilCall(hub, dossier.id, ({ state }) => state === 'EXHAUSTED');
    pass(30);
    await untilCall(hub, dossier.id, ({ steps }) => steps.length === 2);
    const { log } = await hub.as('editor').request<{
      log: { nodes: { kind: string; text: string; important: boolean; dossier: { id: string } | null }[] };
    }>('query ($incident: ID!) { log(incident: $incident) { nodes { kind text important dossier { id } } } }', {
      incident,
    });
    const told = log.nodes.filter(({ text }) => text.startsWith('Appel resté sans réponse'));
    expect(told).toMatchObject([{ kind: 'DEED', important: true, dossier: { id: dossier.id } }]);
    const warned = lines().filter(({ msg }) => msg.startsWith('everybody was rung'));
    expect(warned).toMatchObject([{ call: id, reason: 'REVIEW' }]);
    const figures = async () => (await fetch(`${hub.url}/metrics`)).text();
    await expect.poll(figures, { timeout: PATIENCE_MS }).toContain('tocsin_calls_exhausted 1');
  });
});

describe('many submissions', () => {
  const MANY = 200;
  const STEPS = `select c.dossier_id as id, count(s.id)::int as steps
    from call c left join call_step s on s.call_id = c.id where c.dossier_id is not null group by c.id`;

  it(
    `of ${MANY} within a minute each is called for once, and ringing goes on`,
    async () => {
      desk = await callingDesk();
      const { hub, account, onDuty, pass } = desk;
      await onDuty('validator', 'VALIDATOR');
      await onDuty('validator2', 'VALIDATOR', { rank: 2 });
      const startedAt = performance.now();
      const dossiers = [];
      for (let count = 0; count < MANY; count += 1) dossiers.push(await submitted(desk));
      tell(`${MANY} drafted and submitted in ${Math.round(performance.now() - startedAt)} ms`);
      const { url } = desk;
      const ringing = () =>
        withSession(url, async (session) => (await session.query<{ id: string; steps: number }>(STEPS)).rows);
      const waitedFrom = performance.now();
      const rung = async () => (await ringing()).filter(({ steps }) => steps > 0).length;
      await expect.poll(rung, { timeout: PATIENCE_MS }).toBe(MANY);
      tell(`all rung ${Math.round(performance.now() - waitedFrom)} ms after the last one`);
      expect(new Set((await ringing()).map(({ id }) => id)).size).toBe(MANY);
      pass(10);
      const last = dossiers.at(-1);
      if (last) await untilRung(hub, last.id, [account('validator'), account('validator2')]);
    },
    4 * PATIENCE_MS,
  );
});
