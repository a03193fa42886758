import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { personaVisitors } from '../../../src/development/development-tokens.ts';
import { type CallingDesk, callAbout, callingDesk } from '../../support/crisis-cell/calling-desk.ts';
import { confirmedPoint, linkOf, mailTo } from '../../support/crisis-cell/contact-desk.ts';
import { alertInput, draft, step, type Written } from '../../support/desk/desk.ts';
import { mailBy } from '../../support/institutions/mail-desk.ts';
import { startMailServer } from '../../support/receivers/mail-server.ts';
import { Browser } from '../../support/sign-in/browser.ts';

/** The link in the message of a call. */
const relay = await startMailServer({ closes: afterAll });
let desk: CallingDesk;
let dossier: Written;
let link: string;
beforeAll(async () => {
  desk = await callingDesk({ more: { mail: mailBy(relay), desk: { personas: personaVisitors() } } });
  await desk.onDuty('validator', 'VALIDATOR');
  await confirmedPoint(desk.url, desk.account('validator'), 'lien@essonne.example');
  const texts = [
    { language: 'fr-FR', headline: 'Crue secrète', description: 'Le bas est inondé.', instruction: 'Montez.' },
  ];
  dossier = await step(desk.hub, 'submitDossier', 'editor', await draft(desk.hub, 'Alert', alertInput({ texts })));
  const [letter] = await mailTo(relay, 'lien@essonne.example', 1);
  link = linkOf(letter!);
});
afterAll(() => desk.close());

const at = (path: string) => `${desk.hub.url}${path}`;
async function signedIn(persona: string): Promise<Browser> {
  const browser = new Browser();
  await browser.visit(at('/desk/signin'), { method: 'POST', form: { persona, return: '/' }, from: desk.hub.url });
  return browser;
}
const pressed = async (browser: Browser, path = link) => {
  const { response } = await browser.visit(at(path), { method: 'POST', form: {}, from: at(path) });
  return { status: response.status, text: await response.text() };
};

describe('the link of a call', () => {
  it('shows nothing by GET, neither to programs nor to people, whatever its key, and answers nothing', async () => {
    const before = await callAbout(desk.hub, dossier.id);
    const other = '/desk/a/0123456789abcdefghijkl';
    for (const browser of [new Browser(), await signedIn('validator')]) {
      const [page, unknown] = await Promise.all(
        [link, other].map(async (path) => (await browser.visit(at(path))).response),
      );
      expect([page!.status, unknown!.status]).toEqual([200, 200]);
      expect(page!.headers.get('cache-control')).toBe('no-store');
      const text = await page!.text();
      expect(text.replaceAll(link.slice(8), '')).toBe((await unknown!.text()).replaceAll(other.slice(8), ''));
      expect(text).toContain('Ouvrir une session');
      expect(text).not.toMatch(/secrète|relecture/i);
    }
    expect((await fetch(at(link), { method: 'HEAD' })).status).toBe(404);
    expect(await callAbout(desk.hub, dossier.id)).toEqual(before);
  });

  it('leads by the sign-in back to itself', async () => {
    const text = await (await fetch(at(link))).text();
    const signIn = /href="(\/desk\/signin\?return=[^"]+)"/.exec(text)?.[1] ?? '';
    expect(new URL(signIn, desk.hub.url).searchParams.get('return')).toBe(link);
    const browser = new Browser();
    const form = { persona: 'validator', return: link };
    const { url } = await browser.visit(at('/desk/signin'), { method: 'POST', form, from: at(signIn) });
    expect(url.pathname).toBe(link);
  });

  it('names call and dossier to staff who have signed in, at its button', async () => {
    const { id } = await callAbout(desk.hub, dossier.id);
    const { status, text } = await pressed(await signedIn('validator'));
    expect(status).toBe(200);
    for (const words of ['Crue secrète', id, dossier.id, 'Relecture demandée']) expect(text).toContain(words);
    expect(await callAbout(desk.hub, dossier.id)).toMatchObject({ state: 'RINGING', takenBy: null });
  });

  it('names nothing to others', async () => {
    const anonymous = await pressed(new Browser());
    expect([anonymous.status, anonymous.text.includes('secrète')]).toEqual([401, false]);
    const volunteer = await pressed(await signedIn('volunteer'));
    expect([volunteer.status, volunteer.text.includes('secrète')]).toEqual([403, false]);
    const validator = await signedIn('validator');
    // A page of another site, which sends the form with the cookie all the same.
    const headers = { cookie: validator.cookieHeader(desk.hub.url), 'sec-fetch-site': 'cross-site' };
    const foreign = await fetch(at(link), { method: 'POST', headers });
    expect([foreign.status, (await foreign.text()).includes('secrète')]).toEqual([403, false]);
  });

  it.each(['/desk/a/x', '/desk/a/0123456789abcdefghijk%00', '/desk/a/0123456789abcdefghijklm'])(
    '%s is none',
    async (path) => {
      expect((await fetch(at(path))).status).toBe(404);
    },
  );

  it('dies with the call', async () => {
    await step(desk.hub, 'approveDossier', 'validator', dossier);
    const { status, text } = await pressed(await signedIn('validator'));
    expect([status, text.includes('secrète')]).toEqual([404, false]);
    expect((await pressed(await signedIn('validator'), '/desk/a/0123456789abcdefghijkl')).text).toBe(text);
  });
});
