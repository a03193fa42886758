import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import { aidPointInput, hoursFromNow, publishNew, refusal, release, revise } from '../../support/desk/desk.ts';
import { Follower } from '../../support/following/follower.ts';
import { startHub } from '../../support/hub/hub.ts';

/** The story of a place where people find help: it opens, fills up, and is told as full, by the public API alone. */
const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

const observe = (id: string, seen: object, persona: Parameters<typeof hub.as>[0] = 'editor') =>
  hub.as(persona).request<{ observeAidPoint: { publication: { revision: number; observed: object } } }>(
    `mutation ($id: ID!, $status: AidStatus!, $freePlaces: Int, $at: DateTime!, $note: String) {
      observeAidPoint(id: $id, status: $status, freePlaces: $freePlaces, observedAt: $at, note: $note) { publication {
        revision observed { status freePlaces observedAt note } } } }`,
    { id, status: 'OPEN', at: hoursFromNow(-0.01), ...seen },
  );
const read = async (id: string) => {
  const { publication } = await hub.as().request<{ publication: Record<string, unknown> }>(
    `query ($id: ID!) { publication(id: $id) {
      revision history { number } ... on AidPointPublication { observed { status freePlaces observedAt note } } } }`,
    { id },
  );
  return publication;
};
const text = async (path: string): Promise<string> => (await fetch(`${hub.url}${path}`)).text();

describe('free places', () => {
  it('change without a revision, for every reader and follower, and always with their time', async () => {
    const follower = new Follower(hub.url, null, { kinds: ['AID_POINT'] });
    await follower.ready();
    const { id } = await publishNew(hub, 'AidPoint');
    expect(await read(id)).toEqual({
      revision: 1,
      history: [{ number: 1 }],
      observed: null,
    });
    const [first, second] = [hoursFromNow(-0.02), hoursFromNow(-0.01)];
    await observe(id, { freePlaces: 12, at: first, note: 'Lits de camp.' });
    const { observeAidPoint: seen } = await observe(id, { status: 'FULL', freePlaces: 0, at: second });
    const full = { status: 'FULL', freePlaces: 0, observedAt: second, note: null };
    expect(seen.publication).toEqual({ revision: 1, observed: full });
    expect(await read(id)).toEqual({ revision: 1, history: [{ number: 1 }], observed: full });
    await follower.until(({ heard }) => heard.length === 3);
    expect(follower.heard).toMatchObject([
      { type: 'PUBLISHED', ring: true },
      { type: 'OBSERVED', ring: false },
      { type: 'OBSERVED', ring: true },
    ]);
    await follower.stop();
  });

  it('go on under a revision of the same place, and are forgotten once it moved', async () => {
    const written = await publishNew(hub, 'AidPoint');
    await observe(written.id, { freePlaces: 40 });
    const texts = [{ language: 'fr-FR', headline: 'Le gymnase reste ouvert', description: 'Il fait chaud.' }];
    const revised = await release(hub, await revise(hub, 'AidPoint', written, aidPointInput({ texts })));
    expect(await read(written.id)).toMatchObject({ revision: 2, observed: { status: 'OPEN', freePlaces: 40 } });
    await release(hub, await revise(hub, 'AidPoint', revised, aidPointInput({ texts, address: '9 quai de l’Orge' })));
    expect(await read(written.id)).toMatchObject({ revision: 3, observed: null });
  });

  it('are counted by two people at one moment: both are on record, and the later word stands', async () => {
    const follower = new Follower(hub.url, null, { kinds: ['AID_POINT'] });
    await follower.ready();
    const { id } = await publishNew(hub, 'AidPoint');
    const at = hoursFromNow(-0.01);
    const answers = await Promise.all([
      observe(id, { freePlaces: 10, at }),
      observe(id, { freePlaces: 11, at }, 'validator'),
    ]);
    expect(answers.map(({ observeAidPoint: { publication } }) => publication.observed)).toMatchObject([
      { freePlaces: 10 },
      { freePlaces: 11 },
    ]);
    await follower.until(({ heard }) => heard.filter(({ type }) => type === 'OBSERVED').length === 2);
    await follower.stop();
    const last = await hub.as().request<{ changes: { nodes: { publication: { observed: object } }[] } }>(
      `query ($after: Cursor, $where: ChangeFilter) { changes(after: $after, where: $where) {
        nodes { publication { ... on AidPointPublication { observed { freePlaces observedAt } } } } } }`,
      { after: follower.heard.at(-2)?.cursor, where: { kinds: ['AID_POINT'] } },
    );
    expect(await read(id)).toMatchObject({ observed: last.changes.nodes.at(-1)?.publication.observed });
  });
});

describe('an observation', () => {
  it.each<[string, object, string]>([
    ['more free places than places', { freePlaces: 101 }, 'freePlaces'],
    ['fewer than none', { freePlaces: -1 }, 'freePlaces'],
    ['free places where it is full', { status: 'FULL', freePlaces: 3 }, 'freePlaces'],
    ['the future', { at: hoursFromNow(1) }, 'observedAt'],
    ['what was seen before the last look', { at: hoursFromNow(-2) }, 'observedAt'],
  ])('of %s is refused by the name of the field, and changes nothing', async (_what, seen, path) => {
    const { id } = await publishNew(hub, 'AidPoint');
    await observe(id, { freePlaces: 100, at: hoursFromNow(-1) });
    const before = await read(id);
    expect(await refusal(observe(id, seen))).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path }] });
    expect(await read(id)).toEqual(before);
  });

  it('is of what somebody saw: nobody can record that nobody looked', async () => {
    const { id } = await publishNew(hub, 'AidPoint');
    expect(await refusal(observe(id, { status: 'UNKNOWN' }))).toMatchObject({ code: 'BAD_REQUEST' });
    expect(await read(id)).toMatchObject({ observed: null });
  });

  it('is for those who write, of an aid point that is public', async () => {
    const { id } = await publishNew(hub, 'AidPoint');
    const closure = await publishNew(hub, 'Closure');
    expect(await refusal(observe(id, {}, 'volunteer'))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await refusal(observe(closure.id, {}))).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('an aid point in what the public reads', () => {
  it('stands in the situation of its commune, the open ones first', async () => {
    const place = (commune: string, coordinates: number[]) =>
      aidPointInput({ commune, point: { type: 'Point', coordinates } });
    const montgeron = place('91421', [2.4577, 48.7022]);
    const [full, open] = [await publishNew(hub, 'AidPoint', montgeron), await publishNew(hub, 'AidPoint', montgeron)];
    await observe(full.id, { status: 'FULL' });
    await observe(open.id, { freePlaces: 3 });
    const { situation } = await hub
      .as()
      .request<{ situation: { aidPoints: object[] } }>(
        '{ situation(place: { commune: "91421" }) { aidPoints { id purposes place addressCommune { name } observed { status } } } }',
      );
    const common = { purposes: ['SHELTER', 'MEALS'], place: 'Gymnase des Prés', addressCommune: { name: 'Montgeron' } };
    expect(situation.aidPoints).toEqual([
      { id: open.id, ...common, observed: { status: 'OPEN' } },
      { id: full.id, ...common, observed: { status: 'FULL' } },
    ]);
  });

  it('is shown with its free places and their time: in feeds, on maps, on pages and in posts', async () => {
    const place = 'Salle des fêtes de Brunoy';
    const where = { commune: '91114', point: { type: 'Point', coordinates: [2.5044, 48.6985] } };
    const { id } = await publishNew(hub, 'AidPoint', aidPointInput({ place, ...where }));
    const at = hoursFromNow(-0.01);
    await observe(id, { freePlaces: 12, at });
    const told = new Intl.DateTimeFormat('fr-FR', { timeZone: 'Europe/Paris', hour: 'numeric', minute: '2-digit' });
    const [hour, minute = '00'] = told.format(new Date(at)).split(':');
    const time = [Number(hour), 'h', ...(minute === '00' ? [] : [minute])].join('\u00a0');
    const posts = async () => {
      const { socialPosts } = await hub
        .as()
        .request<{ socialPosts: { nodes: { text: string; phase: string; publication: { id: string } }[] } }>(
          '{ socialPosts(network: MASTODON, first: 50) { nodes { text phase publication { id } } } }',
        );
      return socialPosts.nodes.find(({ publication }) => publication.id === id);
    };
    for (const shown of [
      await text('/feeds/publications.rss?commune=91114'),
      await text('/feeds/publications.json?commune=91114'),
      await text('/?commune=91114'),
      await text(`/publications/${id}`),
      (await posts())?.text ?? '',
    ]) {
      const [, after = ''] = shown.split('12 places libres sur 100');
      expect(after.slice(0, 80)).toContain(time);
      expect(shown).toContain('1 rue des Prés');
    }
    const map = JSON.parse(await text('/geo/aid-points.geojson?commune=91114'));
    expect(map.features).toMatchObject([{ id, properties: { place, status: 'OPEN', freePlaces: 12, observedAt: at } }]);

    await observe(id, { status: 'FULL', freePlaces: 0 });
    for (const shown of [
      await text('/feeds/publications.rss?commune=91114'),
      await text('/?commune=91114'),
      await text(`/publications/${id}`),
      await text(`/publications/${id}.jsonld`),
    ]) {
      expect(shown).toContain(`Complet : ${place}`);
      expect(shown).not.toContain('12 places libres');
      expect(shown).not.toContain('Venez avec vos papiers');
    }
    expect(await posts()).toMatchObject({ phase: 'SHUT', text: expect.stringMatching(/^Lieu d’aide complet : Salle/) });
  });

  it('is not shown as open any more once people ended it', async () => {
    const { id, version } = await publishNew(hub, 'AidPoint');
    await observe(id, { freePlaces: 12 });
    await hub
      .as('validator')
      .request(
        'mutation ($id: ID!, $version: Int!) { cancelPublication(id: $id, version: $version, reason: "Fuite de gaz.") { publication { id } } }',
        {
          id,
          version,
        },
      );
    const pages = [await text(`/publications/${id}`), await text(`/publications/${id}.jsonld`)];
    for (const shown of [...pages, await text('/?commune=91589'), await text('/feeds/publications.rss')])
      expect(shown).not.toContain('12 places libres');
    for (const shown of pages) expect(shown).not.toContain('Hébergement');
  });

  it('answers its details in the language asked for, or in French', async () => {
    const { id } = await publishNew(
      hub,
      'AidPoint',
      aidPointInput({
        purposes: ['DONATIONS'],
        texts: [
          ...aidPointInput().texts,
          { language: 'en-GB', headline: 'Donations in Savigny-sur-Orge', description: 'What people need now.' },
        ],
        details: [
          { language: 'fr-FR', openingHours: '9 h – 18 h', wanted: ['Couches'], unwanted: ['Vêtements'] },
          { language: 'en-GB', openingHours: '9 a.m. to 6 p.m.', audience: 'Anybody', wanted: ['Nappies'] },
        ],
      }),
    );
    const fields = (language: string) =>
      `openingHours(languages: ["${language}"]) audience(languages: ["${language}"]) accessibility(languages: ["${language}"])
       wanted(languages: ["${language}"]) unwanted(languages: ["${language}"])`;
    const answer = (language: string) =>
      hub
        .as()
        .request(`query ($id: ID!) { publication(id: $id) { ... on AidPointPublication { ${fields(language)} } } }`, {
          id,
        });
    expect(await answer('en-US')).toEqual({
      publication: {
        openingHours: '9 a.m. to 6 p.m.',
        audience: 'Anybody',
        accessibility: null,
        wanted: ['Nappies'],
        unwanted: [],
      },
    });
    expect(await answer('uk')).toMatchObject({ publication: { wanted: ['Couches'], unwanted: ['Vêtements'] } });
  });
});
