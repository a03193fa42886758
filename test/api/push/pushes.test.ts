import { afterAll, describe, expect, it } from 'vitest';
import { parisTime, SetClock } from '../../../src/clock.ts';
import { until } from '../../../src/development/embedded/processes.ts';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, draft, publishNew, release, revise, step } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { allPushed, plantReaders, pushesTo, pushSecrets, subscribed } from '../../support/push/push-desk.ts';
import {
  PushReader,
  pushServiceOfTest,
  pushTargets,
  type ReceivedPush,
  startPushService,
} from '../../support/receivers/push-service.ts';

const { url } = await testDatabase();
const { url: apart } = await testDatabase();
const clock = new SetClock(new Date());
const secrets = pushSecrets();
const service = await startPushService();
const more = { push: secrets, pushTargets: await pushTargets() };
const hubs = [await startHub({ url, clock, more }), await startHub({ url, clock, more })] as const;
const [hub] = hubs;
afterAll(async () => {
  for (const one of hubs) await one.close();
  await service.close();
});

const TOWN = { where: { communes: ['91345'] } };
const subscribe = () => PushReader.subscribe(service.origin);
/** News of a reader, without the push that brought the code. */
const news = async (reader: PushReader, count: number) => (await pushesTo(service, reader, count + 1)).slice(1);
const read = async (reader: PushReader, push: ReceivedPush | undefined) => reader.read(push as ReceivedPush);
const settled = () => allPushed(url);

describe('an app that is closed', () => {
  it('is pushed what is published, encrypted, with its place, its gravity and when it ends', async () => {
    const reader = await subscribe();
    await subscribed(hub, service, reader, TOWN);
    const { id } = await publishNew(hub);
    const [push] = await news(reader, 1);
    const { notification, tocsin } = await read(reader, push);
    expect(notification).toMatchObject({
      ...{ title: 'L’Yvette déborde à Longjumeau', lang: 'fr-FR', dir: 'ltr', tag: id },
      navigate: expect.stringMatching(new RegExp(`/publications/${id}/r/1$`)),
    });
    expect(notification.body).toContain('Le bas de la ville est inondé.');
    expect(tocsin).toMatchObject({ id, revision: 1, kind: 'ALERT', severity: 'SEVERE' });
    expect(Date.parse(tocsin.expires)).toBeGreaterThan(clock.now().getTime());
    const { changes } = await hub
      .as()
      .request<{ changes: { nodes: object[] } }>(
        'query ($after: Cursor!) { changes(after: $after) { nodes { cursor } } }',
        { after: tocsin.cursor },
      );
    expect(changes.nodes).toEqual([]);
    expect(push?.headers).toMatchObject({ urgency: 'high', topic: expect.stringMatching(/^[\w-]{30}$/) });
    expect(Number(push?.headers.ttl)).toBeGreaterThan(19 * 3600);
    expect(push?.body.toString('latin1')).not.toContain('Yvette');
  });

  it('is pushed nothing of other places, other kinds and exercises that it did not ask for (I-10, I-61)', async () => {
    const [here, there, events, trains] = [await subscribe(), await subscribe(), await subscribe(), await subscribe()];
    await subscribed(hub, service, here, TOWN);
    await subscribed(hub, service, there, { where: { communes: ['91228'] } });
    await subscribed(hub, service, events, { where: { kinds: ['EVENT'] } });
    await subscribed(hub, service, trains, { where: { communes: ['91345'], modes: ['EXERCISE'] } });
    await publishNew(hub);
    const words = { language: 'fr-FR', headline: 'EXERCICE L’Yvette monte', description: 'EXERCICE L’eau monte.' };
    const exercise = await publishNew(hub, 'Alert', alertInput({ mode: 'EXERCISE', texts: [words] }));
    const [drill] = await news(trains, 1);
    const { notification } = await read(trains, drill);
    expect(notification).toMatchObject({ tag: exercise.id, title: expect.stringMatching(/^EXERCICE/) });
    await settled();
    const counts = await Promise.all([here, there, events, trains].map(async (one) => (await news(one, 0)).length));
    expect(counts).toEqual([1, 0, 0, 1]);
  });

  it('rings again for a graver revision and for the end, by the same tag and topic; not for a word that was mended', async () => {
    const reader = await subscribe();
    await subscribed(hub, service, reader, TOWN);
    const published = await publishNew(hub, 'Alert', alertInput({ severity: 'MODERATE' }));
    await news(reader, 1);
    const mended = await release(
      hub,
      await revise(hub, 'Alert', published, alertInput({ severity: 'MODERATE', urgency: 'FUTURE' })),
    );
    await settled();
    const graver = await release(hub, await revise(hub, 'Alert', mended, alertInput({ severity: 'SEVERE' })));
    await news(reader, 2);
    await hub
      .as('validator')
      .request(
        'mutation ($id: ID!, $version: Int!, $reason: String!) { cancelPublication(id: $id, version: $version, reason: $reason) { asOf } }',
        { id: graver.id, version: graver.version, reason: 'Erreur de lieu' },
      );
    const pushes = await news(reader, 3);
    const words = await Promise.all(pushes.map((push) => read(reader, push)));
    expect(words.map(({ tocsin }) => tocsin.revision)).toEqual([1, 3, 3]);
    expect(words.at(-1)?.notification.title).toMatch(/^Annulé/);
    expect(new Set(words.map(({ notification }) => notification.tag))).toEqual(new Set([published.id]));
    expect(new Set(pushes.map(({ headers }) => headers.topic)).size).toBe(1);
  });

  it('reads in its language where there are words in it, else French', async () => {
    const [english, german] = [await subscribe(), await subscribe()];
    await subscribed(hub, service, english, { ...TOWN, language: 'en-GB' });
    await subscribed(hub, service, german, { ...TOWN, language: 'de' });
    const french = { language: 'fr-FR', headline: 'Crue', description: 'L’eau monte.', instruction: 'Montez.' };
    const texts = [
      french,
      { language: 'en-GB', headline: 'Flood', description: 'Water rises.', instruction: 'Go up.' },
    ];
    await publishNew(hub, 'Alert', alertInput({ texts }));
    const titles = await Promise.all(
      [english, german].map(async (one) => (await read(one, (await news(one, 1))[0])).notification.title),
    );
    expect(titles).toEqual(['Flood', 'Crue']);
  });
});

it('from the fourth push in ten minutes on they come without a sound, but for what is EXTREME', async () => {
  const reader = await subscribe();
  await subscribed(hub, service, reader, TOWN);
  const silent = async (severity: string, count: number) => {
    const draftOf = await draft(hub, 'Alert', alertInput({ severity }));
    let written = await step(hub, 'submitDossier', 'editor', draftOf);
    // Two approve what is EXTREME.
    for (const person of severity === 'EXTREME' ? (['validator', 'validator2'] as const) : (['validator'] as const))
      written = await step(hub, 'approveDossier', person, written);
    await step(hub, 'publishDossier', 'validator', written);
    const { notification } = await read(reader, (await news(reader, count)).at(-1));
    // The hub notes that it was pushed behind it.
    await settled();
    return notification.silent;
  };
  const given: boolean[] = [];
  for (const severity of ['SEVERE', 'SEVERE', 'MINOR', 'SEVERE', 'EXTREME', 'SEVERE'])
    given.push(await silent(severity, given.length + 1));
  expect(given).toEqual([false, false, false, true, false, true]);
  clock.set(new Date(clock.now().getTime() + 11 * 60_000));
  expect(await silent('SEVERE', 7)).toBe(false);
});

it('what ended while the hubs were away is pushed to nobody, and the rest once they are back', async () => {
  const reader = await subscribe();
  const before = await startHub({ url: apart, clock, more });
  await subscribed(before, service, reader);
  await before.close();
  const silent = await startHub({ url: apart, clock });
  const soon = parisTime(new Date(clock.now().getTime() + 60_000));
  await publishNew(silent, 'Alert', alertInput({ endsAt: soon }));
  const { id } = await publishNew(silent);
  await silent.close();
  const later = new SetClock(new Date(clock.now().getTime() + 5 * 60_000));
  const after = await startHub({ url: apart, clock: later, more });
  try {
    const [push, ...others] = await news(reader, 1);
    expect((await read(reader, push)).tocsin.id).toBe(id);
    expect(others).toEqual([]);
  } finally {
    await after.close();
  }
});

it('many readers are each pushed once, by two hubs that share the work', async () => {
  const crowd = await pushServiceOfTest();
  const reader = await PushReader.subscribe(crowd.origin);
  const paths = await plantReaders(url, secrets, { origin: crowd.origin, reader, count: 2_100, communes: ['91692'] });
  const areas = [{ description: 'Les Ulis', communes: ['91692'] }];
  const { id } = await publishNew(hub, 'Alert', alertInput({ areas }));
  await until(() => crowd.received.length >= paths.length, PATIENCE_MS);
  await settled();
  expect(crowd.received.map(({ path }) => path).sort()).toEqual(paths.toSorted());
  expect((await read(reader, crowd.received.at(-1))).tocsin.id).toBe(id);
  // One line of each hub at most, and of those at the end two.
  expect(crowd.connections).toBeGreaterThanOrEqual(1);
  expect(crowd.connections).toBeLessThanOrEqual(4);
});

it('a draft is pushed to nobody', async () => {
  const reader = await subscribe();
  await subscribed(hub, service, reader, TOWN);
  await draft(hub, 'Alert');
  const { id } = await publishNew(hub, 'Alert', alertInput({ severity: 'MODERATE' }));
  const [push, ...others] = await news(reader, 1);
  expect((await read(reader, push)).tocsin.id).toBe(id);
  expect(others).toEqual([]);
});
