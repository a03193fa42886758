import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  ClientError,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  calculatePKCECodeChallenge,
  clockTolerance,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  type IDToken,
  ResponseBodyError,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  refreshTokenGrant,
  type TokenEndpointResponse,
  tokenRevocation,
  type UserInfoResponse,
} from 'openid-client';
import type { AccountOwner } from '../access/account.queries.ts';
import { isWritableText } from '../database/writable-text.rules.ts';
import { errorCodeOf, HubError } from '../errors.ts';

/** The hub as a client of an issuer: it signs people in to the desk. */
export interface DeskClient {
  /** The issuer's address, exactly as `iss` and its discovery give it. */
  issuer: string;
  id: string;
  secret: string;
  scopes: readonly string[];
  /** Of how a person must have signed in (`acr`), one; any way is good where it is empty. */
  acr: readonly string[];
}

/** The issuer must send this back as it went there. */
export interface SignInChecks {
  state: string;
  nonce: string;
  verifier: string;
}

export interface IssuerTokens {
  refreshToken: string | null;
  idToken: string | null;
  /** How long the issuer vouches for the person before it wants to be asked again. */
  expiresInSeconds: number;
}

/** A person for whom the issuer vouches. */
export interface SignedIn {
  person: AccountOwner;
  signs: string[];
  issuerSession: string | null;
  tokens: IssuerTokens;
}

/** The issuer no longer vouches for a person. */
export class NoLongerVouched extends Error {
  override readonly name = 'NoLongerVouched';
}

const PATIENCE_SECONDS = 5;
const TOLERANCE_SECONDS = 30;
/** Discovery is read again after this long; while it cannot be, the last one holds. */
const FRESH_MS = 10 * 60_000;
/** RFC 6749 leaves open how long a token lasts that does not say so. */
const USUAL_SECONDS = 3_600;
/** OpenID Connect Core 1.0, section 2: no subject is longer. */
const MOST_SUBJECT = 255;

/** Speaks OpenID Connect to one issuer; openid-client keeps the protocol. Its errors are HubErrors, without any token in them. */
export class IssuerClient {
  readonly client: DeskClient;
  readonly #redirectUri: string;
  readonly #afterSignOut: string;
  #known: { configuration: Configuration; at: number } | undefined;

  /** `publicUrl`: where the issuer sends people back to; the issuer knows both addresses. */
  constructor(client: DeskClient, publicUrl: string) {
    this.client = client;
    this.#redirectUri = `${publicUrl}/desk/callback`;
    this.#afterSignOut = `${publicUrl}/desk/signedout`;
  }

  /** Where a browser goes to sign in, and what to keep for when it comes back. */
  async begin(): Promise<{ url: URL; checks: SignInChecks }> {
    const configuration = await this.#configuration();
    const checks = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
    const { acr } = this.client;
    const url = buildAuthorizationUrl(configuration, {
      redirect_uri: this.#redirectUri,
      response_type: 'code',
      scope: this.client.scopes.join(' '),
      state: checks.state,
      nonce: checks.nonce,
      code_challenge: await calculatePKCECodeChallenge(checks.verifier),
      code_challenge_method: 'S256',
      ...(acr.length > 0 ? { acr_values: acr.join(' ') } : {}),
      // ProConnect tells `amr` to those alone who ask for it.
      ...(configuration.serverMetadata().claims_parameter_supported
        ? { claims: JSON.stringify({ id_token: { amr: null, acr: null } }) }
        : {}),
    });
    return { url, checks };
  }

  /** Whom the issuer vouches for, by the query with which a browser came back. Throws UNAUTHENTICATED, or UNAVAILABLE. */
  async finish(query: string, { state, nonce, verifier }: SignInChecks): Promise<SignedIn> {
    const configuration = await this.#configuration();
    const address = new URL(this.#redirectUri);
    address.search = query;
    return this.#asking(async () => {
      const answer = await authorizationCodeGrant(configuration, address, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      });
      const claims = answer.claims();
      if (!claims) throw new HubError('UNAUTHENTICATED', 'the issuer gave no ID token');
      this.#demandStrength(claims);
      const told = configuration.serverMetadata().userinfo_endpoint
        ? await fetchUserInfo(configuration, answer.access_token, claims.sub)
        : {};
      return {
        person: this.#personOf(claims, told),
        signs: signsOf(claims),
        issuerSession: typeof claims.sid === 'string' ? claims.sid : null,
        tokens: tokensOf(answer),
      };
    });
  }

  /** New tokens for a person. Throws NoLongerVouched where the issuer refuses them, UNAVAILABLE where it cannot be asked. */
  async renew(refreshToken: string, subject: string): Promise<IssuerTokens> {
    const configuration = await this.#configuration();
    return this.#asking(async () => {
      const answer = await refreshTokenGrant(configuration, refreshToken).catch((error) => {
        throw error instanceof ResponseBodyError && error.error === 'invalid_grant' ? new NoLongerVouched() : error;
      });
      const sub = answer.claims()?.sub ?? subject;
      if (sub !== subject) throw new NoLongerVouched();
      const tokens = tokensOf(answer);
      return { ...tokens, refreshToken: tokens.refreshToken ?? refreshToken };
    });
  }

  /** Where a browser goes to sign out at the issuer, too; null for an issuer where nobody can. */
  async leave(idToken: string): Promise<URL | null> {
    const configuration = await this.#configuration();
    if (!configuration.serverMetadata().end_session_endpoint) return null;
    return buildEndSessionUrl(configuration, {
      id_token_hint: idToken,
      state: randomState(),
      post_logout_redirect_uri: this.#afterSignOut,
    });
  }

  /** Tells the issuer that a refresh token is of no use any more, where it wants to hear that. */
  async revoke(refreshToken: string): Promise<void> {
    const configuration = await this.#configuration();
    if (!configuration.serverMetadata().revocation_endpoint) return;
    await this.#asking(() => tokenRevocation(configuration, refreshToken));
  }

  async #configuration(): Promise<Configuration> {
    const now = Date.now();
    if (this.#known && now - this.#known.at < FRESH_MS) return this.#known.configuration;
    try {
      const configuration = await this.#discover();
      this.#known = { configuration, at: now };
      return configuration;
    } catch (error) {
      if (!this.#known) throw unavailable(error);
      return this.#known.configuration;
    }
  }

  async #discover(): Promise<Configuration> {
    const { issuer, id, secret } = this.client;
    const address = new URL(issuer);
    // A production hub refuses an issuer without TLS at its start.
    const inTheOpen = address.protocol === 'http:' ? [allowInsecureRequests] : [];
    const configuration = await discovery(
      address,
      id,
      { [clockTolerance]: TOLERANCE_SECONDS },
      (as, ...rest) => {
        const methods = as.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
        const authenticate = methods.includes('client_secret_basic')
          ? ClientSecretBasic(secret)
          : ClientSecretPost(secret);
        return authenticate(as, ...rest);
      },
      { timeout: PATIENCE_SECONDS, execute: [...inTheOpen, enableNonRepudiationChecks] },
    );
    const { issuer: said } = configuration.serverMetadata();
    if (said !== issuer) throw new Error(`the discovery of ${issuer} speaks for ${said}`);
    return configuration;
  }

  #demandStrength({ acr }: IDToken): void {
    const wanted = this.client.acr;
    if (wanted.length > 0 && !wanted.includes(String(acr)))
      throw new HubError('UNAUTHENTICATED', 'the issuer does not say that this person signed in as it was asked');
  }

  #personOf({ sub }: IDToken, told: Partial<UserInfoResponse>): AccountOwner {
    const name = nameOf(told) ?? sub;
    if (sub.trim() === '' || sub.length > MOST_SUBJECT || !isWritableText(sub) || !isWritableText(name))
      throw new HubError('UNAUTHENTICATED', 'the issuer names nobody who could have an account');
    return { issuer: this.client.issuer, subject: sub, name };
  }

  async #asking<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw error instanceof HubError || error instanceof NoLongerVouched ? error : hubErrorOf(error);
    }
  }
}

/** Words of RFC 6749 and OpenID Connect, which an issuer chooses: nothing longer gets into the log. */
const isWord = (text: unknown): text is string => typeof text === 'string' && /^[a-z_]{1,60}$/.test(text);

/** Errors by which an issuer says that it, or the setting of this hub, is at fault, and not the person. */
const NOT_OF_THE_PERSON = new Set(['server_error', 'temporarily_unavailable', 'invalid_client', 'unauthorized_client']);
const NO_ANSWER = /TIMEOUT|ABORT|HTTP|NOT_JSON|NOT_CONFORM|CHALLENGE/;

/** The error of the issuer, by its code alone: around it stand tokens. */
function hubErrorOf(error: unknown): HubError {
  if (error instanceof ResponseBodyError || error instanceof AuthorizationResponseError) {
    const said = isWord(error.error) ? error.error : 'an error';
    const code = NOT_OF_THE_PERSON.has(said) ? 'UNAVAILABLE' : 'UNAUTHENTICATED';
    return new HubError(code, `the issuer answers ${said}`);
  }
  const code = error instanceof ClientError ? (error.code ?? '') : '';
  return code === '' || NO_ANSWER.test(code)
    ? unavailable(error)
    : new HubError('UNAUTHENTICATED', `what the issuer answered does not hold: ${code}`);
}

const unavailable = (error: unknown): HubError =>
  new HubError('UNAVAILABLE', `the issuer of sign-ins cannot be reached: ${reasonOf(error)}`);

const reasonOf = (error: unknown): string =>
  errorCodeOf(error) || errorCodeOf(error instanceof Error ? error.cause : error) || 'for a reason unknown';

/** The words of `amr` and `acr`. */
const signsOf = ({ amr, acr }: IDToken): string[] =>
  [...(Array.isArray(amr) ? amr : []), acr].filter(
    (sign): sign is string => typeof sign === 'string' && isWritableText(sign),
  );

/** `usual_name` is ProConnect's family name. */
function nameOf(told: Partial<UserInfoResponse>): string | undefined {
  const text = (value: unknown) => (typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined);
  const family = text(told.usual_name) ?? text(told.family_name);
  const parts = [text(told.given_name), family].filter((part) => part !== undefined);
  return text(told.name) ?? (parts.length > 0 ? parts.join(' ') : (text(told.preferred_username) ?? text(told.email)));
}

const tokensOf = ({ refresh_token, id_token, expires_in }: TokenEndpointResponse): IssuerTokens => ({
  refreshToken: refresh_token ?? null,
  idToken: id_token ?? null,
  expiresInSeconds: expires_in ?? USUAL_SECONDS,
});
