import { afterAll, expect, it } from 'vitest';
import { parisTime } from '../../../src/clock.ts';
import { until } from '../../../src/development/embedded/processes.ts';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, hoursFromNow, refusal, release, revise } from '../../support/desk/desk.ts';
import { adoptMessage, confirmReport } from '../../support/desk/relaying.ts';
import { startHub } from '../../support/hub/hub.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { feedServer } from '../../support/receivers/feed-server.ts';

const { url } = await testDatabase();
const server = await feedServer();
const hub = await startHub({ url, watchable: () => true });
afterAll(() => hub.close());

// What an authority may well write, and what reading an input would change: spaces at the ends, a decomposed accent.
const DESCRIPTION = '  Débordements  \n   de l’Yvette attendus : e\u0301vitez les berges.\n';
interface Wish {
  language?: string;
  description?: string;
}
const SENT = parisTime(new Date());
const message = (identifier: string, { language = 'fr-FR', description = DESCRIPTION }: Wish = {}) => ({
  body: `<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>${identifier}</identifier><sender>vigilance@meteo.example</sender>
    <sent>${SENT}</sent><status>Actual</status><msgType>Alert</msgType><scope>Public</scope>
    <info><language>${language}</language><category>Met</category><event>Vigilance crues</event><responseType>Monitor</responseType>
    <urgency>Expected</urgency><severity>Severe</severity><certainty>Likely</certainty><expires>${hoursFromNow(10)}</expires>
    <senderName>Vigilance de la météo</senderName><headline>Vigilance orange crues </headline><description>${description}</description>
    <instruction>Éloignez-vous.</instruction><web>https://meteo.example/crues</web>
    <area><areaDesc>Yvette aval</areaDesc><polygon>48.690,2.290 48.691,2.290 48.691,2.291 48.690,2.290</polygon></area></info></alert>`,
});

/** Has a message watched, and answers the id of the report that came of it. */
async function reported(identifier: string, trustedSenders: string[], wish?: Wish): Promise<string> {
  server.serve(`/${identifier}`, message(identifier, wish));
  await hub.as('editor').request('mutation ($input: WatcherInput!) { addWatcher(input: $input) { watcher { id } } }', {
    input: { name: identifier, url: server.url(`/${identifier}`), trustedSenders },
  });
  let found: string | undefined;
  await until(async () => {
    const { reports } = await hub
      .as('editor')
      .request<{ reports: { nodes: { id: string; origin: { reference: string } | null }[] } }>(
        '{ reports(first: 100) { nodes { id origin { reference } } } }',
      );
    found = reports.nodes.find(({ origin }) => origin?.reference.includes(`,${identifier},`))?.id;
    return found !== undefined;
  }, PATIENCE_MS);
  if (!found) throw new Error(`${identifier} was not reported: ${await looksOf(identifier)}`);
  return found;
}
/** How the watcher of a message has fared, for whoever reads why a test failed. */
async function looksOf(name: string): Promise<string> {
  const { watchers } = await hub
    .as('editor')
    .request<{ watchers: { nodes: { name: string }[] } }>(
      '{ watchers(first: 100) { nodes { name active fault lookedAt reports } } }',
    );
  return JSON.stringify(watchers.nodes.find((one) => one.name === name));
}
const adopt = (reportId: string, persona?: 'editor' | 'volunteer') => adoptMessage(hub, reportId, persona);
const TRUSTED = ['vigilance@meteo.example'];

it('relays what a trusted authority wrote byte by byte, with its source and reference, once it is confirmed (I-03)', async () => {
  const reportId = await reported('R1', TRUSTED);
  const written = await adopt(reportId);
  const { code, findings } = await refusal(release(hub, written));
  expect(code).toBe('NOT_LINTED');
  expect(findings).toContainEqual(expect.objectContaining({ rule: 'I-11', level: 'ERROR' }));
  await confirmReport(hub, reportId);
  expect((await release(hub, written)).stage).toBe('PUBLISHED');
  const { publication } = await hub.as().request<{ publication: object }>(
    `query ($id: ID!) { publication(id: $id) { text { headline description instruction } communes { code } source { name relayed url reference }
       ... on AlertPublication { severity urgency certainty categories responseTypes infoUrl } } }`,
    { id: written.id },
  );
  expect(publication).toEqual({
    text: { headline: 'Vigilance orange crues ', description: DESCRIPTION, instruction: 'Éloignez-vous.' },
    communes: [{ code: '91345' }],
    source: {
      name: 'Vigilance de la météo',
      relayed: true,
      url: 'https://meteo.example/crues',
      reference: `vigilance@meteo.example,R1,${SENT}`,
    },
    severity: 'SEVERE',
    urgency: 'EXPECTED',
    certainty: 'LIKELY',
    categories: ['MET'],
    responseTypes: ['MONITOR'],
    infoUrl: 'https://meteo.example/crues',
  });
});

it('is never edited, and adopted once', async () => {
  const reportId = await reported('R2', TRUSTED);
  const written = await adopt(reportId);
  expect((await refusal(revise(hub, 'Alert', written, alertInput()))).code).toBe('FORBIDDEN');
  expect((await refusal(adopt(reportId))).code).toBe('CONFLICT');
});

it('is refused of a sender whom no watcher trusts, to volunteers, without French, and of reports that are none', async () => {
  const untrusted = await reported('R3', ['somebody@else.example']);
  expect((await refusal(adopt(untrusted))).code).toBe('FORBIDDEN');
  expect((await refusal(adopt(untrusted, 'volunteer'))).code).toBe('FORBIDDEN');
  const foreign = await reported('R4', TRUSTED, { language: 'de-DE' });
  expect(await refusal(adopt(foreign))).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'input.texts' }] });
  expect((await refusal(adopt('01890000-0000-7000-8000-000000000000'))).code).toBe('NOT_FOUND');
  expect((await refusal(adopt('x'))).code).toBe('NOT_FOUND');
});

it.each([
  ['turns the page round', 'U1', 'Route \u202eeérref', /U\+202E/],
  ['opens a direction and leaves it open', 'U2', 'Route \u2067fermée', /must be of a message that can be shown/],
])('is refused where its text %s, and never changed to be shown', async (_what, identifier, description, reason) => {
  const reportId = await reported(identifier, TRUSTED, { description });
  const { code, fields } = await refusal(adopt(reportId));
  expect(code).toBe('INVALID_INPUT');
  expect(fields).toContainEqual(expect.objectContaining({ message: expect.stringMatching(reason) }));
});
