import { createHash, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { personaVisitors } from '../../../src/development/development-tokens.ts';
import { PART_LINES, WORDS_EM } from '../../../src/situation-reports/page/page-room.rules.ts';
import { cutToLines, printedLines } from '../../../src/situation-reports/page/printed-lines.rules.ts';
import { situationPage } from '../../../src/situation-reports/page/situation-page.ts';
import { newIncident } from '../../support/crisis-cell/incident-desk.ts';
import {
  draftReport,
  freezeNext,
  freezeReport,
  reviseReport,
  type SeenReport,
} from '../../support/crisis-cell/situation-desk.ts';
import { worstReport } from '../../support/crisis-cell/worst-situation.ts';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, draft, hoursFromNow, publishNew } from '../../support/desk/desk.ts';
import { reportOf } from '../../support/desk/report-desk.ts';
import { given } from '../../support/given.ts';
import { startHub, territory, tokens } from '../../support/hub/hub.ts';
import { Browser } from '../../support/sign-in/browser.ts';
import { CHROMIUM, Chromium } from '../../support/sign-in/chromium.ts';

/** The page of a situation report: who may read it, what it says, and that it is one sheet of A4. */
const { url } = await testDatabase();
const hub = await startHub({ url, more: { desk: { personas: personaVisitors() } } });
afterAll(() => hub.close());

const bearer = (persona: keyof typeof tokens) => ({ authorization: `Bearer ${tokens[persona]}` });
const pageOf = async ({ printUrl }: Pick<SeenReport, 'printUrl'>, persona: keyof typeof tokens = 'checker') => {
  const answer = await fetch(printUrl, { headers: bearer(persona) });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
};
const marked = (headline: string) => ({
  texts: [{ language: 'fr-FR', headline, description: headline, instruction: 'Attendez.' }],
});

describe('the page of a situation report', () => {
  let incident = '';
  let frozen: SeenReport;
  beforeAll(async () => {
    incident = (await newIncident(hub, 'page')).id;
    await publishNew(hub, 'Alert', alertInput({ incidentId: incident, ...marked('L’Yvette <déborde> & monte') }));
    await draft(hub, 'Alert', alertInput({ incidentId: incident, ...marked('BROUILLON-SECRET') }));
    await hub.as('volunteer').request('mutation ($input: FieldReportInput!) { submitReport(input: $input) { asOf } }', {
      input: reportOf('Appelez Jean Canari au 06 12 34 56 78'),
    });
    frozen = await freezeNext(hub, incident, {
      situation: 'L’eau monte.\n<b>Deux</b> rues sont fermées.',
      nextAt: hoursFromNow(4),
    });
  });

  it('says in French what was frozen, each word as it was written', async () => {
    const { status, headers, text } = await pageOf(frozen);
    expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([
      200,
      'text/html; charset=utf-8',
      'no-store',
    ]);
    for (const words of [
      '<h1>Point de situation n° 1 – Crue</h1>',
      '<dt>En vigueur</dt><dd>1 : alertes 1 (grave 1)</dd>',
      '<dt>Les plus graves</dt><dd>Alerte, grave : L’Yvette &lt;déborde&gt; &amp; monte</dd>',
      '<dt>Communes</dt><dd>1 (21',
      'L’eau monte.\n&lt;b&gt;Deux&lt;/b&gt; rues sont fermées.',
      'Néant.',
      'par : Département de l’Essonne',
      'Niveau : veille. Main courante : jusqu’à la ligne 3.',
      `Empreinte (SHA-256) : ${frozen.contentHash}`,
    ])
      expect(text).toContain(words);
    expect(text).not.toContain('class="band"');
  });

  it('names no person, and nothing that is not told: drafts, reports, people of the desk (I-15)', async () => {
    const { text } = await pageOf(frozen);
    for (const canary of ['BROUILLON-SECRET', 'Canari', '06 12', 'Martin', 'Laurent', 'Petit', 'Roux', 'Moreau'])
      expect(text).not.toContain(canary);
  });

  it('stays as it is whatever comes, byte for byte', async () => {
    const before = await pageOf(frozen);
    await publishNew(hub, 'Alert', alertInput({ incidentId: incident }));
    expect((await pageOf(frozen, 'duty')).text).toBe(before.text);
  });

  it('says before anything else that it is a draft, that it was replaced, that it is an exercise', async () => {
    const again = await draftReport(hub, incident, frozen.id);
    const { text: asDraft } = await pageOf(again);
    expect(asDraft).toContain('<body>\n<p class="band">BROUILLON, chiffres provisoires</p>');
    expect(asDraft).toContain('<dd>2 : alertes 2 (grave 2)</dd>');
    await freezeReport(hub, again);
    expect((await pageOf(frozen)).text).toContain('<body>\n<p class="band">REMPLACÉ PAR L’ÉDITION 2</p>');
    expect((await pageOf(again)).text).toContain('Remplace l’édition 1.');
    const exercise = await draftReport(hub, (await newIncident(hub, 'page-exercice', 'EXERCISE')).id);
    const { text } = await pageOf(exercise);
    expect(text).toContain('<title>EXERCICE Point de situation n° 1');
    expect(text).toContain('<body>\n<p class="band">EXERCICE – BROUILLON, chiffres provisoires</p>');
    const shown = await freezeReport(hub, await reviseReport(hub, exercise));
    expect((await pageOf(shown)).text).toContain('<body>\n<p class="band">EXERCICE</p>');
  });

  it('runs nothing: its policy lets its own sheet in, and nothing else', async () => {
    const { headers, text } = await pageOf(frozen);
    const [, sheet = ''] = /<style>([\s\S]*?)<\/style>/.exec(text) ?? [];
    const hash = createHash('sha256').update(sheet).digest('base64');
    expect(headers.get('content-security-policy')).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    );
    expect(text).not.toMatch(/<script|<[^>]+\s(?:style|on\w+)=/);
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
  });

  it('is for staff: by token, or by the session, from a page of the hub', async () => {
    for (const persona of ['editor', 'validator', 'duty', 'checker'] as const)
      expect((await pageOf(frozen, persona)).status).toBe(200);
    for (const persona of ['volunteer', 'marshal', 'scheduler', 'admin'] as const)
      expect((await pageOf(frozen, persona)).status).toBe(403);
    expect((await fetch(frozen.printUrl)).status).toBe(401);
    for (const id of [randomUUID(), 'x', incident])
      expect((await pageOf({ printUrl: `${hub.url}/desk/situation-reports/${id}` })).status).toBe(404);
    const browser = new Browser();
    const form = { persona: 'checker', return: '/' };
    await browser.visit(`${hub.url}/desk/signin`, { method: 'POST', form, from: hub.url });
    const { response } = await browser.visit(frozen.printUrl, { from: hub.url });
    expect([response.status, (await response.text()).includes('L’eau monte.')]).toEqual([200, true]);
    const cookie = browser.cookieHeader(hub.url);
    for (const site of ['cross-site', 'same-site'])
      expect((await fetch(frozen.printUrl, { headers: { cookie, 'sec-fetch-site': site } })).status).toBe(403);
  });
});

/** The longest text of these characters that a part takes. */
const longest = (characters: string, lines: number): string => {
  const text = cutToLines(characters.repeat(Math.ceil(4_000 / characters.length)).slice(0, 4_000), lines, WORDS_EM);
  expect(printedLines(text, WORDS_EM)).toBe(lines);
  return text;
};
const wordsOf = (characters: string) =>
  Object.fromEntries(Object.entries(PART_LINES).map(([part, lines]) => [part, longest(characters, lines)]));

/** How many pages a PDF has, and the paper of each, in points. */
function pagesIn(pdf: Buffer): { pages: number; paper: string[] } {
  const text = pdf.toString('latin1');
  const paper = [...text.matchAll(/\/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]/g)];
  return {
    pages: text.match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0,
    paper: paper.map(([, width, height]) => `${Math.round(Number(width))} × ${Math.round(Number(height))}`),
  };
}

const hasChromium = given(CHROMIUM !== undefined, 'Chromium');

describe.runIf(hasChromium)('printed by a browser', () => {
  let browser: Chromium;
  let server: Server;
  let shown = '';
  beforeAll(async () => {
    browser = await Chromium.open(CHROMIUM ?? '');
    server = createServer((_request, response) =>
      response.setHeader('content-type', 'text/html; charset=utf-8').end(shown),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return async () => {
      await browser.close();
      server.closeAllConnections();
      server.close();
    };
  });

  async function printed(text: string): Promise<ReturnType<typeof pagesIn>> {
    shown = text;
    await browser.visit(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    return pagesIn(await browser.print());
  }

  it.each([
    ['in French', 'L’Yvette déborde : « évacuez » le bas de Longjumeau, dit la préfète ! '],
    ['of wide capitals', 'WMW@ '],
    ['of one word', 'm'],
    ['of thin letters', 'il '],
    ['of marks before which no line breaks', 'a ! b ? « c » ; (d) / '],
    ['of accents upon accents', 'e\u0301\u0323\u0302 '],
    ['of Chinese', '一二三'],
    ['of pictures', '🚒🌊 '],
    ['of Cyrillic', 'Щюж '],
    ['of lines', 'a\n'],
  ])('is one sheet of A4 with the longest words %s', async (_what, characters) => {
    const found = await printed(situationPage(worstReport(territory, wordsOf(characters))));
    expect(found).toEqual({ pages: 1, paper: ['595 × 842'] });
  });

  it('would be two with more words than that: the count counts', async () => {
    const words = { ...wordsOf('mot '), situation: 'mot\n'.repeat(60) };
    expect((await printed(situationPage(worstReport(territory, words)))).pages).toBe(2);
  });

  it('is one sheet as the hub sends it, in letters of 9 pt at least', async () => {
    const incident = (await newIncident(hub, 'imprime')).id;
    const report = await freezeNext(hub, incident, wordsOf('L’eau monte encore à Longjumeau. '));
    await browser.send(bearer('checker'));
    await browser.visit(report.printUrl);
    expect(pagesIn(await browser.print())).toEqual({ pages: 1, paper: ['595 × 842'] });
    const sizes = await browser.run(`[...document.styleSheets[0].cssRules]
      .filter((rule) => rule.media?.mediaText === 'print').flatMap((media) => [...media.cssRules])
      .flatMap(({ style }) => style?.fontSize ? [style.fontSize] : [])`);
    expect((sizes as string[]).length).toBeGreaterThan(3);
    for (const size of sizes as string[]) expect(Number.parseFloat(size)).toBeGreaterThanOrEqual(9);
    // Nothing stands beyond the edge of a narrow window.
    expect(await browser.run('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
  });
});
