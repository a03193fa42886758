import { randomUUID } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type CallingDesk,
  callAbout,
  callingDesk,
  callsOf,
  passCall,
  takeCall,
  testCall,
} from '../../support/crisis-cell/calling-desk.ts';
import {
  confirmedPoint,
  confirmPoint,
  pointInput,
  pointsOf,
  savePoint,
} from '../../support/crisis-cell/contact-desk.ts';
import { withSession } from '../../support/database/cluster.ts';
import { draft, refusal, step, type Written } from '../../support/desk/desk.ts';
import { LOOPBACK } from '../../support/desk/webhook-desk.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { type Received, startReceiver } from '../../support/receivers/receiver.ts';

/** Calls by text and voice, over the operator's gateway, and what people answer by it. */
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const OLD_SECRET = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
const NUMBER = '+33612345678';
let desk: CallingDesk | undefined;
afterEach(async () => {
  await desk?.close();
  desk = undefined;
});

async function withGateway(more: object = {}) {
  const gateway = await startReceiver();
  const secrets = [SECRET, OLD_SECRET];
  desk = await callingDesk({ ...more, more: { gateway: { url: gateway.url, secrets, targets: LOOPBACK } } });
  await desk.onDuty('validator', 'VALIDATOR');
  return { ...desk, gateway };
}
const submitted = async ({ hub }: CallingDesk): Promise<Written> =>
  step(hub, 'submitDossier', 'editor', await draft(hub, 'Alert'));
const stepsOf = async ({ hub }: CallingDesk, { id }: { id: string }) =>
  (await callAbout(hub, id)).steps.map(({ way, outcome }) => `${way} ${outcome}`);
const untilReceived = (received: Received[], count: number) =>
  expect.poll(() => received.length, { timeout: PATIENCE_MS }).toBeGreaterThanOrEqual(count);
const dataOf = ({ body }: Received) =>
  JSON.parse(body) as { type: string; data: { id: string; to: string; text: string; answers: string[] } };

/** The gateway says what somebody answered; answers the hub's status. */
async function answer(
  { hub, clock }: CallingDesk,
  message: string,
  said = '1',
  { secret = SECRET, at = clock.now(), id = randomUUID() }: { secret?: string; at?: Date; id?: string } = {},
): Promise<number> {
  const body = JSON.stringify({
    type: 'message.answered',
    timestamp: at.toISOString(),
    data: { id: message, answer: said },
  });
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  };
  return (await fetch(`${hub.url}/gateway/answers`, { method: 'POST', headers, body })).status;
}

describe('a call', () => {
  it('rings by text and voice, signed, with the number in that body alone', async () => {
    const printed = new PassThrough();
    let log = '';
    printed.on('data', (chunk: Buffer) => {
      log += chunk.toString();
    });
    const at = await withGateway({ logger: pino({ level: 'trace' }, printed) });
    await confirmedPoint(at.url, at.account('validator'), NUMBER, 'SMS');
    await confirmedPoint(at.url, at.account('validator'), NUMBER, 'VOICE');
    const dossier = await submitted(at);
    await untilReceived(at.gateway.received, 2);
    for (const secret of [SECRET, OLD_SECRET])
      for (const { body, signed } of at.gateway.received)
        expect(() => new Webhook(secret).verify(body, signed)).not.toThrow();
    const bodies = at.gateway.received.map(dataOf).sort((a, b) => (a.type < b.type ? -1 : 1));
    expect(bodies.map(({ type, data }) => [type, data.to, data.answers])).toEqual([
      ['message.sms', NUMBER, ['1']],
      ['message.voice', NUMBER, ['1']],
    ]);
    expect(bodies[0]!.data.text).toMatch(
      /^Tocsin 91 : relecture demandée, gravité \S+\. Avant \d\d h \d\d\. http\S+\/desk\/a\/[\w-]{22}$/,
    );
    expect(bodies[1]!.data.text).toMatch(/^Tocsin 91 : relecture demandée, gravité \S+\. Avant \d\d h \d\d\.$/);
    await expect
      .poll(async () => (await stepsOf(at, dossier)).sort(), { timeout: PATIENCE_MS })
      .toEqual(['DESK ACCEPTED', 'SMS ACCEPTED', 'VOICE ACCEPTED']);
    const audit = await withSession(at.url, async (session) => (await session.query('select * from audit_entry')).rows);
    const figures = await (await fetch(`${at.hub.url}/metrics`)).text();
    for (const text of [log, JSON.stringify(audit), figures]) expect(text).not.toContain('612345678');
    expect(log).not.toContain(SECRET.slice(6));
  });

  it('is tried again under the same id, given up where it is refused, and a test rings by the ways that it names', async () => {
    const at = await withGateway();
    await confirmedPoint(at.url, at.account('validator'), NUMBER, 'SMS');
    await confirmedPoint(at.url, at.account('validator'), NUMBER, 'VOICE');
    at.gateway.status(503);
    await testCall(at.hub, 'duty', at.account('validator'), ['SMS']);
    await untilReceived(at.gateway.received, 1);
    at.gateway.status(202);
    at.pass(1);
    const steps = async () =>
      (await callsOf(at.hub, { reasons: ['TEST'] }))[0]?.steps.map(({ way, outcome }) => `${way} ${outcome}`);
    await expect.poll(steps, { timeout: PATIENCE_MS }).toEqual(['DESK ACCEPTED', 'SMS ACCEPTED']);
    expect(new Set(at.gateway.received.map(({ signed }) => signed['webhook-id'])).size).toBe(1);
    at.gateway.status(422);
    const dossier = await submitted(at);
    await expect
      .poll(async () => (await stepsOf(at, dossier)).includes('VOICE FAILED'), { timeout: PATIENCE_MS })
      .toBe(true);
  });
});

describe('an answer', () => {
  async function rung() {
    const at = await withGateway();
    await confirmedPoint(at.url, at.account('validator'), NUMBER, 'SMS');
    const dossier = await submitted(at);
    await untilReceived(at.gateway.received, 1);
    await expect.poll(() => stepsOf(at, dossier), { timeout: PATIENCE_MS }).toEqual(['DESK ACCEPTED', 'SMS ACCEPTED']);
    const { id } = await callAbout(at.hub, dossier.id);
    return { at, dossier, call: id, message: dataOf(at.gateway.received[0]!).data.id };
  }

  it('« 1 » takes the call for the person of that step, and no more; once', async () => {
    const { at, dossier, call, message } = await rung();
    const sent = { at: at.clock.now(), id: 'msg_first' };
    expect(await answer(at, message, ' 1 ', sent)).toBe(204);
    expect(await callAbout(at.hub, dossier.id)).toMatchObject({
      state: 'TAKEN',
      takenBy: { id: at.account('validator') },
      steps: [{ outcome: 'ANSWERED' }, { outcome: 'ANSWERED' }],
    });
    await passCall(at.hub, 'validator', call);
    // The same again, as it was heard, and anew.
    expect([await answer(at, message, ' 1 ', sent), await answer(at, message)]).toEqual([204, 204]);
    expect((await callAbout(at.hub, dossier.id)).takenBy).toBeNull();
    const stage = await at.hub
      .as('editor')
      .request<{ dossier: { stage: string } }>('query ($id: ID!) { dossier(id: $id) { stage } }', { id: dossier.id });
    expect(stage.dossier.stage).toBe('IN_REVIEW');
  });

  it('of other words does nothing, nor does one that is late, or comes after somebody else', async () => {
    const { at, dossier, call, message } = await rung();
    for (const said of ['2', '11', 'oui', '']) expect(await answer(at, message, said)).toBe(204);
    expect((await callAbout(at.hub, dossier.id)).state).toBe('RINGING');
    await takeCall(at.hub, 'validator2', call);
    expect(await answer(at, message)).toBe(204);
    expect((await callAbout(at.hub, dossier.id)).takenBy?.id).toBe(at.account('validator2'));
    await step(at.hub, 'approveDossier', 'validator', dossier);
    const ended = await callAbout(at.hub, dossier.id);
    expect(await answer(at, message)).toBe(204);
    expect(await callAbout(at.hub, dossier.id)).toEqual(ended);
  });

  it('that is forged, old, or about nothing that was sent is refused', async () => {
    const { at, dossier, call, message } = await rung();
    const ago = (seconds: number) => ({ at: new Date(at.clock.now().getTime() - seconds * 1000) });
    const forged = { secret: `whsec_${Buffer.alloc(32, 9).toString('base64')}` };
    expect(await answer(at, message, '1', forged)).toBe(401);
    expect(await answer(at, message, '1', ago(301))).toBe(401);
    expect(await answer(at, message, '1', ago(-301))).toBe(401);
    for (const other of [call, randomUUID()]) expect(await answer(at, other)).toBe(404);
    expect(await answer(at, 'x')).toBe(400);
    expect((await fetch(`${at.hub.url}/gateway/answers`, { method: 'POST', body: '1' })).status).toBe(401);
    expect((await callAbout(at.hub, dossier.id)).state).toBe('RINGING');
    await withSession(at.url, (session) =>
      session.query('update account set disabled_at = now(), version = version + 1 where id = $1', [
        at.account('validator'),
      ]),
    );
    expect(await answer(at, message)).toBe(204);
    expect((await callAbout(at.hub, dossier.id)).state).toBe('RINGING');
  });
});

describe('a contact point by text', () => {
  it('is confirmed by the code that comes there, and has a number alone', async () => {
    const at = await withGateway();
    const made = await savePoint(at.hub, 'editor', pointInput('06 12 34 56 78', { way: 'SMS' }));
    expect(made).toMatchObject({ way: 'SMS', address: NUMBER, confirmedAt: null });
    await untilReceived(at.gateway.received, 1);
    const { type, data } = dataOf(at.gateway.received[0]!);
    expect([type, data.to, data.answers]).toEqual(['message.sms', NUMBER, []]);
    const code = /\d{8}/.exec(data.text)?.[0] ?? '';
    expect((await confirmPoint(at.hub, 'editor', made.id, code)).confirmedAt).not.toBeNull();
    expect(await answer(at, data.id)).toBe(400);
    for (const address of ['mairie@essonne.example', '112', '0812345678'])
      expect(await refusal(savePoint(at.hub, 'editor', pointInput(address, { way: 'VOICE' })))).toMatchObject({
        code: 'INVALID_INPUT',
        fields: [{ path: 'input.address' }],
      });
    expect((await refusal(savePoint(at.hub, 'editor', pointInput('a@essonne.example')))).code).toBe('WRONG_STAGE');
    expect(await pointsOf(at.hub, 'editor')).toHaveLength(1);
  });
});
