import type { Persona } from '../../../src/development/development-tokens.ts';
import { type Hub, tokens } from '../hub/hub.ts';

export const ARCHIVES = '/desk/exports/incident.ndjson';

/** Asks for an archive as a persona; as nobody where none is named. */
export const askArchive = (hub: Pick<Hub, 'url'>, incident: unknown, persona?: Persona): Promise<Response> =>
  fetch(hub.url + ARCHIVES, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(persona ? { authorization: `Bearer ${tokens[persona]}` } : {}) },
    body: JSON.stringify({ incident }),
  });

export interface TakenArchive {
  headers: Headers;
  bytes: Buffer;
  lines: string[];
  records: (Record<string, unknown> & { n: number; type: string })[];
}

/** Takes an archive of an incident. */
export async function takeArchive(
  hub: Pick<Hub, 'url'>,
  incident: string,
  persona: Persona = 'validator',
): Promise<TakenArchive> {
  const answer = await askArchive(hub, incident, persona);
  const bytes = Buffer.from(await answer.arrayBuffer());
  if (!answer.ok) throw new Error(bytes.toString());
  const lines = bytes.toString().split('\n').slice(0, -1);
  return { headers: answer.headers, bytes, lines, records: lines.map((line) => JSON.parse(line)) };
}
