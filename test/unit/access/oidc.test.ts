import { generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ROLES } from '../../../src/access/actor.ts';
import { oidcVerifier } from '../../../src/access/oidc.ts';
import { DEFAULT_TOKEN_RULES, type TokenRules } from '../../../src/access/token.rules.ts';
import { type Issuer, inSeconds, startIssuer } from '../../support/hub/issuer.ts';

const ignored = () => undefined;
const verifierOf = ({ url, audience }: Issuer, rules: Partial<TokenRules> = {}) =>
  oidcVerifier({
    issuers: [{ address: url, audience, roles: ROLES }],
    rules: { ...DEFAULT_TOKEN_RULES, ...rules },
    onError: ignored,
  });
const UNAUTHENTICATED = { code: 'UNAUTHENTICATED' };

let issuer: Issuer;
let verify: ReturnType<typeof oidcVerifier>;
beforeEach(async () => {
  issuer = await startIssuer();
  verify = verifierOf(issuer);
});
afterEach(() => {
  vi.useRealTimers();
  return issuer.close();
});

describe('a token of the issuer', () => {
  it('tells who speaks, what they may do and until when', async () => {
    const exp = inSeconds(90);
    expect(await verify(await issuer.token({ roles: ['VALIDATOR', 'EDITOR', 'KING'], exp }))).toEqual({
      issuer: issuer.url,
      subject: 'anne',
      name: 'Anne',
      roles: ['EDITOR', 'VALIDATOR'],
      withheld: [],
      expiresAt: new Date(exp * 1000),
    });
  });

  it('without roles or a name gives none, and the subject for a name', async () => {
    const identity = await verify(await issuer.token({ roles: undefined, name: undefined }));
    expect(identity).toMatchObject({ roles: [], name: 'anne' });
  });

  it('is good for half a minute after its end, since clocks differ', async () => {
    expect((await verify(await issuer.token({ exp: inSeconds(-10) }))).name).toBe('Anne');
  });

  it('is good when the issuer has changed its key', async () => {
    await verify(await issuer.token());
    await issuer.rotate();
    // The issuer is asked for its keys at most twice a minute.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
    expect((await verify(await issuer.token())).name).toBe('Anne');
  });

  it.each([
    ['is long over', { exp: inSeconds(-120) }],
    ['never ends', { exp: undefined }],
    ['is not valid yet', { nbf: inSeconds(300) }],
    ['is for somebody else', { aud: 'another' }],
    ['is of another issuer', { iss: 'https://elsewhere.example' }],
    ['names nobody', { sub: undefined }],
  ])('that %s is UNAUTHENTICATED', async (_what, claims) => {
    await expect(verify(await issuer.token(claims))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('that another key has signed, or none, is UNAUTHENTICATED', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    await expect(verify(await issuer.token({}, privateKey))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    const unsigned = new UnsecuredJWT({ sub: 'anne' }).setIssuer(issuer.url).setAudience(issuer.audience);
    await expect(verify(unsigned.setExpirationTime('1m').encode())).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    for (const nonsense of ['nonsense', 'a.b.c', `${await issuer.token()}x`])
      await expect(verify(nonsense)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

describe('while the issuer is away', () => {
  it('nobody can tell whether a token is good: UNAVAILABLE, then good again without a restart', async () => {
    const token = await issuer.token();
    issuer.fail(true);
    await expect(verify(token)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    issuer.fail(false);
    expect((await verify(token)).name).toBe('Anne');
  });

  it('tokens signed with a known key are good all the same', async () => {
    await verify(await issuer.token());
    issuer.fail(true);
    expect((await verify(await issuer.token({ name: 'Anne M.' }))).name).toBe('Anne M.');
  });

  it('an issuer that speaks for another is not believed', async () => {
    const strict = verifierOf({ ...issuer, url: `${issuer.url}/` });
    await expect(strict(await issuer.token({ iss: `${issuer.url}/` }))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});

describe('a token of a good signature', () => {
  const typed = (typ: string | undefined, claims = {}) => issuer.token(claims, undefined, { typ });

  it.each(['JWT', 'logout+jwt', 'secevent+jwt', 'id+jwt', 'dpop+jwt', '', undefined])(
    'of the type %s opens nothing',
    async (typ) => {
      await expect(verify(await typed(typ))).rejects.toMatchObject(UNAUTHENTICATED);
    },
  );

  it.each(['at+jwt', 'AT+JWT', 'application/at+jwt'])('of the type %s is an access token', async (typ) => {
    expect((await verify(await typed(typ))).name).toBe('Anne');
  });

  it('of another type is taken where the setting names it, an ID or logout token all the same not', async () => {
    const lenient = verifierOf(issuer, { types: ['jwt', 'none', 'logout+jwt'] });
    for (const typ of ['JWT', undefined]) expect((await lenient(await typed(typ))).name).toBe('Anne');
    expect((await lenient(await typed('JWT', { nonce: 'n', typ: 'Bearer' }))).name).toBe('Anne');
    for (const claims of [
      { nonce: 'n' },
      { at_hash: 'h' },
      { c_hash: 'h' },
      { typ: 'ID' },
      { typ: 'Refresh' },
      { events: { 'http://schemas.openid.net/event/backchannel-logout': {} } },
    ])
      await expect(lenient(await typed('JWT', claims)), JSON.stringify(claims)).rejects.toMatchObject(UNAUTHENTICATED);
    await expect(lenient(await typed('logout+jwt'))).rejects.toMatchObject(UNAUTHENTICATED);
  });

  it.each([
    ['that was made in an hour', { iat: inSeconds(3_600), exp: inSeconds(7_200) }],
    ['that does not say when it was made', { iat: undefined }],
    ['that lasts until the year 9999', { exp: 253_402_300_799 }],
    ['that lasts a second more than twelve hours', { iat: inSeconds(-10), exp: inSeconds(-10) + 43_201 }],
    ['that names nobody', { sub: '' }],
  ])('%s opens nothing', async (_what, claims) => {
    await expect(verify(await issuer.token(claims))).rejects.toMatchObject(UNAUTHENTICATED);
  });

  it('that lasts twelve hours opens the desk', async () => {
    const iat = inSeconds(-10);
    expect((await verify(await issuer.token({ iat, exp: iat + 43_200 }))).name).toBe('Anne');
  });

  it('of an algorithm that is not listed opens nothing', async () => {
    const strict = verifierOf(issuer, { algorithms: ['RS256'] });
    await expect(strict(await issuer.token())).rejects.toMatchObject(UNAUTHENTICATED);
  });

  it('withholds the roles that want a second factor where it names none, whoever gave them', async () => {
    const strong = verifierOf(issuer, { strong: { roles: ['VALIDATOR'], signs: ['mfa', 'eidas2'] } });
    const withheld = async (claims: Record<string, unknown>) => (await strong(await issuer.token(claims))).withheld;
    expect(await withheld({ amr: ['pwd'] })).toEqual(['VALIDATOR']);
    expect(await withheld({ amr: 'mfa' })).toEqual(['VALIDATOR']);
    expect(await withheld({})).toEqual(['VALIDATOR']);
    expect(await withheld({ amr: ['pwd', 'mfa'] })).toEqual([]);
    expect(await withheld({ acr: 'eidas2' })).toEqual([]);
  });
});

describe('two issuers side by side', () => {
  it('give the same subject to two people, and the one of volunteers no more than its roles', async () => {
    const volunteers = await startIssuer();
    const both = oidcVerifier({
      issuers: [
        { address: issuer.url, audience: issuer.audience, roles: ROLES },
        { address: volunteers.url, audience: volunteers.audience, roles: ['VOLUNTEER', 'CHECKER'] },
      ],
      rules: DEFAULT_TOKEN_RULES,
      onError: ignored,
    });
    const roles = ['CHECKER', 'VALIDATOR', 'ADMIN'];
    expect(await both(await issuer.token({ roles }))).toMatchObject({ issuer: issuer.url, roles });
    expect(await both(await volunteers.token({ roles }))).toMatchObject({ issuer: volunteers.url, roles: ['CHECKER'] });
    // Signed by one in the name of the other.
    await expect(both(await volunteers.token({ roles, iss: issuer.url }))).rejects.toMatchObject(UNAUTHENTICATED);
    await volunteers.close();
  });
});

describe('the keys of an issuer', () => {
  const HOUR = 3_600_000;
  const at = (later: number) => vi.useFakeTimers({ toFake: ['Date'], now: start + later });
  let start: number;
  beforeEach(() => (start = Date.now()));

  it('hold for 72 hours while it cannot be asked, and no longer', async () => {
    await verify(await issuer.token());
    issuer.fail(true);
    at(71 * HOUR);
    expect((await verify(await issuer.token())).name).toBe('Anne');
    at(73 * HOUR);
    await expect(verify(await issuer.token())).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    issuer.fail(false);
    expect((await verify(await issuer.token())).name).toBe('Anne');
  });

  it('that were withdrawn sign nothing more after ten minutes', async () => {
    await verify(await issuer.token());
    const old = await issuer.token({ iat: inSeconds(0), exp: inSeconds(3_600) });
    await issuer.rotate();
    expect((await verify(old)).name).toBe('Anne');
    at(11 * 60_000);
    await expect(verify(old)).rejects.toMatchObject(UNAUTHENTICATED);
  });

  it('are not asked for again by every token of a key that nobody knows', async () => {
    await verify(await issuer.token());
    const { privateKey } = await generateKeyPair('ES256');
    const asked = issuer.asked();
    for (let count = 0; count < 20; count++) {
      const forged = await new SignJWT({ sub: 'anne' })
        .setProtectedHeader({ alg: 'ES256', kid: `key-${count}`, typ: 'at+jwt' })
        .setIssuer(issuer.url)
        .setAudience(issuer.audience)
        .setExpirationTime('1m')
        .sign(privateKey);
      await expect(verify(forged)).rejects.toMatchObject(UNAUTHENTICATED);
    }
    expect(issuer.asked() - asked).toBeLessThanOrEqual(2);
  });
});
