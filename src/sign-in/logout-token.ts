import { jwtVerify } from 'jose';
import { z } from 'zod';
import type { IssuerKeys } from '../access/issuer-keys.ts';
import { HubError } from '../errors.ts';
import type { IssuerSignOut } from './desk-session.commands.ts';
import type { DeskClient } from './issuer-client.ts';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
/** An issuer tells of a sign-out when it happens. */
const OLDEST_SECONDS = 300;
const TOLERANCE_SECONDS = 30;

const claims = z
  .looseObject({
    sub: z.string().min(1).optional(),
    sid: z.string().min(1).optional(),
    events: z.looseObject({ [EVENT]: z.looseObject({}) }),
    nonce: z.undefined().optional(),
  })
  .refine(({ sub, sid }) => sub !== undefined || sid !== undefined);

/**
 * The sessions that are over, as a logout token says (OpenID Connect Back-Channel Logout 1.0). A token that is read twice ends nothing more. Throws
 * BAD_REQUEST for one that is not good, whatever the reason.
 */
export async function readLogoutToken(
  token: string,
  { issuer, id }: Pick<DeskClient, 'issuer' | 'id'>,
  { keys, algorithms }: { keys: IssuerKeys; algorithms: readonly string[] },
): Promise<IssuerSignOut> {
  try {
    const { payload } = await jwtVerify(token, keys.find, {
      issuer,
      audience: id,
      algorithms: [...algorithms],
      maxTokenAge: OLDEST_SECONDS,
      clockTolerance: TOLERANCE_SECONDS,
      requiredClaims: ['iat', 'jti'],
    });
    const { sub = null, sid = null } = claims.parse(payload);
    return { issuer, subject: sub, issuerSession: sid };
  } catch {
    throw new HubError('BAD_REQUEST', 'this logout token is not good');
  }
}
