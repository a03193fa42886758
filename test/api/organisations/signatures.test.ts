import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parisTime, SetClock } from '../../../src/clock.ts';
import { until } from '../../../src/development/embedded/processes.ts';
import {
  DEPARTEMENT,
  endRule,
  missingOf,
  moveTo,
  organisationOf,
  type Rule,
  ruleInForce,
  ruleInput,
} from '../../support/crisis-cell/signature-desk.ts';
import { testDatabase } from '../../support/database/database.ts';
import {
  alertInput,
  draft,
  eventInput,
  openIncident,
  refusal,
  release,
  step,
  WRITTEN,
  type Written,
} from '../../support/desk/desk.ts';
import { readLog } from '../../support/desk/log-desk.ts';
import { startHub } from '../../support/hub/hub.ts';
import { PATIENCE_MS } from '../../support/patience.ts';

/** What the rules of signature in force ask of dossiers (I-45). Thomas Girard (validator2) is of the Sdis, everybody else of the Département. */
const { url } = await testDatabase();
const begin = Date.now();
const clock = new SetClock(new Date(begin));
const at = (hours: number) => parisTime(new Date(begin + hours * 3600_000));
const hub = await startHub({ url, clock });
afterAll(() => hub.close());

let sdis = '';
const inForce: Rule[] = [];
beforeAll(async () => {
  sdis = await organisationOf(hub, 'SDIS', 'Sdis 91');
  for (const persona of ['validator', 'validator2', 'admin', 'admin2', 'duty'] as const)
    await hub.as(persona).request('{ viewer { id } }');
  await moveTo(hub, 'validator2', sdis);
});
afterEach(async () => {
  for (const rule of inForce.splice(0)) await endRule(hub, rule);
  clock.set(new Date(begin));
});

/** Puts a rule in force for as long as a test lasts. */
async function ask(anyOf: string[], more: object = {}): Promise<Rule> {
  const rule = await ruleInForce(hub, ruleInput(anyOf, more));
  inForce.push(rule);
  return rule;
}
async function end(rule: Rule): Promise<void> {
  inForce.splice(inForce.indexOf(rule), 1);
  await endRule(hub, rule);
}
const approve = (written: Written, persona: 'validator' | 'validator2' = 'validator') =>
  step(hub, 'approveDossier', persona, written);
const publish = (written: Written) => step(hub, 'publishDossier', 'validator', written);
const inReview = async (more: object = {}, kind: 'Alert' | 'Event' = 'Alert') =>
  step(
    hub,
    'submitDossier',
    'editor',
    await draft(hub, kind, kind === 'Alert' ? alertInput({ endsAt: at(20), ...more }) : eventInput(more)),
  );
const on = async (persona: 'validator' | 'validator2' | 'duty', call: string, { id, version }: Written) =>
  (
    await hub
      .as(persona)
      .request<{ done: { dossier: Written } }>(
        `mutation ($id: ID!, $version: Int!) { done: ${call.replace('(', '(id: $id, version: $version, ')} ${WRITTEN} }`,
        { id, version },
      )
  ).done.dossier;
const urgently = (written: Written) => on('duty', 'publishDossierUrgently(reason: "Vies en danger")', written);
const schedule = (written: Written) => on('validator', `publishDossier(at: "${at(5)}")`, written);
const sendBack = (written: Written) => on('validator2', 'requestDossierChanges(comment: "À revoir")', written);
const URGENT = { urgency: 'IMMEDIATE' };
const SDIS = [{ anyOf: ['SDIS'], count: 1 }];

async function deskOf({ id }: Written) {
  const { dossier } = await hub.as('editor').request<{
    dossier: {
      stage: string;
      version: number;
      cosignDueAt: string | null;
      lint: { rule: string; message: string }[];
      approvals: { by: { name: string }; organisation: { kind: string } }[];
    };
  }>(
    'query ($id: ID!) { dossier(id: $id) { stage version cosignDueAt lint { rule message } approvals { by { name } organisation { kind } } } }',
    { id },
  );
  return dossier;
}

describe('a rule in force', () => {
  it('keeps what enough people approved from leaving until one of the organisation signs', async () => {
    await ask(['PREFECTURE', 'SDIS'], { severityAtLeast: 'SEVERE' });
    const submitted = await inReview();
    const missing = [{ anyOf: ['SDIS', 'PREFECTURE'], count: 1 }];
    expect(await missingOf(hub, submitted)).toEqual(missing);
    const approved = await approve(submitted);
    expect([approved.stage, await missingOf(hub, approved)]).toEqual(['APPROVED', missing]);
    for (const attempt of [publish, schedule])
      expect(await refusal(attempt(approved))).toMatchObject({ code: 'WRONG_STAGE' });
    expect((await refusal(approve(approved))).code).toBe('WRONG_STAGE');
    const signed = await approve(approved, 'validator2');
    expect([signed.stage, await missingOf(hub, signed)]).toEqual(['APPROVED', []]);
    expect((await publish(signed)).stage).toBe('PUBLISHED');
    expect(await missingOf(hub, signed)).toEqual([]);
  });

  it('asks nothing of what is less grave, of another kind, or asks people for something else', async () => {
    await ask(['SDIS'], { severityAtLeast: 'EXTREME' });
    await ask(['SDIS'], { responseTypes: ['EVACUATE', 'NO_ACTION'] });
    for (const written of [await inReview(), await inReview({}, 'Event')]) {
      expect(await missingOf(hub, written)).toEqual([]);
      expect((await publish(await approve(written))).stage).toBe('PUBLISHED');
    }
    for (const more of [{ severity: 'EXTREME' }, { responseTypes: ['AVOID', 'NO_ACTION'] }])
      expect(await missingOf(hub, await inReview(more))).toEqual(SDIS);
  });

  it('is one of several, of which one signature may meet all, and never asks for fewer approvals than there must be', async () => {
    await ask(['SDIS']);
    await ask(['SDIS', 'PREFECTURE']);
    await ask(['DEPARTEMENT']);
    const submitted = await inReview({ severity: 'EXTREME' });
    expect(await missingOf(hub, submitted)).toHaveLength(3);
    const one = await approve(submitted, 'validator2');
    expect([one.stage, await missingOf(hub, one)]).toEqual(['IN_REVIEW', [{ anyOf: ['DEPARTEMENT'], count: 1 }]]);
    expect((await refusal(publish(one))).code).toBe('WRONG_STAGE');
    expect((await publish(await approve(one))).stage).toBe('PUBLISHED');
  });

  it('lets people send back what they will not sign, and void with it what was approved', async () => {
    await ask(['SDIS']);
    const back = await sendBack(await approve(await inReview()));
    expect(back.stage).toBe('CHANGES_REQUESTED');
    expect((await deskOf(back)).approvals).toEqual([]);
  });
});

describe('between the approval and the publication', () => {
  it('somebody moves: the signature stays that of the organisation of then (I-31)', async () => {
    await ask(['SDIS']);
    const signed = await approve(await inReview(), 'validator2');
    const unsigned = await approve(await inReview());
    await moveTo(hub, 'validator', sdis);
    await moveTo(hub, 'validator2', DEPARTEMENT);
    try {
      expect((await refusal(publish(unsigned))).code).toBe('WRONG_STAGE');
      expect((await publish(signed)).stage).toBe('PUBLISHED');
    } finally {
      await moveTo(hub, 'validator', DEPARTEMENT);
      await moveTo(hub, 'validator2', sdis);
    }
  });

  it('a rule comes into force: what was approved waits for its signature', async () => {
    const approved = await approve(await inReview());
    await ask(['SDIS']);
    expect((await refusal(publish(approved))).code).toBe('WRONG_STAGE');
    expect((await publish(await approve(approved, 'validator2'))).stage).toBe('PUBLISHED');
  });

  it('a rule ends: what was approved leaves', async () => {
    const rule = await ask(['SDIS']);
    const approved = await approve(await inReview());
    await end(rule);
    expect((await publish(approved)).stage).toBe('PUBLISHED');
  });

  it('a rule comes into force: what was scheduled waits as approved at its hour, and is told in the log', async () => {
    const incidentId = await openIncident(hub, 'programme');
    const scheduled = await schedule(await approve(await inReview({ incidentId })));
    const signed = await schedule(await approve(await inReview()));
    await ask(['SDIS']);
    expect((await approve(signed, 'validator2')).stage).toBe('SCHEDULED');
    clock.set(at(5.5));
    const stages = async () => [(await deskOf(scheduled)).stage, (await deskOf(signed)).stage].join();
    await until(async () => (await stages()) === 'APPROVED,PUBLISHED', PATIENCE_MS);
    expect(await stages()).toBe('APPROVED,PUBLISHED');
    const lines = (await readLog(hub, incidentId)).map(({ text }) => text);
    expect(lines[0]).toContain('Publication programmée impossible, une signature manque');
    const { version } = await deskOf(scheduled);
    await publish(await approve({ ...scheduled, version }, 'validator2'));
  });

  it('somebody publishes at the moment in which another signs: one of them comes first, and nothing leaves unsigned', async () => {
    await ask(['SDIS']);
    for (let round = 0; round < 5; round++) {
      const approved = await approve(await inReview());
      const [signing, leaving] = await Promise.allSettled([approve(approved, 'validator2'), publish(approved)]);
      expect([signing.status, leaving.status]).toEqual(['fulfilled', 'rejected']);
      expect(await missingOf(hub, approved)).toEqual([]);
    }
  });
});

describe('an urgent publication', () => {
  it('leaves without the signature, which the desk and the log show, and which its cosignature must bring', async () => {
    await ask(['SDIS']);
    const incidentId = await openIncident(hub, 'urgence');
    const published = await urgently(await draft(hub, 'Alert', alertInput({ ...URGENT, incidentId })));
    expect([published.stage, await missingOf(hub, published)]).toEqual(['PUBLISHED', SDIS]);
    expect((await deskOf(published)).lint).toContainEqual(
      expect.objectContaining({ rule: 'I-45', message: 'Publié en urgence sans la signature du Sdis.' }),
    );
    const half = await step(hub, 'cosignDossier', 'validator', published);
    expect((await deskOf(half)).cosignDueAt).not.toBeNull();
    expect((await refusal(step(hub, 'cosignDossier', 'validator', half))).code).toBe('WRONG_STAGE');
    const whole = await step(hub, 'cosignDossier', 'validator2', half);
    const desk = await deskOf(whole);
    expect([desk.cosignDueAt, await missingOf(hub, whole)]).toEqual([null, []]);
    expect(desk.approvals.map(({ organisation }) => organisation.kind)).toEqual(['DEPARTEMENT', 'SDIS']);
    expect(desk.lint.map(({ rule }) => rule)).not.toContain('I-45');
    const lines = (await readLog(hub, incidentId)).map(({ text }) => text.replace(/ – .*/, ''));
    expect(lines).toEqual([
      'Cosigné',
      'Cosigné, il manque encore la signature du Sdis',
      'Publié en urgence, sans la signature du Sdis, motif : Vies en danger',
    ]);
    expect((await refusal(step(hub, 'cosignDossier', 'validator2', whole))).code).toBe('WRONG_STAGE');
  });

  it('leaves from wherever a signature is missing, so that no rule holds an evacuation back', async () => {
    const scheduled = await schedule(await approve(await inReview(URGENT)));
    await ask(['SDIS']);
    expect((await urgently(scheduled)).stage).toBe('PUBLISHED');
    const approved = await approve(await inReview(URGENT));
    expect((await urgently(approved)).stage).toBe('PUBLISHED');
    const sentBack = await sendBack(await approve(await inReview(URGENT)));
    expect((await urgently(sentBack)).stage).toBe('PUBLISHED');
    const signed = await approve(await inReview(URGENT), 'validator2');
    expect((await refusal(urgently(signed))).code).toBe('WRONG_STAGE');
  });

  it('leaves, though at that moment somebody of the organisation sends it back', async () => {
    await ask(['SDIS']);
    for (let round = 0; round < 5; round++) {
      const approved = await approve(await inReview(URGENT));
      const [, leaving] = await Promise.allSettled([sendBack(approved), urgently(approved)]);
      if (leaving.status === 'rejected') expect((await refusal(Promise.reject(leaving.reason))).code).toBe('CONFLICT');
      const { stage, version } = await deskOf(approved);
      expect(stage).toBe(leaving.status === 'rejected' ? 'CHANGES_REQUESTED' : 'PUBLISHED');
      if (stage !== 'PUBLISHED') expect((await urgently({ ...approved, version })).stage).toBe('PUBLISHED');
    }
  });

  it('keeps asking for its signature beside what is in hand, and waits no longer for a rule that has ended', async () => {
    const rule = await ask(['SDIS'], { severityAtLeast: 'SEVERE' });
    const published = await urgently(await draft(hub, 'Alert', alertInput(URGENT)));
    const half = await step(hub, 'cosignDossier', 'validator', published);
    const { done } = await hub
      .as('editor')
      .request<{ done: { dossier: Written } }>(
        `mutation ($id: ID!, $version: Int!, $input: AlertInput!) { done: reviseAlert(id: $id, version: $version, input: $input) ${WRITTEN} }`,
        { id: half.id, version: half.version, input: alertInput({ severity: 'MINOR', endsAt: at(20) }) },
      );
    expect(await missingOf(hub, done.dossier)).toEqual(SDIS);
    const { version } = await release(hub, done.dossier);
    expect(await missingOf(hub, half)).toEqual(SDIS);
    await end(rule);
    expect(await missingOf(hub, half)).toEqual([]);
    const cosigned = await step(hub, 'cosignDossier', 'validator', { ...half, version });
    expect((await deskOf(cosigned)).cosignDueAt).toBeNull();
  });
});
