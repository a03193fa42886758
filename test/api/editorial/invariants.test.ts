import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parisTime, SetClock } from '../../../src/clock.ts';
import { testDatabase } from '../../support/database/database.ts';
import {
  adviceInput,
  alertInput,
  closureInput,
  correctionInput,
  draft,
  eventInput,
  publishNew,
  refusal,
  release,
  revise,
  step,
  type Written,
} from '../../support/desk/desk.ts';
import { Follower } from '../../support/following/follower.ts';
import { startHub } from '../../support/hub/hub.ts';

/** The invariants of the domain that no other file names: each by its number. */
const { url } = await testDatabase();
const begin = Date.now();
const at = (hours: number) => parisTime(new Date(begin + hours * 3600_000));
const clock = new SetClock(new Date(begin));
const hub = await startHub({ url, clock });
const owner = new pg.Client({ connectionString: url });
beforeAll(() => owner.connect());
afterAll(async () => {
  await owner.end();
  await hub.close();
});

const read = <T>(query: string, variables: object = {}) => hub.as().request<T>(query, variables);
const relayed = { name: 'Météo-France', relayed: true, url: 'https://vigilance.example', reference: 'FR-1' };

describe('the invariants', () => {
  it('I-03 a relayed message keeps its words to the byte, and is never edited', async () => {
    const texts = [
      { language: 'fr-FR', headline: 'Vigilance orange  crues', description: 'Tronçon Orge : ≥ 3 m\nÀ suivre…' },
    ];
    const thread = await publishNew(hub, 'Alert', alertInput({ source: relayed, texts }));
    const { publication } = await read<{ publication: { text: object; source: object } }>(
      'query ($id: ID!) { publication(id: $id) { text { language headline description } source { name relayed url reference } } }',
      { id: thread.id },
    );
    expect(publication).toEqual({ text: texts[0], source: relayed });
    expect((await refusal(revise(hub, 'Alert', thread, alertInput()))).code).toBe('FORBIDDEN');
  });

  it('I-04 a thread has one live revision', async () => {
    const first = await publishNew(hub);
    await release(hub, await revise(hub, 'Alert', first, alertInput({ contact: 'mairie' })));
    const live = await owner.query(
      `select r.number from publication p join revision r on r.id = p.live_revision_id where p.id = $1`,
      [first.id],
    );
    expect(live.rows).toEqual([{ number: 2 }]);
  });

  it('I-05 and I-06 the CAP messages of a thread are kept in order, their identifiers and times used once', async () => {
    let thread: Written = await publishNew(hub);
    for (const contact of ['a', 'b'])
      thread = await release(hub, await revise(hub, 'Alert', thread, alertInput({ contact })));
    const { rows } = await owner.query<{ identifier: string; sent: Date }>(
      'select identifier, sent from cap_message where thread = $1 order by sent',
      [thread.id],
    );
    expect(new Set(rows.map(({ identifier }) => identifier)).size).toBe(3);
    const entry = await owner.query<{ document: { messages: { identifier: string }[] } }>(
      'select document from journal_entry where subject = $1 order by position desc limit 1',
      [thread.id],
    );
    expect(entry.rows[0]?.document.messages.map(({ identifier }) => identifier)).toEqual(
      rows.map(({ identifier }) => identifier),
    );
    const copy = owner.query('insert into cap_message values ($1, $2, 9, now())', [rows[0]?.identifier, thread.id]);
    await expect(copy).rejects.toMatchObject({ code: '23505' });
  });

  it('I-07 an alert ends after now, lasts at most 7 days, and 24 hours when EXTREME', async () => {
    const lint = async (more: object) =>
      (
        await hub
          .as('editor')
          .request<{ lintAlert: { rule: string; level: string }[] }>(
            'query ($input: AlertInput!) { lintAlert(input: $input) { rule level } }',
            { input: alertInput(more) },
          )
      ).lintAlert.filter(({ rule, level }) => rule === 'I-07' && level === 'ERROR').length;
    expect(await lint({ endsAt: at(-1) })).toBe(1);
    expect(await lint({ endsAt: at(7 * 24 + 1) })).toBe(1);
    expect(await lint({ endsAt: at(7 * 24 - 1) })).toBe(0);
    expect(await lint({ severity: 'EXTREME', endsAt: at(25) })).toBe(1);
    expect(await lint({ severity: 'EXTREME', endsAt: at(23) })).toBe(0);
  });

  it('I-08 an alert has an area that touches the Département', async () => {
    expect((await refusal(draft(hub, 'Alert', alertInput({ areas: [] })))).fields).toEqual([
      { path: 'input.areas', message: 'an alert needs at least one area' },
    ]);
  });

  it('I-09 French is the source: a translation older than it is marked outdated, a renewed one is not', async () => {
    const french = (headline: string) => ({ language: 'fr-FR', headline, description: 'La rivière monte.' });
    const english = (headline: string) => ({ language: 'en-GB', headline, description: 'The river rises.' });
    const outdated = async (id: string) =>
      (
        await read<{ publication: { translations: { language: string; outdated: boolean }[] } }>(
          'query ($id: ID!) { publication(id: $id) { translations { language outdated } } }',
          { id },
        )
      ).publication.translations;
    let thread = await publishNew(hub, 'Alert', alertInput({ texts: [french('Crue'), english('Flood')] }));
    thread = await release(
      hub,
      await revise(hub, 'Alert', thread, alertInput({ texts: [french('Crue forte'), english('Flood')] })),
    );
    expect(await outdated(thread.id)).toEqual([
      { language: 'fr-FR', outdated: false },
      { language: 'en-GB', outdated: true },
    ]);
    thread = await release(
      hub,
      await revise(hub, 'Alert', thread, alertInput({ texts: [french('Crue forte'), english('Strong flood')] })),
    );
    expect(await outdated(thread.id)).toEqual([
      { language: 'fr-FR', outdated: false },
      { language: 'en-GB', outdated: false },
    ]);
  });

  it('I-10 an exercise reaches nobody who did not ask', async () => {
    const follower = new Follower(hub.url);
    const drill = new Follower(hub.url, null, { modes: ['EXERCISE'] });
    await Promise.all([follower.ready(), drill.ready()]);
    const texts = [{ language: 'fr-FR', headline: 'EXERCICE Crue à Breuillet', description: 'Ceci est un exercice.' }];
    const areas = [{ description: 'Breuillet', communes: ['91105'] }];
    const { id } = await publishNew(hub, 'Alert', alertInput({ mode: 'EXERCISE', texts, areas }));
    const real = await publishNew(hub, 'Alert', alertInput({ areas }));
    await follower.until(({ heard }) => heard.length > 0);
    await drill.until(({ heard }) => heard.length > 0);
    expect(follower.heard.map(({ publication }) => publication?.id)).toEqual([real.id]);
    expect(drill.heard.map(({ publication }) => publication?.id)).toEqual([id]);
    const seen = await read<Record<string, { totalCount: number; alerts: { id: string }[] }>>(
      `{ actual: alerts(where: { communes: ["91105"] }) { totalCount }
         drills: alerts(where: { communes: ["91105"], modes: [EXERCISE] }) { totalCount }
         situation(place: { commune: "91105" }) { alerts { id } } }`,
    );
    expect(seen).toMatchObject({
      actual: { totalCount: 1 },
      drills: { totalCount: 1 },
      situation: { alerts: [{ id: real.id }] },
    });
    expect(await (await fetch(`${hub.url}/?commune=91105`)).text()).not.toContain('EXERCICE');
    await Promise.all([follower.stop(), drill.stop()]);
  });

  it('I-16 an alert that expires within 30 minutes shows on the desk', async () => {
    const { id } = await publishNew(hub, 'Alert', alertInput({ endsAt: at(0.4) }));
    const { dossier } = await hub
      .as('validator')
      .request<{ dossier: { lint: { rule: string }[] } }>('query ($id: ID!) { dossier(id: $id) { lint { rule } } }', {
        id,
      });
    expect(dossier.lint.map(({ rule }) => rule)).toContain('I-16');
  });

  it('I-17 a polygon is closed, simple, in range', async () => {
    const crossing = [
      [2.3, 48.6],
      [2.4, 48.7],
      [2.4, 48.6],
      [2.3, 48.7],
      [2.3, 48.6],
    ];
    const areas = [{ description: 'Nœud', geometry: { type: 'Polygon', coordinates: [crossing] } }];
    expect((await refusal(draft(hub, 'Alert', alertInput({ areas })))).code).toBe('INVALID_INPUT');
  });

  it('I-20 a cancelled thread never comes back, by hand or by a late job', async () => {
    const thread = await publishNew(hub, 'Closure', closureInput({ startsAt: at(5), endsAt: at(9) }));
    const cancel = (written: Written) =>
      hub
        .as('validator')
        .request(
          'mutation ($id: ID!, $version: Int!) { cancelPublication(id: $id, version: $version, reason: "Annulée") { publication { state } } }',
          { ...written },
        );
    expect(await cancel(thread)).toEqual({ cancelPublication: { publication: { state: 'CANCELLED' } } });
    clock.set(at(6));
    const marker = await publishNew(hub, 'Closure', closureInput({ startsAt: at(5), endsAt: at(9) }));
    const follower = new Follower(hub.url);
    await follower.ready();
    clock.set(at(10));
    await follower.until(({ heard }) =>
      heard.some(({ type, publication }) => type === 'ENDED' && publication?.id === marker.id),
    );
    expect(follower.heard.some(({ publication }) => publication?.id === thread.id)).toBe(false);
    expect(await read('query ($id: ID!) { publication(id: $id) { state } }', { id: thread.id })).toEqual({
      publication: { state: 'CANCELLED' },
    });
    const reopened = owner.query('update publication set closed = false where id = $1', [thread.id]);
    await expect(reopened).rejects.toMatchObject({ code: 'TOC02' });
    await follower.stop();
    clock.set(new Date(begin));
  });

  it('I-19 publication(at:) answers exactly what was public then', async () => {
    const asOf = async (id: string, moment: string) =>
      (
        await read<{ publication: { revision: number } | null }>(
          'query ($id: ID!, $at: DateTime!) { publication(id: $id, at: $at) { revision } }',
          { id, at: moment },
        )
      ).publication?.revision ?? null;
    clock.set(at(1));
    const first = await publishNew(hub, 'Closure', closureInput({ endsAt: at(40) }));
    clock.set(at(3));
    await release(hub, await revise(hub, 'Closure', first, closureInput({ endsAt: at(40), cause: 'Arbre' })));
    expect(await Promise.all([at(0), at(2), at(4)].map((moment) => asOf(first.id, moment)))).toEqual([null, 1, 2]);
    clock.set(new Date(begin));
  });
});

describe('I-21 the mode of what is public', () => {
  const inputs = {
    Alert: alertInput,
    Event: eventInput,
    Closure: closureInput,
    Advice: adviceInput,
    Correction: correctionInput,
  };
  const marked = { ACTUAL: 'Réel', EXERCISE: 'EXERCICE', TEST: 'TEST' };
  type Kind = keyof typeof inputs;
  type Mode = keyof typeof marked;
  const inMode = (kind: Kind, mode: Mode, more: object = {}) =>
    inputs[kind]({
      mode,
      texts: [{ language: 'fr-FR', headline: `${marked[mode]} Essai`, description: `${marked[mode]} Un essai.` }],
      ...more,
    });
  const modeOf = async (id: string) =>
    (await read<{ publication: { mode: Mode } }>('query ($id: ID!) { publication(id: $id) { mode } }', { id }))
      .publication.mode;

  it.each<[Kind, Mode, Mode]>([
    ['Alert', 'ACTUAL', 'EXERCISE'],
    ['Alert', 'ACTUAL', 'TEST'],
    ['Alert', 'EXERCISE', 'ACTUAL'],
    ['Alert', 'TEST', 'ACTUAL'],
    ['Event', 'ACTUAL', 'EXERCISE'],
    ['Event', 'EXERCISE', 'TEST'],
    ['Closure', 'ACTUAL', 'TEST'],
    ['Closure', 'TEST', 'EXERCISE'],
    ['Advice', 'EXERCISE', 'ACTUAL'],
    ['Correction', 'ACTUAL', 'EXERCISE'],
  ])('of %s stays %s: a revision in mode %s is refused, beside what is in hand as well', async (kind, mode, other) => {
    const thread = await publishNew(hub, kind, inMode(kind, mode));
    const refused = {
      code: 'INVALID_INPUT',
      fields: [{ path: 'input.mode', message: expect.stringContaining(`must stay ${mode}`) }],
    };
    expect(await refusal(revise(hub, kind, thread, inMode(kind, other)))).toMatchObject(refused);
    const texts = [
      { language: 'fr-FR', headline: `${marked[mode]} Autre`, description: `${marked[mode]} Autres mots.` },
    ];
    const inHand = await revise(hub, kind, thread, inMode(kind, mode, { texts }));
    expect(await refusal(revise(hub, kind, inHand, inMode(kind, other)))).toMatchObject(refused);
    await release(hub, inHand);
    expect(await modeOf(thread.id)).toBe(mode);
  });

  it('may change until something is public', async () => {
    const first = await draft(hub, 'Alert', inMode('Alert', 'ACTUAL'));
    const thread = await release(hub, await revise(hub, 'Alert', first, inMode('Alert', 'TEST')));
    expect(await modeOf(thread.id)).toBe('TEST');
  });

  it('holds for a revision that was in hand before the hub refused it', async () => {
    const thread = await publishNew(hub, 'Advice', inMode('Advice', 'TEST'));
    const inHand = await revise(hub, 'Advice', thread, inMode('Advice', 'TEST', { phase: 'AFTER' }));
    await owner.query(
      `update revision set mode = 'ACTUAL', content = content || '{"mode": "ACTUAL"}'
       where dossier_id = $1 and published_at is null`,
      [thread.id],
    );
    expect(await refusal(release(hub, inHand))).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'mode' }] });
    expect(await modeOf(thread.id)).toBe('TEST');
  });

  it.each<[Mode, Mode, boolean]>([
    ['ACTUAL', 'ACTUAL', true],
    ['EXERCISE', 'ACTUAL', false],
    ['TEST', 'ACTUAL', false],
    ['ACTUAL', 'EXERCISE', true],
    ['EXERCISE', 'EXERCISE', true],
    ['TEST', 'EXERCISE', false],
    ['ACTUAL', 'TEST', true],
    ['EXERCISE', 'TEST', false],
  ])('advice of mode %s is pinned by an alert of mode %s: %s', async (pinned, mode, taken) => {
    const advice = await publishNew(hub, 'Advice', inMode('Advice', pinned));
    const written = draft(hub, 'Alert', inMode('Alert', mode, { adviceIds: [advice.id] }));
    if (taken) expect((await written).stage).toBe('DRAFT');
    else
      expect(await refusal(written)).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'input.adviceIds.0' }] });
  });
});

describe('an urgent publication', () => {
  const urgent = alertInput({ severity: 'EXTREME', urgency: 'IMMEDIATE' });
  const publishUrgently = ({ id, version }: Written) =>
    hub
      .as('duty')
      .request<{ done: { dossier: Written & { cosignDueAt: string | null } } }>(
        'mutation ($id: ID!, $version: Int!) { done: publishDossierUrgently(id: $id, version: $version, reason: "Vies en danger") { dossier { id version stage cosignDueAt } } }',
        { id, version },
      );

  it('is public at once by one duty officer, and asks for a second signature within 30 minutes', async () => {
    const { dossier } = (await publishUrgently(await draft(hub, 'Alert', urgent))).done;
    expect(dossier.stage).toBe('PUBLISHED');
    expect(Date.parse(dossier.cosignDueAt ?? '')).toBeCloseTo(begin + 30 * 60_000, -4);
    expect((await refusal(step(hub, 'cosignDossier', 'duty', dossier))).code).toBe('FORBIDDEN');
    await step(hub, 'cosignDossier', 'validator', dossier);
    const after = await hub
      .as('validator')
      .request('query ($id: ID!) { dossier(id: $id) { cosignDueAt } }', { id: dossier.id });
    expect(after).toEqual({ dossier: { cosignDueAt: null } });
  });

  it('is refused to what is not immediate and grave', async () => {
    const written = await draft(hub, 'Alert', alertInput({ urgency: 'EXPECTED' }));
    expect((await refusal(publishUrgently(written))).code).toBe('FORBIDDEN');
  });
});

describe('many at once', () => {
  it('of 50 editors who save one dossier one wins, and the others are told the current version', async () => {
    let written = await draft(hub, 'Closure');
    for (let round = 0; round < 3; round++) {
      const saved = await Promise.allSettled(
        Array.from({ length: 50 }, (_, number) =>
          revise(hub, 'Closure', written, closureInput({ cause: `Cause ${round}-${number}` })),
        ),
      );
      const won = saved.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      const lost = saved.flatMap((result) =>
        result.status === 'rejected' ? [result.reason.response.errors[0].extensions] : [],
      );
      expect(won).toHaveLength(1);
      expect(lost.map(({ code, currentVersion }) => [code, currentVersion])).toEqual(
        Array(49).fill(['CONFLICT', written.version + 1]),
      );
      written = won[0] ?? written;
    }
  }, 120_000);

  it('an approval while somebody edits never counts for the edited text', async () => {
    for (let round = 0; round < 10; round++) {
      const submitted = await step(hub, 'submitDossier', 'editor', await draft(hub, 'Closure'));
      const [approved, edited] = await Promise.allSettled([
        step(hub, 'approveDossier', 'validator', submitted),
        revise(hub, 'Closure', submitted, closureInput({ cause: `Autre ${round}` })),
      ]);
      expect([approved.status, edited.status].sort()).toEqual(['fulfilled', 'rejected']);
      const { dossier } = await hub
        .as('validator')
        .request<{ dossier: { stage: string; contentHash: string; approvals: { contentHash: string }[] } }>(
          'query ($id: ID!) { dossier(id: $id) { stage contentHash approvals { contentHash } } }',
          { id: submitted.id },
        );
      expect(dossier.stage).toBe(approved.status === 'fulfilled' ? 'APPROVED' : 'DRAFT');
      for (const approval of dossier.approvals) expect(approval.contentHash).toBe(dossier.contentHash);
    }
  }, 120_000);
});

describe('race day', () => {
  it('a delay of the event moves its closures in one operation: by their rule, else by the same minutes', async () => {
    const event = await publishNew(hub, 'Event', eventInput({ startsAt: at(4), endsAt: at(8) }));
    const ruled = await publishNew(
      hub,
      'Closure',
      closureInput({
        eventId: event.id,
        eventWindow: { minutesBefore: 60, minutesAfter: 15 },
        startsAt: at(3),
        endsAt: at(8.25),
      }),
    );
    const plain = await publishNew(hub, 'Closure', closureInput({ eventId: event.id, startsAt: at(2), endsAt: at(9) }));
    const { delayEvent } = await hub
      .as('editor')
      .request<{ delayEvent: { dossiers: (Written & { preview: { startsAt: string; endsAt: string } })[] } }>(
        'mutation ($id: ID!, $version: Int!) { delayEvent(id: $id, version: $version, minutes: 90) { dossiers { id version stage preview { startsAt endsAt } } } }',
        { ...event },
      );
    expect(delayEvent.dossiers.map(({ id, stage, preview }) => [id, stage, preview.startsAt, preview.endsAt])).toEqual([
      [event.id, 'DRAFT', at(5.5), at(9.5)],
      [ruled.id, 'DRAFT', at(4.5), at(9.75)],
      [plain.id, 'DRAFT', at(3.5), at(10.5)],
    ]);
    for (const dossier of delayEvent.dossiers) await release(hub, dossier);
    const { publication } = await read<{ publication: { eventStatus: string; closures: { revision: number }[] } }>(
      'query ($id: ID!) { publication(id: $id) { ... on EventPublication { eventStatus closures { revision } } } }',
      { id: event.id },
    );
    expect(publication).toEqual({ eventStatus: 'RESCHEDULED', closures: [{ revision: 2 }, { revision: 2 }] });
  });
});
