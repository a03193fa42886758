import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AccountDirectory, type Visitor } from '../../../src/access/account-directory.ts';
import { createAuthenticate } from '../../../src/access/authenticate.ts';
import { peerOf } from '../../../src/access/peer.ts';
import { developmentTokens, localPersons, PERSONAS } from '../../../src/development/development-tokens.ts';
import { HubError } from '../../../src/errors.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-access-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const path = () => join(folder, 'dev-tokens.json');

describe('development tokens', () => {
  it('are made once for every persona, for the owner alone, and stay the same', () => {
    const tokens = developmentTokens(folder);
    expect(Object.keys(tokens)).toEqual(Object.keys(PERSONAS));
    expect(new Set(Object.values(tokens)).size).toBe(Object.keys(PERSONAS).length);
    expect(Math.min(...Object.values(tokens).map((token) => Buffer.from(token, 'base64url').length))).toBe(32);
    expect(statSync(path()).mode & 0o777).toBe(0o600);
    expect(developmentTokens(folder)).toEqual(tokens);
  });

  it('that somebody opened to others are closed again', () => {
    developmentTokens(folder);
    chmodSync(path(), 0o644);
    developmentTokens(folder);
    expect(statSync(path()).mode & 0o777).toBe(0o600);
  });

  it.each(['', '{', '[]', '"x"', '{"editor":7}', '{"editor":""}'])(
    'are made anew from a file that holds %j',
    (text) => {
      writeFileSync(path(), text);
      expect(developmentTokens(folder).editor).toMatch(/^[\w-]{43}$/);
    },
  );
});

describe('who speaks', () => {
  const endsWith = () => () => undefined;
  const accounts = {
    admit: async ({ issuer, subject, roles }: Visitor) => ({ id: `id of ${subject} of ${issuer}`, roles, endsWith }),
  };
  const setUp = () => {
    const tokens = developmentTokens(folder);
    return { tokens, authenticate: createAuthenticate({ localPersonOf: localPersons(tokens), accounts }) };
  };

  it.each(['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1'])(
    'is known from %s by a development token',
    async (from) => {
      const { tokens, authenticate } = setUp();
      expect(await authenticate(`Bearer ${tokens.duty}`, from)).toEqual({
        actor: { id: 'id of duty of development', name: PERSONAS.duty.name, roles: PERSONAS.duty.roles },
        expiresAt: null,
        endsWith,
      });
    },
  );

  it.each(['192.168.1.7', '10.127.0.1', '::ffff:10.0.0.1', '2001:db8::1', undefined])(
    'is not known from %s by a development token',
    async (from) => {
      const { tokens, authenticate } = setUp();
      await expect(authenticate(`Bearer ${tokens.duty}`, from)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    },
  );

  it('is nobody without a header, and UNAUTHENTICATED with one that is no bearer token', async () => {
    const { authenticate } = setUp();
    expect(await authenticate(undefined, '127.0.0.1')).toBeNull();
    for (const header of ['Basic YTpi', 'Bearer', 'Bearer a b', 'nonsense', 'Bearer nonsense'])
      await expect(authenticate(header, '127.0.0.1')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('may do what the account may, without the roles that the sign-in was too weak for', async () => {
    const roles = ['EDITOR', 'VALIDATOR'] as const;
    const authenticate = createAuthenticate({
      accounts: { admit: async () => ({ id: 'anne', roles, endsWith }) },
      verify: async () => ({
        issuer: 'https://issuer.example',
        subject: 'anne',
        name: 'Anne',
        roles: ['ADMIN'],
        withheld: ['VALIDATOR'],
        expiresAt: new Date(0),
      }),
    });
    expect((await authenticate('Bearer x', undefined))?.actor.roles).toEqual(['EDITOR']);
  });

  it('is asked of the accounts once, so that a known token is good while the database is away', async () => {
    let away = false;
    const tokens = developmentTokens(folder);
    const authenticate = createAuthenticate({
      localPersonOf: localPersons(tokens),
      accounts: new AccountDirectory({
        rolesFrom: 'accounts',
        resolve: async ({ subject, roles }) => {
          if (away) throw new HubError('UNAVAILABLE', 'away');
          return { id: subject, isDisabled: false, roles };
        },
        admissionsOf: async () => [],
        onError: () => undefined,
      }),
    });
    await authenticate(`Bearer ${tokens.editor}`, '::1');
    away = true;
    expect((await authenticate(`Bearer ${tokens.editor}`, '::1'))?.actor.id).toBe('editor');
    await expect(authenticate(`Bearer ${tokens.admin}`, '::1')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});

describe('the address of a connection', () => {
  const socket = { remoteAddress: '127.0.0.1' } as Parameters<typeof peerOf>[0]['socket'];
  const host = 'localhost:4000';

  it.each(['localhost:4000', 'localhost', 'LOCALHOST:4000', '127.0.0.1:4000', '127.0.0.2', '[::1]:4000'])(
    'is that of its other end, where it calls this machine %s',
    (name) => expect(peerOf({ headers: { host: name }, socket })).toBe('127.0.0.1'),
  );

  it.each([
    ...['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-forwarded-anything'],
    ...['x-real-ip', 'via', 'cf-connecting-ip', 'true-client-ip', 'x-client-ip'],
  ])('is unknown behind a proxy that says %s', (name) => {
    expect(peerOf({ headers: { host, [name]: 'x' }, socket })).toBeUndefined();
  });

  it.each([
    undefined,
    '',
    'evil.example',
    'evil.example:4000',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'a@localhost',
  ])('is unknown to a client that calls this machine %s', (name) =>
    expect(peerOf({ headers: name === undefined ? {} : { host: name }, socket })).toBeUndefined(),
  );
});
