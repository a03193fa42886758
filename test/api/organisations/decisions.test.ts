import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import {
  alertInput,
  closureInput,
  decisionInput,
  draft,
  hoursFromNow,
  publishNew,
  refusal,
  release,
  revise,
  step,
} from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

/** Who decided goes wherever the publication goes; how the desk made sure of it goes nowhere. */
const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

const REASON = 'Standard de la mairie coupé, reconnu à la voix';
const ORDER = decisionInput({
  authority: 'MAYOR',
  by: 'Le maire de Longjumeau',
  form: 'ORAL_ORDER',
  act: null,
  call: { heardAt: hoursFromNow(-2), whyNotCalledBack: REASON },
});
const DECISION = '{ authority by form act decidedAt url }';
const SPOKEN = /Décision : Le maire de Longjumeau, ordre oral du .+, arrêté à suivre/;
const text = async (path: string) => (await fetch(`${hub.url}${path}`)).text();

async function readDecision(id: string): Promise<{ decision: object; legalOrder?: object }> {
  const { publication } = await hub.as().request<{ publication: { decision: object; legalOrder?: object } }>(
    `query ($id: ID!) { publication(id: $id) {
       ... on AlertPublication { decision ${DECISION} }
       ... on ClosurePublication { decision ${DECISION} legalOrder { number authority url } } } }`,
    { id },
  );
  return publication;
}

describe('who decided', () => {
  it('holds an evacuation back until a mayor or the prefect is named (D01)', async () => {
    const written = await draft(hub, 'Alert', alertInput({ responseTypes: ['EVACUATE'] }));
    const refused = await refusal(step(hub, 'submitDossier', 'editor', written));
    expect(refused.code).toBe('NOT_LINTED');
    expect(JSON.stringify(refused)).toContain('D01');
  });

  it('is told of an alert in GraphQL, CAP, feeds, maps and on its page, and the call that checked it nowhere', async () => {
    const { id } = await publishNew(hub, 'Alert', alertInput({ responseTypes: ['EVACUATE'], decision: ORDER }));
    const { dossier } = await hub
      .as('validator')
      .request<{ dossier: { orderCall: object } }>(
        'query ($id: ID!) { dossier(id: $id) { orderCall { calledBackAt whyNotCalledBack } } }',
        { id },
      );
    expect(dossier.orderCall).toEqual({ calledBackAt: null, whyNotCalledBack: REASON });
    const { call: _desk, ...shown } = { ...ORDER, call: null };
    expect(await readDecision(id)).toEqual({ decision: { ...shown, url: null } });
    const message = await text(`/cap/${id}/latest.xml`);
    expect(message).toMatch(SPOKEN);
    expect(message).toMatch(/<valueName>decided_by<\/valueName>\s*<value>Le maire de Longjumeau<\/value>/);
    expect(message).toMatch(/<valueName>decided_at<\/valueName>/);
    expect(message).not.toContain('decided_act');
    const feeds = ['/feeds/publications.rss', '/feeds/publications.json', '/geo/alerts.geojson'];
    const [page, rss, json, map] = await Promise.all([`/publications/${id}`, ...feeds].map(text));
    for (const told of [page, rss, json]) expect(told).toMatch(SPOKEN);
    expect(JSON.parse(map ?? '')).toMatchObject({ features: [{ properties: { decision: { by: ORDER.by } } }] });
    const { publication } = await hub
      .as()
      .request<{ publication: { relayKit: { body: string } } }>(
        'query ($id: ID!) { publication(id: $id) { relayKit { body } } }',
        { id },
      );
    expect(publication.relayKit.body).toMatch(SPOKEN);
    for (const told of [message, page, rss, json, map, await text(`/publications/${id}.jsonld`)])
      expect(told).not.toContain(REASON);
  });

  it('is told of a closure to drivers’ systems, and as its order to apps that know no decision', async () => {
    const { id } = await publishNew(hub, 'Closure', closureInput());
    expect(await readDecision(id)).toMatchObject({
      decision: { authority: 'DEPARTEMENT_PRESIDENT', act: '2026-41' },
      legalOrder: { number: '2026-41', authority: 'Le président du Département', url: null },
    });
    expect(await text('/closures/datex2.xml')).toContain('Décision : Le président du Département, arrêté n°');
  });

  it('is confirmed by a revision that names the act, which the history tells', async () => {
    const spoken = await publishNew(hub, 'Closure', closureInput({ decision: ORDER }));
    expect(await readDecision(spoken.id)).toMatchObject({ decision: { act: null }, legalOrder: null });
    await release(
      hub,
      await revise(
        hub,
        'Closure',
        spoken,
        closureInput({ decision: { ...ORDER, form: 'WRITTEN_ACT', act: '2026-42' } }),
      ),
    );
    const { publication } = await hub
      .as()
      .request<{ publication: { history: { changedFields: string[] }[] } }>(
        'query ($id: ID!) { publication(id: $id) { history { changedFields } } }',
        { id: spoken.id },
      );
    expect(publication.history.at(-1)?.changedFields).toContain('DECISION');
    expect(await text(`/publications/${spoken.id}`)).toContain('arrêté n°\u00a02026-42 du ');
  });

  it('is named once: an order beside it is a fault that names the field', async () => {
    const both = closureInput({ legalOrder: { number: '1', authority: 'Mairie' } });
    expect((await refusal(draft(hub, 'Closure', both))).fields).toEqual([
      { path: 'input.legalOrder', message: 'must be left out where there is a decision: that names the order' },
    ]);
  });
});
