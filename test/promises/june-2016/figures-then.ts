import { roster } from '../../support/crisis-cell/duty-desk.ts';
import { incidentFile } from '../../support/crisis-cell/incident-desk.ts';
import type { SeenFigures } from '../../support/crisis-cell/situation-desk.ts';
import type { Hub } from '../../support/hub/hub.ts';

interface Published {
  thread: string;
  kind: string;
  severity?: string;
  communes: { name: string; population: number }[];
  observed?: { state: string } | null;
}

/** How many there are of each key. */
export function counted(keys: readonly string[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const key of keys) found[key] = (found[key] ?? 0) + 1;
  return found;
}

/** The figures of an incident at a moment of the past, each as the API answers it now for then. */
export interface FiguresThen
  extends Pick<SeenFigures, 'level' | 'published' | 'changed' | 'ended' | 'communeNames' | 'inhabitants'> {
  inForce: Record<string, number>;
  closures: Record<string, number>;
  onDuty: Record<string, number>;
}

const isBy = (at: string, asOf: string): boolean => Date.parse(at) <= Date.parse(asOf);

async function inForceThen(hub: Hub, incident: string, asOf: string): Promise<Published[]> {
  const { found } = await hub.as().request<{ found: { nodes: Published[] } }>(
    `query ($where: PublicationFilter) { found: publications(where: $where, first: 100) { nodes {
       thread kind communes { name population } ... on AlertPublication { severity } ... on ClosurePublication { observed { state } } } } }`,
    { where: { incidents: [incident], activeAt: asOf } },
  );
  return found.nodes;
}

/** The threads of each kind of news between the beginning and then. */
async function newsThen(hub: Hub, incident: string, { from, asOf }: { from: string; asOf: string }) {
  const { changes } = await hub.as().request<{
    changes: { nodes: { type: string; at: string; publication: { thread: string } }[] };
  }>(
    'query ($after: Cursor, $where: ChangeFilter) { changes(after: $after, first: 500, where: $where) { nodes { type at publication { thread } } } }',
    { after: from, where: { incidents: [incident] } },
  );
  const then = changes.nodes.filter(({ at }) => isBy(at, asOf));
  const of = (...types: string[]) =>
    new Set(then.filter(({ type }) => types.includes(type)).map(({ publication }) => publication.thread));
  const published = of('PUBLISHED');
  return {
    published: published.size,
    changed: of('UPDATED').difference(published).size,
    ended: of('ENDED', 'ALL_CLEAR', 'CANCELLED').size,
  };
}

/** `from` is a cursor from before the incident, `asOf` the moment. */
export async function figuresThen(
  hub: Hub,
  incident: string,
  when: { from: string; asOf: string },
): Promise<FiguresThen> {
  const { asOf } = when;
  const inForce = await inForceThen(hub, incident, asOf);
  const communes = new Map(inForce.flatMap((one) => one.communes.map(({ name, population }) => [name, population])));
  const closures = inForce.filter(({ kind }) => kind === 'CLOSURE');
  const seen = counted(closures.map(({ observed }) => observed?.state ?? 'UNSEEN'));
  const file = await incidentFile(hub, { id: incident });
  const shifts = await roster(hub, { from: asOf, to: new Date(Date.parse(asOf) + 1_000).toISOString(), incident });
  return {
    inForce: counted(inForce.map(({ kind, severity }) => `${kind} ${severity ?? 'none'}`)),
    communeNames: [...communes.keys()].sort((a, b) => a.localeCompare(b, 'fr')),
    inhabitants: [...communes.values()].reduce((sum, one) => sum + one, 0),
    closures: {
      planned: closures.length,
      inPlace: seen.IN_PLACE ?? 0,
      notStarted: seen.NOT_STARTED ?? 0,
      reopened: seen.REOPENED ?? 0,
      unseen: seen.UNSEEN ?? 0,
    },
    onDuty: counted(shifts.map(({ dutyFunction }) => dutyFunction)),
    level: file?.levelChanges.findLast(({ setAt }) => isBy(setAt, asOf))?.level ?? 'STANDBY',
    ...(await newsThen(hub, incident, when)),
  };
}

/** The same of a situation report, without the order of its lists. */
export const figuresOf = ({ inForce, onDuty, closures, ...figures }: SeenFigures): FiguresThen => ({
  inForce: Object.fromEntries(inForce.map(({ kind, severity, count }) => [`${kind} ${severity ?? 'none'}`, count])),
  onDuty: Object.fromEntries(onDuty.map(({ dutyFunction, count }) => [dutyFunction, count])),
  closures,
  communeNames: figures.communeNames,
  inhabitants: figures.inhabitants,
  level: figures.level,
  published: figures.published,
  changed: figures.changed,
  ended: figures.ended,
});
