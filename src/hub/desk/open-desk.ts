import type { FastifyInstance } from 'fastify';
import { IssuerKeys } from '../../access/issuer-keys.ts';
import { DEFAULT_TOKEN_RULES } from '../../access/token.rules.ts';
import type { Allowance } from '../../allowance/allowance.ts';
import { POINTS } from '../../allowance/points.rules.ts';
import { bodyReader } from '../../api/read-body.ts';
import { DeskDoor } from '../../sign-in/desk-door.ts';
import { IssuerClient } from '../../sign-in/issuer-client.ts';
import { mountSignIn, type WithIssuer } from '../../sign-in/mount-sign-in.ts';
import { Renewal } from '../../sign-in/renewal.ts';
import { Sealed } from '../../sign-in/sealed.ts';
import type { OpenJournal } from '../open-journal.ts';
import type { Checked } from '../operators.ts';
import type { Start } from '../options.ts';

/** How people sign in to the desk. */
export interface OpenDesk {
  door: DeskDoor;
  mount(server: FastifyInstance): void;
}

/** Lets people sign in by the issuer that has this hub as a client, and personas of development; undefined without either. */
export function openDesk(
  start: Start,
  { database: { sql }, accounts, sessions }: OpenJournal,
  { checked, allowance }: { checked: Checked; allowance: Allowance },
): OpenDesk | undefined {
  const { options, clock, publicUrl } = start;
  const { desk: { client, personas = [] } = {}, tokenRules = DEFAULT_TOKEN_RULES, logger } = options;
  if (!client && personas.length === 0) return undefined;
  const issuer = client?.issuer;
  const door = new DeskDoor({ sessions, accounts, tokenRules, publicUrl, issuer, personas, checked });
  const withIssuer = client && openIssuer(start, new IssuerClient(client, publicUrl));
  if (withIssuer) renewSessions(start, { sql, sessions }, withIssuer);
  return {
    door,
    mount: (server) =>
      mountSignIn(server, {
        ...{ door, sessions, accounts, withIssuer, sql, clock, logger },
        pay: ({ raw }) => allowance.anonymous(raw).admit(POINTS.address),
        readBody: bodyReader(allowance),
      }),
  };
}

function openIssuer({ options, warn }: Start, client: IssuerClient): WithIssuer {
  const { tokenRules: { algorithms } = DEFAULT_TOKEN_RULES } = options;
  const { issuer, secret } = client.client;
  const keys = new IssuerKeys(issuer, warn('the keys by which the issuer signs sign-outs cannot be fetched'));
  return { client, sealed: new Sealed(secret), keys, algorithms };
}

function renewSessions(
  { options, clock, closing, warn }: Start,
  { sql, sessions }: Pick<OpenJournal, 'sessions'> & Pick<OpenJournal['database'], 'sql'>,
  { client, sealed }: WithIssuer,
): void {
  const renewal = new Renewal({
    ...{ sql, clock, sessions, issuer: client, sealed },
    onError: warn('the issuer cannot be asked about a session, which goes on'),
    onRefused: ({ id }) => options.logger.info({ session: id }, 'the issuer no longer vouches: a session was ended'),
  });
  sessions.onUse = (session) => renewal.look(session);
  closing.push(() => renewal.close());
}
