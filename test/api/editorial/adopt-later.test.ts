import { afterAll, expect, it } from 'vitest';
import { parisTime } from '../../../src/clock.ts';
import { until } from '../../../src/development/embedded/processes.ts';
import { testDatabase } from '../../support/database/database.ts';
import { hoursFromNow, refusal, release, type Written } from '../../support/desk/desk.ts';
import { adoptMessage, confirmReport } from '../../support/desk/relaying.ts';
import { startHub } from '../../support/hub/hub.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { feedServer } from '../../support/receivers/feed-server.ts';

const { url } = await testDatabase();
const server = await feedServer();
const hub = await startHub({ url, watchable: () => true });
afterAll(() => hub.close());

const SENDER = 'vigilance@meteo.example';
const HERE = '48.690,2.290 48.691,2.290 48.691,2.291 48.690,2.290';
const ELSEWHERE = '45.1,5.1 45.2,5.1 45.2,5.2 45.1,5.1';
const begin = Date.now() - 600_000;
let seconds = 0;

interface Parts {
  msgType?: string;
  scope?: string;
  references?: string;
  info?: string;
}
const info = ({
  headline = 'Vigilance orange crues',
  expires = hoursFromNow(10),
  response = '',
  polygon = HERE,
  language = 'fr-FR',
}) =>
  `<info><language>${language}</language><category>Met</category><event>Vigilance crues</event>${response && `<responseType>${response}</responseType>`}
    <urgency>Expected</urgency><severity>Severe</severity><certainty>Likely</certainty><expires>${expires}</expires>
    <senderName>Vigilance de la météo</senderName><headline>${headline}</headline><description>Débordements  de l’Yvette.</description>
    <area><areaDesc>Yvette aval</areaDesc><polygon>${polygon}</polygon></area></info>`;

interface Taken {
  reportId: string;
  reference: string;
  origin: { msgType: string; status: string; scope: string; references: string[]; firstReportId: string | null };
  text: string;
}

/** Has a message watched by somebody who wants communes elsewhere unless it is of the first kind, and waits for its report. */
async function taken(
  identifier: string,
  { msgType = 'Alert', scope = 'Public', references, info: words = info({}) }: Parts = {},
): Promise<Taken> {
  seconds += 1;
  const sent = parisTime(new Date(begin + seconds * 1000));
  server.serve(`/${identifier}`, {
    body: `<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>${identifier}</identifier><sender>${SENDER}</sender>
      <sent>${sent}</sent><status>Actual</status><msgType>${msgType}</msgType>${scope && `<scope>${scope}</scope>`}
      ${references === undefined ? '' : `<references>${references}</references>`}${words}</alert>`,
  });
  // A watcher that wants nothing that these messages say: what refers to a message that was taken comes all the same.
  const wanted = references === undefined ? {} : { keywords: ['verglas'], communes: ['91001'] };
  const input = { name: identifier, url: server.url(`/${identifier}`), trustedSenders: [SENDER], ...wanted };
  await hub
    .as('editor')
    .request('mutation ($input: WatcherInput!) { addWatcher(input: $input) { watcher { id } } }', { input });
  const reference = `${SENDER},${identifier},${sent}`;
  type Found = { id: string; text: string; origin: (Taken['origin'] & { reference: string }) | null };
  let found: Found | undefined;
  await until(async () => {
    const { reports } = await hub
      .as('editor')
      .request<{ reports: { nodes: Found[] } }>(
        '{ reports(first: 100) { nodes { id text origin { reference msgType status scope references firstReportId } } } }',
      );
    found = reports.nodes.find(({ origin }) => origin?.reference === reference);
    return found !== undefined;
  }, PATIENCE_MS);
  if (!found?.origin) throw new Error(`${identifier} was not reported`);
  const { reference: _, ...origin } = found.origin;
  return { reportId: found.id, reference, origin, text: found.text };
}

const adopt = ({ reportId }: Pick<Taken, 'reportId'>, persona?: 'editor' | 'validator') =>
  adoptMessage(hub, reportId, persona);

/** A message that is public. */
async function relayed(identifier: string): Promise<Taken & { dossier: Written }> {
  const first = await taken(identifier);
  const written = await adopt(first);
  await confirmReport(hub, first.reportId);
  return { ...first, dossier: await release(hub, written) };
}

const publicly = async (id: string) =>
  (
    await hub
      .as()
      .request<{ publication: object }>(
        `query ($id: ID!) { publication(id: $id) { state revision text { headline description } source { reference } } }`,
        { id },
      )
  ).publication;

it.each<[string, (reference: string) => Parts, string]>([
  ['a Cancel without info', (references) => ({ msgType: 'Cancel', references, info: '' }), 'CANCELLED'],
  [
    'a Cancel that has expired',
    (references) => ({ msgType: 'Cancel', references, info: info({ expires: hoursFromNow(-5) }) }),
    'CANCELLED',
  ],
  [
    'a Cancel in another case, of another place',
    (references) => ({ msgType: 'cancel', references, info: info({ polygon: ELSEWHERE }) }),
    'CANCELLED',
  ],
  [
    'a Cancel of several messages, on lines of their own',
    (references) => ({
      msgType: 'Cancel',
      references: `\n${SENDER},other,2026-01-01T00:00:00+01:00\n\t${references}\n`,
      info: '',
    }),
    'CANCELLED',
  ],
  [
    'a Cancel that writes the date in UTC',
    (references) => {
      const [by, identifier, sent = ''] = references.split(',');
      return {
        msgType: 'Cancel',
        references: `${by},${identifier},${new Date(sent).toISOString().replace('.000Z', '-00:00')}`,
        info: '',
      };
    },
    'CANCELLED',
  ],
  [
    'an Update that no longer concerns the Essonne',
    (references) => ({ msgType: 'Update', references, info: info({ polygon: ELSEWHERE }) }),
    'CANCELLED',
  ],
  [
    'an Update that answers AllClear',
    (references) => ({
      msgType: 'Update',
      references,
      info: info({ response: 'AllClear', headline: 'Fin de la crue ' }),
    }),
    'ENDED',
  ],
  [
    'an AllClear without French, expired',
    (references) => ({
      msgType: 'Update',
      references,
      info: info({ response: 'AllClear', language: 'de-DE', expires: hoursFromNow(-1) }),
    }),
    'ENDED',
  ],
  ['a message of type AllClear', (references) => ({ msgType: 'AllClear', references, info: '' }), 'ENDED'],
])('%s of a trusted sender is news, and ends the dossier that relays what it refers to', async (what, parts, state) => {
  const name = what.replaceAll(/\W/g, '-');
  const { dossier, reportId, reference } = await relayed(`F-${name}`);
  const end = await taken(`L-${name}`, parts(reference));
  expect(end.origin).toMatchObject({ status: 'Actual', scope: 'Public', firstReportId: reportId });
  expect(end.text).toMatch(/^(Annulation|Mise à jour|Fin d’alerte)/);
  // A sender's name in a feed is no second person.
  expect((await refusal(adopt(end))).code).toBe('FORBIDDEN');
  expect(await publicly(dossier.id)).toMatchObject({ state: 'IN_FORCE' });
  expect(await adopt(end, 'validator')).toMatchObject({
    id: dossier.id,
    stage: 'PUBLISHED',
    version: dossier.version + 1,
  });
  expect(await publicly(dossier.id)).toMatchObject({ state });
  expect((await refusal(adopt(end, 'validator'))).code).toBe('WRONG_STAGE');
});

it('an Update revises the dossier that relays what it refers to, and a Cancel of that Update alone ends it', async () => {
  const { dossier, reference, reportId } = await relayed('U1');
  const update = await taken('U2', {
    msgType: 'Update',
    references: reference,
    info: info({ headline: 'Vigilance rouge crues ' }),
  });
  expect(update.origin).toEqual({
    msgType: 'Update',
    status: 'Actual',
    scope: 'Public',
    references: [reference],
    firstReportId: reportId,
  });
  const revised = await adopt(update);
  expect(revised).toMatchObject({ id: dossier.id, stage: 'DRAFT' });
  expect((await refusal(adopt(update))).code).toBe('CONFLICT');
  await confirmReport(hub, update.reportId);
  await release(hub, revised);
  expect(await publicly(dossier.id)).toEqual({
    state: 'IN_FORCE',
    revision: 2,
    text: { headline: 'Vigilance rouge crues ', description: 'Débordements  de l’Yvette.' },
    source: { reference: update.reference },
  });
  const cancel = await taken('U3', { msgType: 'Cancel', references: update.reference, info: '' });
  expect(cancel.origin.firstReportId).toBe(reportId);
  await adopt(cancel, 'validator');
  expect(await publicly(dossier.id)).toMatchObject({ state: 'CANCELLED' });
});

it('a Cancel gives up what was not public yet', async () => {
  const first = await taken('D1');
  const { id } = await adopt(first);
  const cancel = await taken('D2', { msgType: 'Cancel', references: first.reference, info: '' });
  expect(await adopt(cancel)).toMatchObject({ id, stage: 'ABANDONED' });
});

it.each(['Cancel', 'Update', 'AllClear'])(
  '%s is refused with the reason where no dossier relays what it refers to',
  async (msgType) => {
    const first = await taken(`N1-${msgType}`);
    const later = await taken(`N2-${msgType}`, { msgType, references: first.reference });
    expect(await refusal(adopt(later))).toMatchObject({
      code: 'INVALID_INPUT',
      fields: [
        {
          path: 'reportId',
          message: `must be of a message that refers to one that a dossier relays: none does for this ${msgType}`,
        },
      ],
    });
  },
);

it.each([
  ['bold', info({ headline: '&lt;b&gt;Crue&lt;/b&gt;' }), 'HTML'],
  ['a line break', info({ headline: 'Crue&lt;br/&gt;' }), 'HTML'],
  ['a paragraph', info({ headline: '&lt;p class=&quot;x&quot;&gt;Crue' }), 'HTML'],
  ['a link', info({ headline: '&lt;a href=&quot;https://a.example&quot;&gt;Crue&lt;/a&gt;' }), 'HTML'],
  ['a script', info({ headline: '&lt;script&gt;x' }), 'HTML'],
  ['HTML in English', `${info({})}${info({ language: 'en-GB', headline: '&lt;i&gt;Flood' })}`, 'HTML'],
  ['no end', info({}).replace(/<expires>.*<\/expires>/, ''), ''],
  ['an unreadable end', info({ expires: 'unknown' }), ''],
  ['French of Canada alone', info({ language: 'fr-CA' }), ''],
])('a message that could never be published opens no dossier: %s', async (what, words, reason) => {
  const first = await taken(`X-${what.replaceAll(' ', '-')}`, { info: words });
  const { code, fields } = await refusal(adopt(first));
  expect(code).toBe('INVALID_INPUT');
  expect(JSON.stringify(fields)).toContain(reason);
});

it.each(['Private', 'Restricted', 'private', 'RESTRICTED', 'Internal'])(
  'a message of scope %s is refused, and says so',
  async (scope) => {
    const first = await taken(`P-${scope}`, { scope });
    expect(first.origin.scope).toBe(scope);
    expect(await refusal(adopt(first))).toMatchObject({
      code: 'INVALID_INPUT',
      fields: [{ path: 'reportId', message: expect.stringContaining(scope) }],
    });
  },
);
