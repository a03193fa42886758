import type { Persona } from '../../../src/development/development-tokens.ts';
import type { Hub } from '../hub/hub.ts';

/** A line of a log as the API answers it. */
export interface Line {
  id: string;
  number: number;
  cursor: string;
  kind: string;
  text: string;
  happenedAt: string;
  writtenAt: string;
  important: boolean;
  audience: string;
  sender: string | null;
  recipient: string | null;
  means: string | null;
  by: { name: string } | null;
  organisation: { kind: string; name: string } | null;
  corrects: { number: number } | null;
  correctedBy: { number: number } | null;
  dossier: { id: string } | null;
  publication: { id: string } | null;
  report: { id: string } | null;
  communes: { code: string }[];
}

export const LINE = `id number cursor kind text happenedAt writtenAt important audience sender recipient means by { name }
  organisation { kind name } corrects { number } correctedBy { number } dossier { id } publication { id } report { id }
  communes { code }`;

export const lineOf = (more: object = {}) => ({ kind: 'FACT', text: 'L’eau monte rue Gambetta', ...more });

/** Writes a line as a persona. */
export async function addLine(
  hub: Pick<Hub, 'as'>,
  incident: string,
  more: object = {},
  persona: Persona = 'editor',
): Promise<Line> {
  const { addLogLine } = await hub
    .as(persona)
    .request<{ addLogLine: { line: Line } }>(
      `mutation ($incident: ID!, $input: LogLineInput!) { addLogLine(incident: $incident, input: $input) { line { ${LINE} } } }`,
      { incident, input: lineOf(more) },
    );
  return addLogLine.line;
}

/** The newest lines of a log, at most 300, as a persona. */
export async function readLog(
  hub: Pick<Hub, 'as'>,
  incident: string,
  where: object | null = null,
  persona: Persona = 'editor',
): Promise<Line[]> {
  const { log } = await hub
    .as(persona)
    .request<{ log: { nodes: Line[] } }>(
      `query ($incident: ID!, $where: LogFilter) { log(incident: $incident, where: $where, first: 300) { nodes { ${LINE} } } }`,
      { incident, where },
    );
  return log.nodes;
}

export const numbersOf = (lines: readonly { number: number }[]): number[] => lines.map(({ number }) => number);
