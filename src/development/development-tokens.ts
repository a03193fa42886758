import { randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { DEVELOPMENT_ISSUER } from '../access/account.queries.ts';
import type { Visitor } from '../access/account-directory.ts';
import type { Role } from '../access/actor.ts';
import type { LocalPersonOf } from '../access/authenticate.ts';
import { alone } from './alone.ts';

/** The people of the desk in development, with their roles. */
export const PERSONAS = {
  editor: { name: 'Élodie Martin (rédaction)', roles: ['EDITOR'] },
  editor2: { name: 'Karim Benali (rédaction)', roles: ['EDITOR'] },
  validator: { name: 'Sophie Laurent (validation)', roles: ['VALIDATOR'] },
  validator2: { name: 'Thomas Girard (validation)', roles: ['VALIDATOR'] },
  signatory: { name: 'Marc Lefèvre (signature)', roles: ['SIGNATORY'] },
  duty: { name: 'Claire Moreau (astreinte)', roles: ['DUTY_OFFICER', 'EDITOR'] },
  volunteer: { name: 'Julien Petit (bénévole)', roles: ['VOLUNTEER'] },
  volunteer2: { name: 'Amina Diallo (bénévole)', roles: ['VOLUNTEER'] },
  checker: { name: 'Nadia Roux (vérification)', roles: ['VOLUNTEER', 'CHECKER'] },
  marshal: { name: 'Hugo Bernard (signaleur)', roles: ['MARSHAL'] },
  scheduler: { name: 'Planificateur', roles: ['SCHEDULER'] },
  admin: { name: 'Administration', roles: ['ADMIN'] },
  admin2: { name: 'Direction (administration)', roles: ['ADMIN'] },
} as const satisfies Record<string, { name: string; roles: readonly Role[] }>;
export type Persona = keyof typeof PERSONAS;
export type DevelopmentTokens = Record<Persona, string>;

const FILE = 'dev-tokens.json';
const TOKEN_BYTES = 32;
const personas = Object.keys(PERSONAS) as Persona[];

/**
 * Reads the development tokens of a data folder, or makes them (mode 0600): one random bearer token for each persona.
 * Those that are there are kept over restarts; what is missing, or cannot be read, is made anew. Of several hubs that start
 * at once in one folder, the tokens of the first one are everybody's.
 */
export function developmentTokens(dataDir: string): DevelopmentTokens {
  mkdirSync(dataDir, { recursive: true });
  const path = join(dataDir, FILE);
  return alone(`${path}.lock`, () => {
    const known = readTokens(path);
    const tokens = Object.fromEntries(
      personas.map((persona) => [persona, known[persona] ?? randomBytes(TOKEN_BYTES).toString('base64url')]),
    ) as DevelopmentTokens;
    // Renamed into place, so that a reader finds the whole file, and never with a wider mode.
    const fresh = `${path}.${process.pid}`;
    writeFileSync(fresh, `${JSON.stringify(tokens, null, 2)}\n`, { mode: 0o600 });
    renameSync(fresh, path);
    return tokens;
  });
}

function readTokens(path: string): Partial<DevelopmentTokens> {
  if (!existsSync(path)) return {};
  try {
    const parsed = z
      .partialRecord(z.enum(personas), z.string().min(32))
      .safeParse(JSON.parse(readFileSync(path, 'utf8')));
    return parsed.data ?? {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** Finds the persona of a token. The comparison takes the same time however much of a token was right. */
export const localPersons =
  (tokens: DevelopmentTokens): LocalPersonOf =>
  (token) => {
    const given = Buffer.from(token);
    const persona = personas.find((each) => {
      const known = Buffer.from(tokens[each]);
      return known.length === given.length && timingSafeEqual(known, given);
    });
    return persona && personOf(persona);
  };

/** A persona as it comes in: its account gets these roles at the first visit. */
export const personOf = (persona: Persona): Visitor => ({
  issuer: DEVELOPMENT_ISSUER,
  subject: persona,
  ...PERSONAS[persona],
});

/** All of them, as they sign in to the desk. */
export const personaVisitors = (): Visitor[] => personas.map(personOf);
