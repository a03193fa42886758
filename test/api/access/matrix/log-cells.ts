import { randomUUID } from 'node:crypto';
import { openIncident } from '../../../support/desk/desk.ts';
import { addLine, lineOf } from '../../../support/desk/log-desk.ts';
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
        found.set(cell(field, stage, caller), await call(desk, caller, await logCall(desk, field, ids[stage])));
      }
  return found;
}

async function logCall({ hub }: MatrixDesk, field: string, incident: string): Promise<Call> {
  if (field === 'maskLogLine') {
    const id = incident === NOTHING ? NOTHING : (await addLine(hub, incident, { sender: 'Jean Dupont' })).id;
    return { field, given: { id: ['ID!', id], people: ['[String!]!', ['Jean Dupont']] } };
  }
  const given: Call['given'] = { incident: ['ID!', incident] };
  if (field === 'addLogLine') given.input = ['LogLineInput!', lineOf()];
  return { field, given, kind: field === 'log' ? 'query' : 'mutation' };
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
