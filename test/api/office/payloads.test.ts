import { randomUUID } from 'node:crypto';
import { GraphQLClient } from 'graphql-request';
import { afterAll, describe, expect, it } from 'vitest';
import { decodeCursor } from '../../../src/journal/cursor.rules.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, draft, publishNew, type Written } from '../../support/desk/desk.ts';
import { Follower } from '../../support/following/follower.ts';
import { startHub, tokens } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

/** A validator who sends each request with a key of its own, or with none. */
const validator = (headers: Record<string, string> = {}) =>
  new GraphQLClient(`${hub.url}/graphql`, { headers: { authorization: `Bearer ${tokens.validator}`, ...headers } });
const withKey = (key: string = randomUUID()) => validator({ 'idempotency-key': key });

const VERIFY = 'mutation ($id: ID!) { verifyPublication(id: $id) { publication { id } asOf } }';
type Verified = { verifyPublication: { publication: { id: string }; asOf: string } };
const verify = async ({ id }: Written, client = validator()): Promise<string> =>
  (await client.request<Verified>(VERIFY, { id })).verifyPublication.asOf;

const present = async (): Promise<string> =>
  (await hub.as().request<{ changes: { endCursor: string } }>('{ changes { endCursor } }')).changes.endCursor;

/** The thread of the journal's entry at a cursor, by the table itself. */
const threadAt = (cursor: string): Promise<string | undefined> =>
  withSession(url, async (session) => {
    const { rows } = await session.query<{ subject: string }>('select subject from journal_entry where position = $1', [
      decodeCursor(cursor)?.position,
    ]);
    return rows[0]?.subject;
  });

describe('asOf of a mutation', () => {
  it.each([
    ['without a key', () => validator()],
    ['under a key', () => withKey()],
  ])('is the cursor of its own change, %s: who follows after it hears what comes next alone', async (_, client) => {
    const [mine, next] = [await publishNew(hub), await publishNew(hub)];
    const asOf = await verify(mine, client());
    expect(asOf).toBe(await present());
    const follower = new Follower(hub.url, asOf);
    await follower.ready();
    await verify(next);
    await follower.until(({ heard }) => heard.length > 0);
    expect(follower.heard.map(({ publication }) => publication?.id)).toEqual([next.id]);
    await follower.stop();
  });

  it('of many that publish under keys at once is the place of each one’s own entry', async () => {
    const threads = [];
    for (let number = 0; number < 6; number += 1) threads.push(await publishNew(hub));
    const cursors = await Promise.all(threads.map((thread) => verify(thread, withKey())));
    expect(await Promise.all(cursors.map(threadAt))).toEqual(threads.map(({ id }) => id));
  });

  it('under a key is the same whenever the answer is asked for again', async () => {
    const [thread, key] = [await publishNew(hub), randomUUID()];
    const first = await verify(thread, withKey(key));
    await publishNew(hub);
    expect(await verify(thread, withKey(key))).toBe(first);
  });

  it('of several mutations under one key is where all of them stand', async () => {
    const [one, other] = [await publishNew(hub), await publishNew(hub)];
    const answer = await withKey().request<Record<'one' | 'other', { asOf: string }>>(
      `mutation ($one: ID!, $other: ID!) {
         one: verifyPublication(id: $one) { asOf } other: verifyPublication(id: $other) { asOf } }`,
      { one: one.id, other: other.id },
    );
    expect([answer.one.asOf, answer.other.asOf]).toEqual(Array(2).fill(await present()));
  });

  it('is the present where nothing was published, under a key as without', async () => {
    await publishNew(hub);
    const { id, version } = await draft(hub, 'Alert');
    const editor = { authorization: `Bearer ${tokens.editor}`, 'idempotency-key': randomUUID() };
    const { submitDossier } = await new GraphQLClient(`${hub.url}/graphql`, { headers: editor }).request<{
      submitDossier: { asOf: string };
    }>('mutation ($id: ID!, $version: Int!) { submitDossier(id: $id, version: $version) { asOf } }', { id, version });
    expect(submitDossier.asOf).toBe(await present());
  });
});

it('what ends a publication answers the dossier with its new version beside it', async () => {
  const { id, version } = await publishNew(hub);
  const answer = await validator().request(
    `mutation ($id: ID!, $version: Int!) { cancelPublication(id: $id, version: $version, reason: "Erreur") {
       dossier { version stage publication { state } } publication { state ending { reason } } } }`,
    { id, version },
  );
  expect(answer).toEqual({
    cancelPublication: {
      dossier: { version: version + 1, stage: 'PUBLISHED', publication: { state: 'CANCELLED' } },
      publication: { state: 'CANCELLED', ending: { reason: 'Erreur' } },
    },
  });
});

it('a revision in hand is given up with the publication that it was to follow', async () => {
  const { id, version } = await publishNew(hub);
  const { reviseAlert } = await hub.as('editor').request<{ reviseAlert: { dossier: Written } }>(
    `mutation ($id: ID!, $version: Int!, $input: AlertInput!) {
       reviseAlert(id: $id, version: $version, input: $input) { dossier { id version stage } } }`,
    { id, version, input: alertInput({ severity: 'EXTREME' }) },
  );
  expect(reviseAlert.dossier.stage).toBe('DRAFT');
  const { cancelPublication } = await validator().request<{ cancelPublication: { dossier: object } }>(
    `mutation ($id: ID!, $version: Int!) { cancelPublication(id: $id, version: $version, reason: "Erreur") {
       dossier { version stage revision preview { ... on AlertPublication { severity } } } } }`,
    { id, version: reviseAlert.dossier.version },
  );
  expect(cancelPublication.dossier).toEqual({
    version: reviseAlert.dossier.version + 1,
    stage: 'PUBLISHED',
    revision: 1,
    preview: { severity: 'SEVERE' },
  });
});
