import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import {
  alertInput,
  closureInput,
  correctionInput,
  hoursFromNow,
  publishNew,
  release,
  revise,
} from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

const get = (path: string) => fetch(path.startsWith('http') ? path : `${hub.url}${path}`);
const page = async (path: string) => (await get(path)).text();
const linked = (text: string, name: string) => new RegExp(`<meta property="${name}" content="([^"]*)"`).exec(text)?.[1];

describe('the page of a publication', () => {
  it('is where every post leads to, with a picture for those who share it', async () => {
    const { id } = await publishNew(hub);
    const query = '{ socialPosts(network: X, first: 1) { nodes { url imageUrl imageAlt } } }';
    const { socialPosts } = await hub.as().request<{ socialPosts: { nodes: Record<string, string>[] } }>(query);
    const [post] = socialPosts.nodes;
    const answer = await get(post?.url ?? '');
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    const text = await answer.text();
    expect(text).toContain('<h1>L’Yvette déborde à Longjumeau</h1>');
    expect(text).toContain('Vigilance orange');
    expect(text).toContain('Éloignez-vous des berges.');
    expect(linked(text, 'og:url')).toBe(`${hub.url}/publications/${id}/r/1`);
    expect(linked(text, 'og:image')).toBe(post?.imageUrl);
    expect(linked(text, 'og:image:alt')).toBe(post?.imageAlt);
    expect((await get(linked(text, 'og:image') ?? '')).headers.get('content-type')).toBe('image/png');
    expect(await page(`/publications/${id}`)).toBe(text);
  });

  it('keeps what each revision said, and says that it was replaced', async () => {
    const first = await publishNew(hub);
    const texts = [
      { language: 'fr-FR', headline: 'L’Yvette baisse', description: 'La décrue commence.', instruction: 'Attendez.' },
    ];
    await release(hub, await revise(hub, 'Alert', first, alertInput({ texts })));
    const [old, now] = [await page(`/publications/${first.id}/r/1`), await page(`/publications/${first.id}/r/2`)];
    expect(old).toContain('<h1>L’Yvette déborde à Longjumeau</h1>');
    expect(old).toContain(`<a href="/publications/${first.id}">Lire la plus récente</a>`);
    expect(now).toContain('<h1>L’Yvette baisse</h1>');
    expect(now).not.toContain('Lire la plus récente');
  });

  it('says first of all what was withdrawn, and what is over', async () => {
    const [withdrawn, over] = [await publishNew(hub), await publishNew(hub)];
    await hub
      .as('validator')
      .request(
        'mutation ($id: ID!, $version: Int!) { cancelPublication(id: $id, version: $version, reason: "Erreur & essai.") { publication { id } } }',
        { id: withdrawn.id, version: withdrawn.version },
      );
    const texts = [
      { language: 'fr-FR', headline: 'Fin de la crue', description: 'Les routes rouvrent.', instruction: null },
    ];
    await hub
      .as('validator')
      .request(
        'mutation ($id: ID!, $version: Int!, $texts: [PublicationTextInput!]!) { giveAllClear(id: $id, version: $version, texts: $texts) { publication { id } } }',
        { id: over.id, version: over.version, texts },
      );
    const cancelled = await page(`/publications/${withdrawn.id}/r/1`);
    expect(cancelled).toContain('<h1>Annulé : L’Yvette déborde à Longjumeau</h1>');
    expect(cancelled).toMatch(/Erreur &amp; essai/);
    expect(linked(cancelled, 'og:description')).toMatch(/^Erreur/);
    const ended = await page(`/publications/${over.id}`);
    expect(ended).toContain('<h1>Fin de la crue</h1>');
    expect(ended).toContain('Les routes rouvrent.');
  });

  it('does not read as closed a road that was seen open again', async () => {
    const road = await publishNew(hub, 'Closure', closureInput());
    await hub
      .as('editor')
      .request(
        'mutation ($id: ID!, $at: DateTime!) { observeClosure(id: $id, state: REOPENED, observedAt: $at) { publication { id } } }',
        {
          id: road.id,
          at: hoursFromNow(0),
        },
      );
    const text = await page(`/publications/${road.id}`);
    expect(text).toContain('<h1>Route rouverte : D31 (Route de Corbeil)</h1>');
    expect(text).toContain('Sur place : route rouverte');
    expect(text).not.toContain('Chaussée inondée');
  });

  it('leads a correction with its verdict, and shows translations with their language', async () => {
    const rumour = await publishNew(hub, 'Correction', correctionInput());
    const text = await page(`/publications/${rumour.id}`);
    expect(text).toContain('C’est faux');
    expect(text).toContain('href="https://prefecture.example/gaz"');
    const texts = [
      ...alertInput().texts,
      { language: 'en-GB', headline: 'Flood', description: 'Under water.', instruction: null },
      { language: 'ar', headline: 'فيضان', description: 'ابتعدوا.', instruction: null },
    ];
    const both = await publishNew(hub, 'Alert', alertInput({ texts }));
    const shown = await page(`/publications/${both.id}`);
    expect(shown).toMatch(/<html lang="fr" dir="ltr"/);
    expect(shown).toMatch(/<article lang="en-GB" dir="ltr">\n<h2>Flood<\/h2>/);
    expect(shown).toMatch(/<article lang="ar" dir="rtl">\n<h2>فيضان<\/h2>/);
  });

  it('keeps exercises out of search engines', async () => {
    const texts = [{ language: 'fr-FR', headline: 'EXERCICE : crue', description: 'Essai.', instruction: 'Rien.' }];
    const drill = await publishNew(hub, 'Alert', alertInput({ mode: 'EXERCISE', texts }));
    expect(await page(`/publications/${drill.id}`)).toContain('<meta name="robots" content="noindex">');
  });

  it('is 404 in JSON where there is none', async () => {
    const { id } = await publishNew(hub);
    for (const path of [`${id}/r/2`, `${id}/r/0`, `${id}/r/x`, randomUUID(), 'x', `${randomUUID()}/r/1`]) {
      const answer = await get(`/publications/${path}`);
      expect([path, answer.status]).toEqual([path, 404]);
      expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
    }
  });
});
