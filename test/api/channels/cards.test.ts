import { afterAll, expect, it } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, publishNew, release, revise } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

interface Picture {
  network: string;
  imageUrl: string | null;
  imageAlt: string | null;
}
const pictures = async (network: string, language = 'fr-FR') => {
  const query = `{ socialPosts(network: ${network}, languages: ["${language}"]) { nodes { network imageUrl imageAlt } } }`;
  return (await hub.as().request<{ socialPosts: { nodes: Picture[] } }>(query)).socialPosts.nodes;
};

it('gives a post its picture, that anybody can fetch and keep for ever', async () => {
  const written = await publishNew(hub);
  const [wide] = await pictures('X');
  expect(wide?.imageUrl).toBe(`${hub.url}/cards/${written.id}/r/1/fr-FR-wide.png`);
  expect(wide?.imageAlt).toMatch(
    /^Vigilance orange : inondation\. L’Yvette déborde à Longjumeau\. Carte de l’Essonne : Longjumeau\. Jusqu’au .*\. Département de l’Essonne · /,
  );
  const answer = await fetch(wide?.imageUrl ?? '');
  expect(answer.headers.get('content-type')).toBe('image/png');
  expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  const png = Buffer.from(await answer.arrayBuffer());
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  const again = await fetch(wide?.imageUrl ?? '', { headers: { 'if-none-match': answer.headers.get('etag') ?? '' } });
  expect(again.status).toBe(304);
  expect((await pictures('INSTAGRAM'))[0]?.imageUrl).toMatch(/fr-FR-square\.png$/);
  expect(await pictures('SMS')).toEqual([{ network: 'SMS', imageUrl: null, imageAlt: null }]);

  // The same picture, when the thread has moved on.
  await release(hub, await revise(hub, 'Alert', written, alertInput({ severity: 'MODERATE' })));
  const [next] = await pictures('X');
  expect(next?.imageUrl).toMatch(/\/r\/2\/fr-FR-wide\.png$/);
  const old = Buffer.from(await (await fetch(wide?.imageUrl ?? '')).arrayBuffer());
  expect(old.equals(png)).toBe(true);
  const now = Buffer.from(await (await fetch(next?.imageUrl ?? '')).arrayBuffer());
  expect(now.equals(png)).toBe(false);
});

it('falls back on the French picture where its fonts lack the letters', async () => {
  const texts = [
    ...alertInput().texts,
    { language: 'ar', headline: 'فيضان', description: 'ماء', instruction: null },
    { language: 'uk', headline: 'Повінь', description: 'Вода', instruction: null },
  ];
  await publishNew(hub, 'Alert', alertInput({ texts }));
  expect((await pictures('X', 'ar'))[0]?.imageUrl).toMatch(/fr-FR-wide\.png$/);
  expect((await pictures('X', 'uk'))[0]?.imageUrl).toMatch(/uk-wide\.png$/);
});

it('answers 404 in JSON for what is no card', async () => {
  const [{ imageUrl }] = (await pictures('X')) as [Picture];
  const base = new URL('.', imageUrl ?? '').href;
  for (const address of [
    `${base}en-GB-wide.png`,
    `${base}fr-FR-huge.png`,
    `${base}../9/fr-FR-wide.png`,
    `${base}fr-FR-wide-cancelled.png`,
  ]) {
    const answer = await fetch(address);
    expect([address, answer.status]).toEqual([address, 404]);
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
  }
});
