import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import papa from 'papaparse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqlOver } from '../../../src/database/sql.ts';
import { personaVisitors } from '../../../src/development/development-tokens.ts';
import { verifyAudit } from '../../../src/office/audit.queries.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { adviceInput, alertInput, publishNew } from '../../support/desk/desk.ts';
import { fillReports, takeAway } from '../../support/desk/exporting.ts';
import { conclusionOf } from '../../support/desk/report-desk.ts';
import { hasProgram } from '../../support/docs/programs.ts';
import { given } from '../../support/given.ts';
import { startHub } from '../../support/hub/hub.ts';
import { Browser } from '../../support/sign-in/browser.ts';

const { url } = await testDatabase();
const hub = await startHub({ url, more: { desk: { personas: personaVisitors() } } });
afterAll(() => hub.close());

const submit = async (text: string, more: object = {}): Promise<string> => {
  const input = { text, channel: 'CALL', seenAt: '2016-06-02T12:00:00+02:00', commune: '91345', ...more };
  const { submitReport } = await hub
    .as('volunteer')
    .request<{ submitReport: { report: { id: string } } }>(
      'mutation ($input: FieldReportInput!) { submitReport(input: $input) { report { id } } }',
      { input },
    );
  return submitReport.report.id;
};
const exported = () =>
  withSession(url, async (session) => {
    const { rows } = await session.query(
      `select x.list, x.filter, x.row_count as rows, a.name as by, e.action, e.actor = x.by_id as "isTheirs",
         e.state_before is null and e.state_after is not null as "isHashed"
       from desk_export x join audit_entry e on e.subject = x.id join account a on a.id = x.by_id order by x.at, x.id`,
    );
    return rows;
  });

let confirmed = '';
beforeAll(async () => {
  await submit('=1+1;"deux" ; l’eau\nmonte, =2+2', { channel: '007', category: '2 mai' });
  await submit('Appel du 06 12 34 56 78, de l’eau', { commune: null });
  confirmed = await submit('Mur effondré', {
    point: { lon: 2.2937, lat: 48.6936 },
    url: 'https://example.org/1',
    category: 'Inondation',
  });
  const request = (persona: 'volunteer2' | 'checker', field: string, variables: object) =>
    hub.as(persona).request(`mutation ${field}`, { id: confirmed, ...variables });
  await request('volunteer2', '($id: ID!) { claimReport(id: $id) { report { id } } }', {});
  await request(
    'checker',
    '($id: ID!, $conclusion: ConclusionInput!) { concludeReport(id: $id, conclusion: $conclusion) { report { id } } }',
    { conclusion: conclusionOf('CONFIRMED') },
  );
});

describe('reports as a file', () => {
  it('are the rows that the list has, the newest first, each saying which of how many it is', async () => {
    const { reports } = await hub
      .as('editor')
      .request<{ reports: { totalCount: number; nodes: { id: string; text: string; submittedAt: string }[] } }>(
        '{ reports { totalCount nodes { id text submittedAt } } }',
      );
    const { status, headers, headings, rows } = await takeAway(hub, 'reports', 'editor');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-disposition')).toMatch(
      /^attachment; filename="signalements-\d{4}-\d\d-\d\d-\d\dh\d\d-3-lignes\.csv"$/,
    );
    const about = headings.at(-1) ?? '';
    expect(about).toMatch(/^Export du \d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d \(heure de Paris\), 3 lignes ; filtre : aucun$/);
    expect(rows).toHaveLength(reports.totalCount);
    expect(rows.map(({ Identifiant }) => Identifiant)).toEqual(reports.nodes.map(({ id }) => id));
    expect(rows.map((row) => row['Transmis le (RFC 3339)'])).toEqual(reports.nodes.map((node) => node.submittedAt));
    expect(rows.map((row) => row[about])).toEqual(['1 sur 3', '2 sur 3', '3 sur 3']);
  });

  it('say all that the desk knows of one, in French', async () => {
    const { rows } = await takeAway(hub, 'reports', 'volunteer', { states: ['CONFIRMED'] });
    expect(rows).toEqual([
      expect.objectContaining({
        Identifiant: confirmed,
        État: 'Confirmé',
        'Vu le (heure de Paris)': '02/06/2016 12:00:00',
        'Vu le (RFC 3339)': '2016-06-02T12:00:00+02:00',
        Commune: 'Longjumeau',
        'Code INSEE': '91345',
        Latitude: '48,6936',
        Longitude: '2,2937',
        Catégorie: 'Inondation',
        Texte: 'Mur effondré',
        Adresse: 'https://example.org/1',
        'Sur la carte publique': 'non',
        'En vérification par (compte)': '',
        Motif: 'Vérifié par appel et par photo',
        Preuves: 'Photo d’un riverain : https://example.org/photo ⏎ Article : https://example.net/article',
        'Conclu le (heure de Paris)': expect.stringMatching(/^\d\d\/\d\d\/\d{4} /),
      }),
    ]);
  });

  it('run no formula, and keep codes as they are', async () => {
    const { rows, text } = await takeAway(hub, 'reports', 'checker', { states: ['NEW'] });
    expect(rows.find(({ Canal }) => Canal === "'007")).toMatchObject({
      Texte: `'=1+1;"deux" ; l’eau ⏎ monte,' =2+2`,
      Catégorie: "'2 mai",
    });
    expect(text.match(/\r\n/g)?.length).toBe(rows.length + 1);
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  it('are those of the filter that the list takes, which the file says', async () => {
    const asked = { states: ['NEW', 'CLAIMED'], search: 'eau' };
    const { reports } = await hub
      .as('editor')
      .request<{ reports: { nodes: { id: string }[] } }>(
        '{ reports(states: [NEW, CLAIMED], search: "eau") { nodes { id } } }',
      );
    const { rows, headings } = await takeAway(hub, 'reports', 'editor', asked);
    expect(reports.nodes.length).toBeGreaterThan(0);
    expect(rows.map(({ Identifiant }) => Identifiant)).toEqual(reports.nodes.map(({ id }) => id));
    expect(headings.at(-1)).toContain('filtre : mots : « eau » ; états : Nouveau, En vérification');
    const none = await takeAway(hub, 'reports', 'editor', { states: [] });
    expect([none.status, none.rows]).toEqual([200, []]);
    expect(none.headings.at(-1)).toContain('0 lignes');
  });

  it('hold nothing that identifies people: neither a report’s data nor a name of the desk (I-15)', async () => {
    const { text, headings } = await takeAway(hub, 'reports', 'checker', { search: 'appel 06 12 34 56 78' });
    expect(headings.at(-1)).toContain('appel [téléphone 1]');
    const all = (await takeAway(hub, 'reports', 'checker')).text;
    expect(all).toContain('Appel du [téléphone 1], de l’eau');
    for (const part of [text, all]) {
      expect(part).not.toContain('06 12 34');
      for (const name of ['Julien Petit', 'Amina Diallo', 'Nadia Roux']) expect(part).not.toContain(name);
    }
  });
});

describe('publications as a file', () => {
  beforeAll(async () => {
    const { id, version } = await publishNew(hub, 'Alert', alertInput());
    await publishNew(hub, 'Advice', adviceInput());
    const cancelled = await publishNew(hub, 'Alert', alertInput());
    await hub
      .as('validator')
      .request(
        'mutation ($id: ID!, $version: Int!, $reason: String!) { cancelPublication(id: $id, version: $version, reason: $reason) { __typename } }',
        { ...cancelled, reason: 'Erreur de lieu' },
      );
    expect([id.length, version]).toEqual([36, expect.any(Number)]);
  });

  it.each<[string, string, object]>([
    ['what is live', '', {}],
    [
      'what is past',
      'where: { states: [IN_FORCE, CANCELLED, ENDED], kinds: [ALERT] }',
      { where: { states: ['IN_FORCE', 'CANCELLED', 'ENDED'], kinds: ['ALERT'] } },
    ],
    [
      'what was in force',
      'where: { activeAt: "2030-01-01T00:00:00Z" }',
      { where: { activeAt: '2030-01-01T00:00:00Z' } },
    ],
    [
      'what the past had in force',
      'where: { activeAt: "2020-01-01T00:00:00Z" }',
      { where: { activeAt: '2020-01-01T00:00:00Z' } },
    ],
  ])('are the rows that the list has: %s', async (_what, where, asked) => {
    const { publications } = await hub.as().request<{
      publications: { totalCount: number; nodes: { thread: string; kind: string; text: { headline: string } }[] };
    }>(`{ publications${where && `(${where})`} { totalCount nodes { thread kind text { headline } } } }`);
    const { status, rows, headers } = await takeAway(hub, 'publications', 'editor', asked);
    expect(status).toBe(200);
    expect(headers.get('content-disposition')).toContain(`-${publications.totalCount}-lignes.csv`);
    expect(rows.map(({ Identifiant, Titre }) => [Identifiant, Titre])).toEqual(
      publications.nodes.map(({ thread, text }) => [thread, text.headline]),
    );
  });

  it('say in French what each is, and where, and how it ended', async () => {
    const { rows } = await takeAway(hub, 'publications', 'checker', { where: { states: ['IN_FORCE', 'CANCELLED'] } });
    const [alert, advice] = ['Alerte', 'Conseil'].map((kind) => rows.find(({ Genre }) => Genre === kind));
    expect(rows.find((row) => row['Motif de l’annulation'] === 'Erreur de lieu')).toMatchObject({
      État: 'Annulée',
      'Terminée par': 'Annulée',
    });
    expect(alert).toMatchObject({ Mode: 'Réel', Révision: '1', Gravité: expect.stringMatching(/^\p{Lu}/u) });
    expect(alert?.['Communes (INSEE)']).toMatch(/^[\p{L}’' -]+ \(91\d{3}\)/u);
    expect(alert?.Lien).toBe(`${hub.url}/publications/${alert?.Identifiant}`);
    expect(advice?.Gravité).toBe('');
  });
});

describe('whoever takes a list away', () => {
  it('is on record before it leaves: the list, the filter, the rows (I-14)', async () => {
    const before = (await exported()).length;
    await takeAway(hub, 'reports', 'checker', { search: 'mur 06 12 34 56 78' });
    await takeAway(hub, 'publications', 'editor', { where: { kinds: ['ADVICE'] } });
    expect((await exported()).slice(before)).toEqual([
      {
        list: 'reports',
        filter: { states: null, search: 'mur [téléphone 1]' },
        rows: 0,
        by: 'Nadia Roux (vérification)',
        action: 'exportReports',
        isTheirs: true,
        isHashed: true,
      },
      expect.objectContaining({ list: 'publications', filter: { where: { kinds: ['ADVICE'] } }, rows: 1 }),
    ]);
    const verified = await withSession(url, (session) => verifyAudit(sqlOver(session)));
    expect(verified.fault).toBeNull();
    await expect(
      withSession(url, (session) => session.query('update desk_export set row_count = 0')),
    ).rejects.toMatchObject({ code: 'TOC02' });
  });

  it.each<[string, unknown, string]>([
    ['reports', { states: ['OLD'] }, 'states.0'],
    ['reports', { first: 3 }, 'first'],
    ['reports', [1], 'body'],
    ['publications', { where: { communes: ['75056'] } }, 'where.communes.0'],
    ['publications', { where: { kind: 'ALERT' } }, 'where'],
    ['publications', { where: { activeAt: 'hier' } }, 'where.activeAt'],
  ])('is told what is wrong, and nothing leaves: %s %j', async (list, asked, wrong) => {
    const before = (await exported()).length;
    const { status, text } = await takeAway(hub, list, 'editor', asked);
    const [{ extensions }] = JSON.parse(text).errors;
    expect([status, extensions.code, extensions.fields[0].path]).toEqual([400, 'INVALID_INPUT', wrong]);
    expect(await exported()).toHaveLength(before);
  });

  it('comes from a page of the hub by the session, too', async () => {
    const browser = new Browser();
    await browser.visit(`${hub.url}/desk/signin`, {
      method: 'POST',
      form: { persona: 'checker', return: '/' },
      from: hub.url,
    });
    const answer = await browser.script(hub.url, '/desk/exports/reports.csv', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{ "states": ["CONFIRMED"] }',
    });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain(confirmed);
  });

  it('may not take more than 50,000 rows in one file', async () => {
    await fillReports(url, 50_000);
    const before = (await exported()).length;
    const { status, text } = await takeAway(hub, 'reports', 'editor', {});
    expect([status, JSON.parse(text).errors[0].extensions.fields]).toEqual([
      400,
      [{ path: 'search', message: 'must find at most 50000 rows: one file has no more' }],
    ]);
    expect(await exported()).toHaveLength(before);
    expect((await takeAway(hub, 'reports', 'editor', { states: ['CONFIRMED'] })).rows).toHaveLength(1);
  }, 300_000);
});

describe.runIf(given(hasProgram('soffice'), 'soffice (LibreOffice)'))('LibreOffice in French', () => {
  /** Semicolon, quote, UTF-8, from the first line, in French, cells in quotes looked at like the others, dates recognised. */
  const FRENCH = 'CSV:59,34,76,1,,1036,false,true';
  /** Its own CSV: comma, quote, UTF-8, every cell of text quoted, as it is shown, and no formula in place of what it shows. */
  const SHOWN = 'csv:Text - txt - csv (StarCalc):44,34,76,1,,1036,true,true,false';
  const folder = mkdtempSync(path.join(tmpdir(), 'tocsin-sheet-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const convert = (from: string, to: string, ...more: string[]) => {
    const own = ['--headless', `-env:UserInstallation=file://${folder}/profile`];
    spawnSync('soffice', [...own, ...more, '--convert-to', to, '--outdir', folder, path.join(folder, from)]);
    const [ending = ''] = to.split(':');
    return path.join(folder, `${path.parse(from).name}.${ending}`);
  };

  it('shows the same cells, and runs no formula', async () => {
    const texts = [
      'Été à Évry : « œuvre » naïve, 2 ½ €, ﬁn 😀 ;',
      '\u00A0=1+1&',
      '＝1+1&',
      '@SUM(A1)&',
      'Crue ; "ici", =2+2&',
    ];
    for (const one of texts) await submit(`${one} tableur`);
    const { text, rows, headings } = await takeAway(hub, 'reports', 'editor', { search: 'tableur' });
    expect(rows).toHaveLength(texts.length);
    writeFileSync(path.join(folder, 'export.csv'), text);
    const sheet = readFileSync(convert('export.csv', 'fods', `--infilter=${FRENCH}`), 'utf8');
    expect(sheet).not.toContain('table:formula');
    expect(sheet.match(/office:value-type="date"/g)?.length).toBeGreaterThanOrEqual(2 * rows.length);
    const book = convert('export.csv', 'xlsx', `--infilter=${FRENCH}`);
    expect(readFileSync(book).subarray(0, 2).toString()).toBe('PK');
    // What a person sees in the book of another spreadsheet, cell for cell.
    const back = papa.parse<string[]>(readFileSync(convert('export.xlsx', SHOWN), 'utf8').replace(/^\uFEFF/, ''), {
      skipEmptyLines: true,
    }).data;
    expect(back[0]).toEqual(headings);
    expect(back).toHaveLength(rows.length + 1);
    const column = (name: string) => back.slice(1).map((cells) => cells[headings.indexOf(name)]);
    for (const name of headings.filter((heading) => !/heure de Paris|itude$/.test(heading)))
      expect([name, column(name)]).toEqual([name, rows.map((row) => row[name])]);
  }, 300_000);
});
