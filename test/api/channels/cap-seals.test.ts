import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parisTime, SetClock } from '../../../src/clock.ts';
import { lintCap } from '../../../src/formats/cap/lint/lint.ts';
import type { AlertDocument } from '../../../src/publications/alert/alert.content.ts';
import { testDatabase } from '../../support/database/database.ts';
import {
  alertInput,
  draft,
  publishNew,
  refusal,
  release,
  revise,
  step,
  type Written,
} from '../../support/desk/desk.ts';
import { Follower } from '../../support/following/follower.ts';
import { startHub } from '../../support/hub/hub.ts';
import { signingPair } from '../../support/hub/signing.ts';

/** CAP messages are rendered, checked, signed and kept in the transaction that publishes. */
const { url } = await testDatabase();
const begin = Date.now();
const HOUR = 3600_000;
const at = (hours: number) => parisTime(new Date(begin + hours * HOUR));
const clock = new SetClock(new Date(begin));
const hub = await startHub({ url, clock });
const owner = new pg.Client({ connectionString: url });
beforeAll(() => owner.connect());
afterAll(async () => {
  await owner.end();
  await hub.close();
});

const tag = (xml: string, name: string): string | undefined => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];

async function sealsOf(thread: string): Promise<string[]> {
  const { rows } = await owner.query<{ bytes: Buffer }>(
    'select s.bytes from cap_message m left join cap_seal s using (identifier) where m.thread = $1 order by m.sent',
    [thread],
  );
  return rows.map(({ bytes }) => bytes.toString());
}

async function documentOf(thread: string): Promise<AlertDocument> {
  const { rows } = await owner.query<{ document: AlertDocument }>(
    'select document from journal_entry where subject = $1 order by position desc limit 1',
    [thread],
  );
  return rows[0]!.document;
}

const allClear = ({ id, version }: Written, headline = 'Fin de l’inondation à Longjumeau') =>
  hub
    .as('validator')
    .request(
      `mutation ($id: ID!, $version: Int!, $texts: [PublicationTextInput!]!) { giveAllClear(id: $id, version: $version, texts: $texts) { publication { state } } }`,
      { id, version, texts: [{ language: 'fr-FR', headline, description: 'L’eau est redescendue.' }] },
    );

/** What a dossier left behind in the tables of what is public. */
async function traceOf(dossier: string): Promise<unknown> {
  const { rows } = await owner.query(
    `select stage, (select count(*)::int from cap_message where thread = d.id) as messages,
       (select count(*)::int from revision where dossier_id = d.id and published_at is not null) as published
     from dossier d where id = $1`,
    [dossier],
  );
  return rows[0];
}

/** Reaches to Sweden: the desk's own rules let it pass, the message's do not. */
const far = {
  type: 'Polygon',
  coordinates: [
    [
      [2.3, 48.6],
      [15, 57],
      [2.3, 48.7],
      [2.3, 48.6],
    ],
  ],
};
const unsealable = (more: object = {}) =>
  alertInput({ areas: [{ description: 'Longjumeau', communes: ['91345'], geometry: far }], ...more });

describe('publishing an alert', () => {
  it('keeps a message for each step of its life, each referring to all that live, and every one is without fault', async () => {
    let thread = await publishNew(hub);
    thread = await release(hub, await revise(hub, 'Alert', thread, alertInput({ severity: 'MODERATE' })));
    await allClear(thread);
    const [seals, { messages }] = [await sealsOf(thread.id), await documentOf(thread.id)];
    expect(seals.map((xml) => [tag(xml, 'msgType'), tag(xml, 'responseType')])).toEqual([
      ['Alert', 'Avoid'],
      ['Update', 'Avoid'],
      ['Update', 'AllClear'],
    ]);
    expect(tag(seals[2]!, 'references')?.split(' ')).toEqual(
      messages.slice(0, 2).map(({ sender, identifier, sent }) => `${sender},${identifier},${sent}`),
    );
    expect(tag(seals[0]!, 'web')).toBe(`${hub.url}/publications/${thread.id}`);
    seals.forEach((xml, index) => {
      const context = { earlier: messages.slice(0, index), relayed: false, certificate: signingPair.certificate };
      const errors = lintCap(Buffer.from(xml), context).filter(({ level }) => level === 'ERROR');
      expect(errors).toEqual([]);
    });
  });

  it('tells a withdrawal by a Cancel with its reason', async () => {
    const thread = await publishNew(hub);
    await hub
      .as('validator')
      .request(
        'mutation ($id: ID!, $version: Int!) { cancelPublication(id: $id, version: $version, reason: "Sonde en panne.") { publication { state } } }',
        { ...thread },
      );
    const [, xml = ''] = await sealsOf(thread.id);
    expect([tag(xml, 'msgType'), tag(xml, 'note'), tag(xml, 'description')]).toEqual([
      'Cancel',
      'Sonde en panne.',
      'Sonde en panne.',
    ]);
  });

  it('is stopped by a rule that only the message breaks: at the review already, and whatever the way', async () => {
    const written = await draft(hub, 'Alert', unsealable({ severity: 'EXTREME', urgency: 'IMMEDIATE' }));
    const broken = expect.objectContaining({ rule: 'C10', path: 'cap.info.0.area.0.polygon', level: 'ERROR' });
    expect(await refusal(step(hub, 'submitDossier', 'editor', written))).toMatchObject({
      code: 'NOT_LINTED',
      findings: expect.arrayContaining([broken]),
    });
    const urgently = hub
      .as('duty')
      .request(
        'mutation ($id: ID!, $version: Int!) { publishDossierUrgently(id: $id, version: $version, reason: "Vies en danger") { dossier { id } } }',
        { ...written },
      );
    expect((await refusal(urgently)).code).toBe('NOT_LINTED');
    expect(await traceOf(written.id)).toEqual({ stage: 'DRAFT', messages: 0, published: 0 });
  });

  it('is stopped at publication by what came to be wrong after the approval, and leaves nothing', async () => {
    const submitted = await step(hub, 'submitDossier', 'editor', await draft(hub, 'Alert'));
    const approved = await step(hub, 'approveDossier', 'validator', submitted);
    await owner.query(
      `update revision set content = jsonb_set(content, '{areas,0,geometry}', $2::jsonb) where dossier_id = $1`,
      [approved.id, JSON.stringify(far)],
    );
    expect((await refusal(step(hub, 'publishDossier', 'validator', approved))).code).toBe('NOT_LINTED');
    const scheduled = hub
      .as('validator')
      .request(
        'mutation ($id: ID!, $version: Int!, $at: DateTime!) { publishDossier(id: $id, version: $version, at: $at) { dossier { id } } }',
        { ...approved, at: at(2) },
      );
    expect((await refusal(scheduled)).code).toBe('NOT_LINTED');
    expect(await traceOf(approved.id)).toEqual({ stage: 'APPROVED', messages: 0, published: 0 });
  });

  it('refuses an all clear that breaks a rule, and the alert stays', async () => {
    const thread = await publishNew(
      hub,
      'Alert',
      alertInput({
        mode: 'EXERCISE',
        texts: [{ language: 'fr-FR', headline: 'EXERCICE Crue', description: 'Fictive.' }],
      }),
    );
    expect((await refusal(allClear(thread, 'Fin de la crue'))).code).toBe('NOT_LINTED');
    await allClear(thread, 'EXERCICE Fin de la crue');
    expect((await sealsOf(thread.id)).map((xml) => tag(xml, 'status'))).toEqual(['Exercise', 'Exercise']);
  });

  it('is sealed as well when the timekeeper does it, as of that moment', async () => {
    const submitted = await step(hub, 'submitDossier', 'editor', await draft(hub, 'Alert'));
    const approved = await step(hub, 'approveDossier', 'validator', submitted);
    await hub
      .as('validator')
      .request(
        'mutation ($id: ID!, $version: Int!, $at: DateTime!) { publishDossier(id: $id, version: $version, at: $at) { dossier { id } } }',
        { ...approved, at: at(3) },
      );
    expect(await sealsOf(approved.id)).toEqual([]);
    const follower = new Follower(hub.url);
    await follower.ready();
    clock.set(new Date(begin + 3 * HOUR));
    await follower.until(({ heard }) => heard.some(({ publication }) => publication?.id === approved.id));
    await follower.stop();
    const [xml = ''] = await sealsOf(approved.id);
    expect(tag(xml, 'sent')).toBe(at(3));
    clock.set(new Date(begin));
  });
});

describe('the database', () => {
  it('refuses a message without its bytes, and bytes under another hash', async () => {
    const bare = owner.query(
      `insert into cap_message values ('bare', gen_random_uuid(), 1, now() - interval '1 year')`,
    );
    await expect(bare).rejects.toMatchObject({ code: 'TOC03' });
    const forged = owner.query(
      `insert into cap_seal values ('forged', gen_random_uuid(), 1, encode(sha256('a'), 'hex'), 'b', now())`,
    );
    await expect(forged).rejects.toMatchObject({ code: '23514' });
  });

  it('of a hub that kept no messages gets them when the hub starts', async () => {
    const thread = await publishNew(hub);
    const [before = ''] = await sealsOf(thread.id);
    await owner.query('alter table cap_seal disable trigger user');
    await owner.query('delete from cap_seal where thread = $1', [thread.id]);
    await owner.query('alter table cap_seal enable trigger user');
    const next = await startHub({ url, clock });
    await next.close();
    const [after = ''] = await sealsOf(thread.id);
    expect(tag(after, 'identifier')).toBe(tag(before, 'identifier'));
    expect(tag(after, 'sent')).toBe(tag(before, 'sent'));
  });
});
