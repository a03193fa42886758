import papa from 'papaparse';
import type { Persona } from '../../../src/development/development-tokens.ts';
import { withSession } from '../database/cluster.ts';
import { type Hub, tokens } from '../hub/hub.ts';

/** A file as another program reads it. */
export interface ReadFile {
  status: number;
  headers: Headers;
  text: string;
  headings: string[];
  rows: Record<string, string>[];
}

/** Takes a list away as a persona; as nobody where none is named. */
export async function takeAway(hub: Hub, list: string, persona?: Persona, asked?: unknown): Promise<ReadFile> {
  const answer = await fetch(`${hub.url}/desk/exports/${list}.csv`, {
    method: 'POST',
    headers: {
      ...(persona ? { authorization: `Bearer ${tokens[persona]}` } : {}),
      ...(asked === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(asked === undefined ? {} : { body: JSON.stringify(asked) }),
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const text = bytes.toString();
  const { data, meta } = papa.parse<Record<string, string>>(text.replace(/^\uFEFF/, ''), {
    header: true,
    delimiter: ';',
    skipEmptyLines: true,
  });
  return { status: answer.status, headers: answer.headers, text, headings: meta.fields ?? [], rows: data };
}

/** Writes many reports past the hub, the newest first by their number. */
export const fillReports = (url: string, many: number, text = `'Signalement ' || n`): Promise<void> =>
  withSession(url, async (session) => {
    await session.query(
      `insert into account (id, version, issuer, subject, name, created_at)
       values ('00000000-0000-7000-8000-000000000001', 1, 'test', 'fill', 'Personne', now()) on conflict do nothing`,
    );
    await session.query(
      `insert into report (id, state, text, channel, seen_at, submitted_by_id, submitted_at, escalated, marked_public)
       select gen_random_uuid(), 'NEW', ${text}, 'CALL', now() - interval '1 hour',
         '00000000-0000-7000-8000-000000000001', now() - n * interval '1 second', false, false
       from generate_series(1, ${many}) n`,
    );
  });
