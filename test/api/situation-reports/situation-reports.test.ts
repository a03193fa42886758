import { createHash, randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { newIncident, onIncident } from '../../support/crisis-cell/incident-desk.ts';
import {
  draftReport,
  freezeNext,
  freezeReport,
  PARTS_WRITTEN,
  removeReport,
  reportNamed,
  reportsOf,
  reviseReport,
} from '../../support/crisis-cell/situation-desk.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, draft, hoursFromNow, publishNew, refusal, step } from '../../support/desk/desk.ts';
import { readLog } from '../../support/desk/log-desk.ts';
import { startHub, tokens } from '../../support/hub/hub.ts';

/** A situation report from its first word to the edition that replaces it, over the public API. */
const { url } = await testDatabase();
const hub = await startHub({ url });
const second = await startHub({ url });
afterAll(() => Promise.all([hub.close(), second.close()]));

async function organisation(kind: string, name: string): Promise<string> {
  const { made } = await hub
    .as('admin')
    .request<{ made: { organisation: { id: string } } }>(
      'mutation ($kind: OrganisationKind!, $name: String!) { made: createOrganisation(kind: $kind, name: $name, shortName: "X") { organisation { id } } }',
      { kind, name },
    );
  return made.organisation.id;
}
const prefecture = await organisation('PREFECTURE', 'Préfecture de l’Essonne');
const sdis = await organisation('SDIS', 'Sdis 91');
const opened = async (slug: string): Promise<string> => (await newIncident(hub, slug)).id;

describe('a situation report', () => {
  it('begins as a draft without a word, of the next number, with the figures of now', async () => {
    const incident = await opened('point-1');
    const begun = await draftReport(hub, incident);
    expect(begun).toMatchObject({
      version: 1,
      incident: { id: incident },
      mode: 'ACTUAL',
      number: 1,
      edition: 1,
      state: 'DRAFT',
      logNumber: 0,
      contentHash: null,
      frozenBy: null,
      organisation: null,
      replaces: null,
      printUrl: `${hub.url}/desk/situation-reports/${begun.id}`,
      parts: { situation: null, measures: null, outlook: null, wanted: null, toll: null, nextAt: null },
      figures: { level: 'STANDBY', since: null, inForce: [], published: 0, communeNames: [], inhabitants: 0 },
    });
    expect((await reportsOf(hub, incident))[0]?.figures.published).toBe(0);
    await publishNew(hub, 'Alert', alertInput({ incidentId: incident }));
    expect((await reportsOf(hub, incident))[0]?.figures.published).toBe(1);
    expect(await refusal(draftReport(hub, incident))).toMatchObject({ code: 'CONFLICT' });
    expect(await refusal(draftReport(hub, randomUUID()))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await refusal(draftReport(hub, 'x'))).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('has its words replaced as a whole, by somebody who saw the last ones', async () => {
    const begun = await draftReport(hub, await opened('point-2'));
    const toll = { figure: ' 2 blessés légers ', source: prefecture, countedAt: hoursFromNow(-1) };
    const nextAt = hoursFromNow(2);
    const whole = { situation: 'A', measures: 'B\nC', outlook: 'D', wanted: 'E', toll, nextAt };
    const written = await reviseReport(hub, begun, whole);
    expect(written).toMatchObject({
      version: 2,
      parts: {
        ...whole,
        toll: {
          figure: '2 blessés légers',
          source: { id: prefecture, name: 'Préfecture de l’Essonne' },
          countedAt: toll.countedAt,
        },
      },
    });
    expect((await reviseReport(hub, written)).parts).toMatchObject({ ...PARTS_WRITTEN, measures: null, toll: null });
    expect(await refusal(reviseReport(hub, written))).toMatchObject({ code: 'CONFLICT', currentVersion: 3 });
    expect(await refusal(reviseReport(hub, { id: randomUUID(), version: 1 }))).toMatchObject({ code: 'NOT_FOUND' });
  });

  it.each<[string, object, string]>([
    ['situation', { situation: `${'mot '.repeat(4)}\n`.repeat(11) }, 'must fit on 10 lines'],
    ['situation', { situation: 'x'.repeat(4_001) }, 'at most 4000 characters'],
    ['situation', { situation: ' ' }, 'must not be empty'],
    ['situation', { situation: 'a\u0000' }, 'U+0000'],
    ['situation', { situation: 'a\ud800' }, 'U+D800'],
    ['measures', { measures: 'Les secours évacuent le quartier. '.repeat(30) }, 'must fit on 7 lines'],
    ['outlook', { outlook: 'Décrue attendue vers minuit. '.repeat(30) }, 'must fit on 5 lines'],
    ['wanted', { wanted: '一'.repeat(300) }, 'must fit on 4 lines'],
    ['toll.figure', { toll: { figure: 'x'.repeat(90), source: prefecture, countedAt: hoursFromNow(-1) } }, 'one line'],
    [
      'toll.countedAt',
      { toll: { figure: '1', source: prefecture, countedAt: hoursFromNow(1) } },
      'must not lie in the future',
    ],
    ['toll.source', { toll: { figure: '1', source: sdis, countedAt: hoursFromNow(-1) } }, 'of kind PREFECTURE'],
    ['toll.source', { toll: { figure: '1', source: 'x', countedAt: hoursFromNow(-1) } }, 'must be the id'],
    ['nextAt', { nextAt: hoursFromNow(-1) }, 'must lie in the future'],
  ])(
    'refuses words that are wrong, names the part and its limit, and keeps the words before: %s',
    async (part, words, message) => {
      const incident = await opened(`mots-${randomUUID().slice(0, 13)}`);
      const begun = await draftReport(hub, incident);
      const refused = await refusal(reviseReport(hub, begun, { ...PARTS_WRITTEN, ...words }));
      expect(refused.code).toBe('INVALID_INPUT');
      expect(refused.fields).toEqual([{ path: `parts.${part}`, message: expect.stringContaining(message) }]);
      expect((await reportsOf(hub, incident))[0]).toMatchObject({ version: 1, parts: begun.parts });
    },
  );

  it('is frozen with its figures and its hash, and never changes (I-41)', async () => {
    const incident = await opened('point-3');
    const begun = await draftReport(hub, incident);
    expect(await refusal(freezeReport(hub, begun))).toMatchObject({ code: 'WRONG_STAGE' });
    const frozen = await freezeReport(hub, await reviseReport(hub, begun), 'duty');
    expect(frozen).toMatchObject({
      version: 3,
      state: 'FROZEN',
      contentHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      frozenBy: { name: 'Claire Moreau (astreinte)' },
      organisation: { name: 'Département de l’Essonne' },
      parts: PARTS_WRITTEN,
    });
    const content = await withSession(url, async (session) => {
      const { rows } = await session.query('select content from situation_report where id = $1', [frozen.id]);
      return String(rows[0].content);
    });
    expect(createHash('sha256').update(content).digest('hex')).toBe(frozen.contentHash);
    expect(JSON.parse(content)).toMatchObject({ number: 1, asOf: frozen.asOf, figures: { level: 'STANDBY' } });
    const { figures: counted } = frozen;
    await publishNew(hub, 'Alert', alertInput({ incidentId: incident }));
    expect((await reportsOf(hub, incident))[0]).toEqual({ ...frozen, figures: counted });
    for (const attempt of [reviseReport, freezeReport, removeReport])
      expect(await refusal(attempt(hub, frozen))).toMatchObject({ code: 'WRONG_STAGE' });
  });

  it('is numbered without a gap; a draft that is taken away leaves its number (I-42)', async () => {
    const incident = await opened('point-4');
    const needless = await draftReport(hub, incident);
    expect(await refusal(removeReport(hub, { ...needless, version: 2 }))).toMatchObject({ code: 'CONFLICT' });
    expect(await removeReport(hub, needless)).toBe(needless.id);
    for (const number of [1, 2, 3]) expect((await freezeNext(hub, incident)).number).toBe(number);
    const again = await draftReport(hub, incident);
    await removeReport(second, again);
    expect((await draftReport(second, incident)).number).toBe(4);
    expect((await reportsOf(hub, incident)).map(({ number }) => number)).toEqual([4, 3, 2, 1]);
  });

  it('is put right by another edition, which alone is in force then (I-42)', async () => {
    const incident = await opened('point-5');
    const first = await freezeNext(hub, incident);
    const wrong = await freezeNext(hub, incident, { situation: 'Deux blessés.', outlook: 'Décrue.' });
    const notLast = await refusal(draftReport(hub, incident, first.id));
    expect(notLast).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'replaces' }] });
    const begun = await draftReport(hub, incident, wrong.id.toUpperCase());
    expect(begun).toMatchObject({
      number: 2,
      edition: 2,
      state: 'DRAFT',
      parts: wrong.parts,
      replaces: { id: wrong.id },
    });
    expect(await reportNamed(hub, { incident, number: 2, edition: 1 })).toMatchObject({ state: 'FROZEN' });
    const right = await freezeReport(hub, await reviseReport(hub, begun, { situation: 'Trois blessés.' }));
    expect(right).toMatchObject({ number: 2, edition: 2, state: 'FROZEN', figures: { since: first.asOf } });
    const replaced = await reportNamed(hub, { incident, number: 2, edition: 1 });
    expect(replaced).toEqual({ ...wrong, state: 'REPLACED', version: wrong.version + 1 });
    expect(await reportNamed(hub, { incident, number: 2 })).toEqual(right);
    expect((await draftReport(hub, incident)).figures.since).toBe(right.asOf);
    for (const name of [
      { incident, number: 9 },
      { incident: 'x', number: 1 },
      { incident, number: 1, edition: 2 },
    ])
      expect(await reportNamed(hub, name)).toBeNull();
  });

  it('takes of two people at once the first: to begin, to revise and to freeze', async () => {
    const incident = await opened('point-6');
    const together = async (attempt: (of: typeof hub) => Promise<unknown>): Promise<string[]> => {
      const attempts = [hub, second, hub, second].map(attempt);
      const ends = attempts.map((one) =>
        one.then(
          () => 'done',
          () => refusal(one).then(({ code }) => code),
        ),
      );
      return (await Promise.all(ends)).sort();
    };
    const once = ['CONFLICT', 'CONFLICT', 'CONFLICT', 'done'];
    expect(await together((of) => draftReport(of, incident))).toEqual(once);
    const [begun] = await reportsOf(hub, incident);
    expect(await together((of) => reviseReport(of, begun!))).toEqual(once);
    const [written] = await reportsOf(hub, incident);
    expect(await together((of) => freezeReport(of, written!))).toEqual(once);
    expect(await reportsOf(hub, incident)).toHaveLength(1);
    expect((await readLog(hub, incident)).map(({ text }) => text)).toEqual(['Point de situation n° 1 arrêté']);
  });

  it('leaves a line of the log when it is frozen, and counts the lines before (I-36)', async () => {
    const incident = await newIncident(hub, 'point-7');
    await onIncident(hub, 'duty', 'setIncidentLevel', { id: incident.id, version: 1, level: 'FULL', reason: 'Crue.' });
    const frozen = await freezeNext(hub, incident.id);
    expect([frozen.logNumber, frozen.figures.level]).toEqual([1, 'FULL']);
    const again = await freezeReport(hub, await draftReport(hub, incident.id, frozen.id));
    expect(again.logNumber).toBe(2);
    const lines = await readLog(hub, incident.id);
    expect(lines.map(({ text }) => text)).toEqual([
      'Point de situation n° 1 arrêté, édition 2, qui remplace l’édition 1',
      'Point de situation n° 1 arrêté',
      'Niveau : cellule complète, motif : Crue.',
    ]);
    expect(lines[0]).toMatchObject({ kind: 'DEED', important: true, by: { name: expect.any(String) } });
  });

  it('is frozen of a closed incident too: its mistakes are put right', async () => {
    const incident = await newIncident(hub, 'point-8');
    const frozen = await freezeNext(hub, incident.id);
    await onIncident(hub, 'duty', 'closeIncident', { id: incident.id, version: 1, reason: 'Fin.', leaveRunning: [] });
    const again = await freezeReport(hub, await draftReport(hub, incident.id, frozen.id));
    expect(again).toMatchObject({ number: 1, edition: 2, figures: { level: 'STANDBY', onDuty: [] } });
  });

  it('is not frozen together with what publishes: that would be counted as new twice', async () => {
    const incident = await opened('point-9');
    const written = await reviseReport(hub, await draftReport(hub, incident));
    const submitted = await step(
      hub,
      'submitDossier',
      'editor',
      await draft(hub, 'Alert', alertInput({ incidentId: incident })),
    );
    const approved = await step(hub, 'approveDossier', 'validator', submitted);
    const answer = await fetch(`${hub.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${tokens.validator}`,
        'idempotency-key': randomUUID(),
      },
      body: JSON.stringify({
        query: `mutation { publishDossier(id: "${approved.id}", version: ${approved.version}) { asOf }
          freezeSituationReport(id: "${written.id}", version: ${written.version}) { asOf } }`,
      }),
    });
    expect((await answer.json()).errors[0].extensions.code).toBe('WRONG_STAGE');
    expect((await freezeReport(hub, written)).figures.published).toBe(0);
  });
});

describe('the public', () => {
  it('reads nothing of a situation report', async () => {
    const secret = 'Libellule';
    const incident = await opened('canari-point');
    const { id } = await publishNew(hub, 'Alert', alertInput({ incidentId: incident }));
    const frozen = await freezeNext(hub, incident, { situation: secret, measures: secret });
    for (const page of [
      `/publications/${id}`,
      `/publications/${id}.jsonld`,
      `/cap/${id}/latest.xml`,
      '/',
      '/feeds/alerts.atom',
    ])
      expect(await (await fetch(`${hub.url}${page}`)).text()).not.toMatch(/Libellule|situation-report/);
    const query = '($incident: ID!) { situationReport(incident: $incident, number: 1) { parts { situation } } }';
    for (const persona of [undefined, 'volunteer', 'marshal', 'scheduler', 'admin'] as const) {
      const code = persona ? 'FORBIDDEN' : 'UNAUTHENTICATED';
      expect(await refusal(hub.as(persona).request(`query ${query}`, { incident }))).toMatchObject({ code });
      const headers = persona ? { authorization: `Bearer ${tokens[persona]}` } : undefined;
      const page = await fetch(frozen.printUrl, headers ? { headers } : {});
      expect([page.status, (await page.text()).includes(secret)]).toEqual([persona ? 403 : 401, false]);
    }
  });
});
