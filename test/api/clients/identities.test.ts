import { afterAll, describe, expect, it } from 'vitest';
import { parisTime, SetClock } from '../../../src/clock.ts';
import { testDatabase } from '../../support/database/database.ts';
import {
  adviceInput,
  alertInput,
  closureInput,
  draft,
  publishNew,
  release,
  revise,
  type Written,
} from '../../support/desk/desk.ts';
import {
  apolloClient,
  type CacheSettings,
  type CachingClient,
  graphcacheClient,
} from '../../support/following/caching-clients.ts';
import { startHub, tokens } from '../../support/hub/hub.ts';

/** An object with the same id is the same object: no view of another moment takes the place of what is public now. */
const { url } = await testDatabase();
const clock = new SetClock(new Date());
const hub = await startHub({ url, clock });
afterAll(() => hub.close());

const pass = (minutes: number): void => clock.set(new Date(clock.now().getTime() + minutes * 60_000));
const inWords = (headline: string) => ({ texts: [{ language: 'fr-FR', headline, description: 'Voir la carte.' }] });
const read = <T>(query: string, variables: object = {}): Promise<T> => hub.as().request<T>(query, variables);
const desk = hub.as('editor');

const begun = (await read<{ changes: { endCursor: string } }>('{ changes { endCursor } }')).changes.endCursor;

/** Advice of two revisions, and an alert of two that pinned the first of them. */
const advice = await publishNew(hub, 'Advice', adviceInput(inWords('Conseils : première version')));
const alert = await publishNew(hub, 'Alert', alertInput({ severity: 'MODERATE', adviceIds: [advice.id] }));
pass(5);
const monday = parisTime(clock.now());
pass(5);
const graver = await release(
  hub,
  await revise(hub, 'Alert', alert, alertInput({ severity: 'SEVERE', adviceIds: [advice.id] })),
);
const advice2 = await revise(hub, 'Advice', advice, adviceInput(inWords('Conseils : deuxième version')));
await release(hub, advice2);

const CLIENTS: [string, (token?: string) => CachingClient][] = [
  ['Apollo Client', (token) => apolloClient(settings(token))],
  ['graphcache', (token) => graphcacheClient(settings(token))],
];
function settings(token: string | undefined): CacheSettings {
  return { url: `${hub.url}/graphql`, ...(token ? { headers: { authorization: `Bearer ${token}` } } : {}) };
}

const HOME = '{ alerts { nodes { __typename id thread revision severity vigilance } } }';
const ADVICE =
  '{ publications(where: { kinds: [ADVICE] }) { nodes { __typename id thread revision text { headline } } } }';

describe.each(CLIENTS)('%s', (_name, open) => {
  it('shows the present alert after a look at what was public on Monday', async () => {
    const app = open();
    const home = await app.ask(HOME);
    const past = await app.ask<{ publication: { id: string; thread: string; severity: string } }>(
      'query ($id: ID!, $at: DateTime!) { publication(id: $id, at: $at) { __typename id thread revision ... on AlertPublication { severity vigilance } } }',
      { id: alert.id, at: monday },
    );
    expect(past.publication).toMatchObject({ thread: alert.id, severity: 'MODERATE', id: `${alert.id}@r1` });
    expect(app.kept(HOME)).toEqual(home);
    expect(home).toMatchObject({ alerts: { nodes: [{ id: alert.id, severity: 'SEVERE' }] } });
  });

  it('shows the present advice after an alert that pinned an earlier revision of it', async () => {
    const app = open();
    const list = await app.ask(ADVICE);
    const query = '{ alerts { nodes { __typename id advice { __typename id thread revision text { headline } } } } }';
    const alerts = await app.ask<{ alerts: { nodes: { advice: object[] }[] } }>(query);
    expect(alerts.alerts.nodes[0]?.advice).toMatchObject([
      { id: `${advice.id}@r1`, thread: advice.id, revision: 1, text: { headline: 'Conseils : première version' } },
    ]);
    expect(app.kept(ADVICE)).toEqual(list);
    expect(list).toMatchObject({ publications: { nodes: [{ id: advice.id, revision: 2 }] } });
  });

  it('shows what is public beside a draft of it, from the very answer that brought both', async () => {
    const written = await draftBeside(graver);
    const app = open(tokens.editor);
    const fields = '__typename id thread revision ... on AlertPublication { severity text { headline } }';
    const query = `query ($id: ID!) { dossier(id: $id) { id publication { ${fields} } preview { ${fields} } } }`;
    const variables = { id: written.id };
    const answer = await app.ask(query, variables);
    expect(answer).toMatchObject({
      dossier: {
        publication: { id: alert.id, severity: 'SEVERE', revision: 2 },
        preview: { id: `${alert.id}@draft`, thread: alert.id, severity: 'EXTREME', revision: 3 },
      },
    });
    expect(app.kept(query, variables)).toEqual(answer);
  });

  it('shows the present advice after a page of changes from before', async () => {
    const app = open();
    const list = await app.ask(ADVICE);
    const page = await app.ask<{ changes: { nodes: { publication: object }[] } }>(
      `query ($after: Cursor) { changes(after: $after, first: 1) { endCursor nodes { cursor type publication {
         __typename id thread revision text { headline } } } } }`,
      { after: begun },
    );
    expect(page.changes.nodes[0]?.publication).toMatchObject({ id: `${advice.id}@r1`, thread: advice.id });
    expect(app.kept(ADVICE)).toEqual(list);
  });

  it('shows one account with its roles wherever it stands', async () => {
    const app = open(tokens.editor);
    const viewer = '{ viewer { __typename id name roles } }';
    const me = await app.ask(viewer);
    await app.ask('query ($id: ID!) { dossier(id: $id) { id author { __typename id name roles } } }', { id: alert.id });
    expect(app.kept(viewer)).toEqual(me);
  });
});

let beside: Promise<Written> | undefined;
/** A draft, graver than what is public; one for all tests. */
function draftBeside(published: Written): Promise<Written> {
  beside ??= revise(
    hub,
    'Alert',
    published,
    alertInput({
      severity: 'EXTREME',
      urgency: 'IMMEDIATE',
      endsAt: parisTime(new Date(clock.now().getTime() + 3600_000)),
      ...inWords('BROUILLON : évacuez Massy'),
    }),
  );
  return beside;
}

const FACTS =
  'id thread position revision revisedAt verifiedAt text { headline } ... on ClosurePublication { observed { state observedAt } }';

it('gives each view within one revision an id of its own, under which it can be read again (S-2)', async () => {
  const closure = await publishNew(hub, 'Closure', closureInput());
  pass(1);
  await desk.request('mutation ($id: ID!) { verifyPublication(id: $id) { asOf } }', { id: closure.id });
  pass(1);
  for (const state of ['IN_PLACE', 'REOPENED']) {
    await desk.request(
      'mutation ($id: ID!, $at: DateTime!, $state: ObservedState!) { observeClosure(id: $id, observedAt: $at, state: $state) { asOf } }',
      { id: closure.id, at: parisTime(clock.now()), state },
    );
    pass(1);
  }
  const { changes } = await read<{ changes: { nodes: { publication: Facts }[] } }>(
    `query ($after: Cursor) { changes(after: $after, first: 500, where: { kinds: [CLOSURE] }) { nodes { publication { ${FACTS} } } } }`,
    { after: begun },
  );
  const views = changes.nodes.map(({ publication }) => publication).filter(({ thread }) => thread === closure.id);
  const ids = views.map(({ id }) => id);
  const [, second, third] = views.map(({ position }) => position);
  expect(ids).toEqual([`${closure.id}@r1`, `${closure.id}@r1.${second}`, `${closure.id}@r1.${third}`, closure.id]);
  for (const view of views)
    expect(await read(`query ($id: ID!) { publication(id: $id) { ${FACTS} } }`, { id: view.id })).toEqual({
      publication: view,
    });
  expect(views.map(({ position }) => position)).toEqual(
    [...views.map(({ position }) => position)].sort((a, b) => a - b),
  );
});
interface Facts {
  id: string;
  thread: string;
  position: number;
}

it('hands out the id of the thread for a view of the past that is still what is public', async () => {
  const { id } = await publishNew(hub, 'Event');
  pass(1);
  const ask = (asked: string) =>
    read<{ publication: { id: string } | null }>('query ($id: ID!) { publication(id: $id) { id } }', { id: asked });
  expect(await ask(`${id}@r1`)).toEqual({ publication: { id } });
  expect(
    await read('query ($id: ID!, $at: DateTime!) { publication(id: $id, at: $at) { id } }', {
      id,
      at: parisTime(clock.now()),
    }),
  ).toEqual({ publication: { id } });
});

it('answers nothing under an id that names no public view, and refuses a time beside a view', async () => {
  const ask = (id: string) => read('query ($id: ID!) { publication(id: $id) { id } }', { id });
  for (const id of [
    `${alert.id}@r9`,
    `${alert.id}@r2.1`,
    `${alert.id}@draft`,
    `${alert.id}@`,
    `${alert.id}@r0`,
    '@r1',
    'x',
  ])
    expect(await ask(id), id).toEqual({ publication: null });
  await expect(
    read('query ($id: ID!, $at: DateTime!) { publication(id: $id, at: $at) { id } }', {
      id: `${alert.id}@r1`,
      at: monday,
    }),
  ).rejects.toThrow('at: goes with the id of a thread');
});

it('previews a first draft, and what is public where nothing is in hand', async () => {
  const fresh = await draft(hub, 'Event');
  const published = await publishNew(hub, 'Event');
  const preview = async ({ id }: Written) =>
    (
      await desk.request<{ dossier: { preview: object } }>(
        'query ($id: ID!) { dossier(id: $id) { preview { id thread position } } }',
        { id },
      )
    ).dossier.preview;
  expect(await preview(fresh)).toEqual({ id: `${fresh.id}@draft`, thread: fresh.id, position: 0 });
  expect(await preview(published)).toMatchObject({ id: published.id, thread: published.id });
});
