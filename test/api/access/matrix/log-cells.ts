import { randomUUID } from 'node:crypto';
import { openIncident } from '../../../support/desk/desk.ts';
import { lineOf } from '../../../support/desk/log-desk.ts';
import { type Call, type Cells, call, cell, codeIn, type MatrixDesk } from './desk.ts';
import { NOTHING } from './dossier-cells.ts';
import { CALLERS, type Caller, LOG_DEEDS, PRESENCES, type Presence, presentDeedEnds } from './right.ts';

type May = Parameters<typeof presentDeedEnds>[3];

export const rightLogs = (may?: May): Cells =>
  new Map(
    LOG_DEEDS.flatMap((field) =>
      PRESENCES.flatMap((stage) =>
        CALLERS.map((caller) => [cell(field, stage, caller), presentDeedEnds(field, stage, caller, may)] as const),
      ),
    ),
  );

/** Reads, follows and writes the log of an incident that is there, and of one that is not, as everybody. */
export async function findLogs(desk: MatrixDesk): Promise<Cells> {
  const found: Cells = new Map();
  const incident = await openIncident(desk.hub, `journal-${randomUUID().slice(0, 8)}`);
  const ids: Record<Presence, string> = { PRESENT: incident, ABSENT: NOTHING };
  for (const field of LOG_DEEDS)
    for (const stage of PRESENCES)
      for (const caller of CALLERS) {
        if (field === 'logLines') {
          found.set(cell(field, stage, caller), await firstEvent(desk, caller, ids[stage]));
          continue;
        }
        const given: Call['given'] = { incident: ['ID!', ids[stage]] };
        if (field === 'addLogLine') given.input = ['LogLineInput!', lineOf()];
        const kind = field === 'log' ? 'query' : 'mutation';
        found.set(cell(field, stage, caller), await call(desk, caller, { field, given, kind }));
      }
  return found;
}

/** Follows a log until the first word: `done`, or the code of a refusal. */
async function firstEvent(desk: MatrixDesk, caller: Caller, incident: string): Promise<string> {
  const query = `subscription { logLines(incident: "${incident}") { cursor } }`;
  const stop = new AbortController();
  const answer = await desk.attempt(() =>
    fetch(`${desk.hub.url}/graphql/stream?query=${encodeURIComponent(query)}`, {
      headers: { accept: 'text/event-stream', ...desk.headers(caller) },
      signal: stop.signal,
    }),
  );
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (/"cursor"|"code"/.test(text)) break;
  }
  stop.abort();
  return codeIn(text) ?? (text.includes('"cursor"') ? 'done' : text);
}
