import { generateKeyPair, UnsecuredJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { oidcVerifier } from '../../../src/access/oidc.ts';
import { type Issuer, inSeconds, startIssuer } from '../../support/hub/issuer.ts';

let issuer: Issuer;
let verify: ReturnType<typeof oidcVerifier>;
beforeEach(async () => {
  issuer = await startIssuer();
  verify = oidcVerifier(issuer.url, issuer.audience);
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
    // jose asks for the keys again at most twice a minute.
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
    const strict = oidcVerifier(`${issuer.url}/`, issuer.audience);
    await expect(strict(await issuer.token())).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});
