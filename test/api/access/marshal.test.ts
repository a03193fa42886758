import type { ClientError } from 'graphql-request';
import { afterAll, describe, expect, it } from 'vitest';
import { parisTime } from '../../../src/clock.ts';
import { testDatabase } from '../../support/database/database.ts';
import { draft, hoursFromNow, publishNew, refusal } from '../../support/desk/desk.ts';
import { Follower } from '../../support/following/follower.ts';
import { type Hub, startHub, tokens } from '../../support/hub/hub.ts';

/** A marshal stands at a road with a telephone: what that telephone can do, and what whoever finds it cannot. */
const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

const now = () => parisTime(new Date());
const observe = (id: string, more: object = {}, persona: Parameters<Hub['as']>[0] = 'marshal') =>
  hub.as(persona).request<{ observeClosure: { publication: { observed: object } } }>(
    `mutation ($id: ID!, $state: ObservedState!, $at: DateTime!, $note: String) {
       observeClosure(id: $id, state: $state, observedAt: $at, note: $note) {
         publication { observed { state note } } } }`,
    { id, state: 'IN_PLACE', at: now(), ...more },
  );
const codeOf = async (refused: Promise<unknown>): Promise<unknown> => (await refusal(refused)).code;

describe('a marshal', () => {
  it('records what stands at a closed road, for every reader and follower', async () => {
    const { id } = await publishNew(hub, 'Closure');
    const follower = new Follower(hub.url, null, { kinds: ['CLOSURE'] });
    await follower.ready();
    const { observeClosure } = await observe(id, { state: 'REOPENED' });
    expect(observeClosure.publication.observed).toEqual({ state: 'REOPENED', note: null });
    await follower.until(({ heard }) => heard.some(({ type }) => type === 'OBSERVED'));
    const { publication } = await hub
      .as()
      .request<{ publication: object }>(
        `{ publication(id: "${id}") { ... on ClosurePublication { passable observed { state } } } }`,
      );
    expect(publication).toEqual({ passable: true, observed: { state: 'REOPENED' } });
    await follower.stop();
  });

  it('writes no words that the public reads: a note is FORBIDDEN, and nothing is observed', async () => {
    const { id } = await publishNew(hub, 'Closure');
    expect(await codeOf(observe(id, { note: 'Tous au bar' }))).toBe('FORBIDDEN');
    const seen = async () =>
      (
        await hub
          .as()
          .request<{ publication: object }>(
            `{ publication(id: "${id}") { ... on ClosurePublication { observed { state note } } } }`,
          )
      ).publication;
    expect(await seen()).toEqual({ observed: null });
    await observe(id, { note: 'Barrière déplacée' }, 'editor');
    expect(await seen()).toEqual({ observed: { state: 'IN_PLACE', note: 'Barrière déplacée' } });
  });

  it('submits what is seen, and cannot read it again, nor what others submitted', async () => {
    const input = { text: 'Un arbre sur la D31', channel: 'CALL', seenAt: hoursFromNow(-0.1), commune: '91345' };
    const { submitReport } = await hub
      .as('marshal')
      .request<{ submitReport: { report: { id: string; state: string; submittedBy: { name: string } } } }>(
        'mutation ($input: FieldReportInput!) { submitReport(input: $input) { report { id state submittedBy { name } } } }',
        { input },
      );
    const { report } = submitReport;
    expect(report).toMatchObject({ state: 'NEW', submittedBy: { name: 'Hugo Bernard (signaleur)' } });
    const { report: seen } = await hub
      .as('checker')
      .request<{ report: object }>(`{ report(id: "${report.id}") { text } }`);
    expect(seen).toEqual({ text: input.text });
    for (const query of [
      `{ report(id: "${report.id}") { text } }`,
      '{ reports { totalCount } }',
      `mutation { claimReport(id: "${report.id}") { report { text } } }`,
      `mutation { readPersonalData(id: "${report.id}") { personalData { captured } } }`,
    ])
      expect([query, await codeOf(hub.as('marshal').request(query))]).toEqual([query, 'FORBIDDEN']);
    const map = await fetch(`${hub.url}/desk/reports.geojson`, {
      headers: { authorization: `Bearer ${tokens.marshal}` },
    });
    expect(map.status).toBe(403);
  });

  it('observes nothing else: no place, no other kind, and no closure that is not public', async () => {
    const { id: aidPoint } = await publishNew(hub, 'AidPoint');
    const query = `mutation { observeAidPoint(id: "${aidPoint}", status: FULL, observedAt: "${now()}") { asOf } }`;
    expect(await codeOf(hub.as('marshal').request(query))).toBe('FORBIDDEN');
    expect(await codeOf(observe(aidPoint))).toBe('NOT_FOUND');
    const { id: inDraft } = await draft(hub, 'Closure');
    const nothing = inDraft.replace(/.{4}$/, '0000');
    const said = async (id: string): Promise<string> => {
      const refused = await observe(id).catch((error: ClientError) => error);
      return JSON.stringify((refused as ClientError).response.errors).replaceAll(id, '');
    };
    // The answer tells a draft from nothing at all in no way.
    expect(await said(inDraft)).toContain('NOT_FOUND');
    expect(await said(inDraft)).toBe(await said(nothing));
  });
});
