import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, publishNew } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const hub = await startHub({ url, demo: true });
afterAll(() => hub.close());

const page = async (path = '/') => {
  const answer = await fetch(`${hub.url}${path}`);
  return {
    status: answer.status,
    type: answer.headers.get('content-type'),
    policy: answer.headers.get('content-security-policy'),
    text: await answer.text(),
  };
};

describe('the public page', () => {
  it('shows what is in force, in French, without a script', async () => {
    const { status, type, policy, text } = await page();
    expect([status, type]).toEqual([200, 'text/html; charset=utf-8']);
    expect(policy).toContain("default-src 'none'");
    expect(text).toContain('<html lang="fr" dir="ltr">');
    expect(text).toContain('Vigilance rouge');
    expect(text).toContain('Que faire');
    expect(text).not.toContain('<script');
  });

  it('shows one commune by its name or its code, whatever the accents', async () => {
    for (const commune of ['Montgeron', 'montgeron', '91421']) {
      const { text } = await page(`/?commune=${commune}`);
      expect(text).toContain('<h2>Montgeron</h2>');
      expect(text).toContain('Tour de France');
      expect(text).not.toContain('Longjumeau : évacuation');
    }
  });

  it('says so where no commune is called like that, and escapes what was typed', async () => {
    const { text } = await page('/?commune=%3Cimg+src%3Dx%3E');
    expect(text).toContain('Aucune commune de l’Essonne');
    expect(text).not.toContain('<img');
  });

  it('shows a road that was seen open again apart from those that are closed, without sending anybody round it', async () => {
    const { text } = await page('/?commune=91345');
    const [closed = '', reopened = ''] = text.split('Routes rouvertes');
    expect(reopened).toContain('N20');
    expect(reopened).toContain('Sur place : route rouverte');
    expect(reopened).not.toContain('Prenez un autre itinéraire');
    expect(reopened).not.toContain('est fermée dans les deux sens');
    expect(closed).not.toContain('N20');
  });

  it('takes no sign for a commune', async () => {
    for (const typed of ['%00', '-', '%E2%80%99'])
      expect((await page(`/?commune=${typed}`)).text).toContain('Aucune commune');
  });

  it('says that its outlines are approximate', async () => {
    expect((await page()).text).toContain('approximatifs');
  });

  it('escapes what people wrote', async () => {
    const texts = [{ language: 'fr-FR', headline: 'Seuil < 3 m & "quai" fermé', description: 'L’eau monte > 2 m' }];
    await publishNew(hub, 'Alert', alertInput({ texts }));
    const { text } = await page('/?commune=91345');
    expect(text).toContain('Seuil &lt; 3 m &amp; &quot;quai&quot; fermé');
  });
});
