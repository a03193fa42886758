import { setTimeout as pause } from 'node:timers/promises';
import { parisTime } from '../../clock.ts';
import { kindOf } from '../../publications/kinds.ts';
import { type Ask, asker, call, type HubAddress, record, release, type Written, write } from './ask.ts';
import { scenarios } from './load.ts';
import type { At, IdOf, Running, Step } from './scenario.ts';

export interface ReplayOptions extends HubAddress {
  /** The name of a scenario: crue, routes, tour, rumeur. */
  scenario: string;
  pauseSeconds: number;
  say(line: string): void;
}

const HOUR = 3600_000;
/**
 * Plays a scenario as the desk would, now: through the GraphQL API, by an editor and validators, with a pause between
 * the steps in which to watch. Throws an Error in plain words where the hub or its tokens cannot be had.
 */
export async function replay(options: ReplayOptions): Promise<void> {
  const { scenario: name, url, say } = options;
  const scenario = scenarios.find((one) => one.name === name);
  if (!scenario)
    throw new Error(`There is no scenario ${name}; there are ${scenarios.map((one) => one.name).join(', ')}.`);
  const ask = await asker(options);
  const run = Date.now().toString(36);
  const { openIncident } = await ask<{ openIncident: { incident: { id: string } } }>(
    'editor',
    'mutation ($slug: String!, $title: String!) { openIncident(slug: $slug, title: $title) { incident { id } } }',
    { ...scenario.incident, slug: `${scenario.incident.slug}-${run}` },
  );
  const threads = new Map([['incident', { id: openIncident.incident.id, version: 1, stage: '' }]]);
  say(`${scenario.title}, ${scenario.steps.length} étapes. À suivre sur ${url}/ ou par l’abonnement « changes ».`);
  // Steps that lie hours in the past are played as of now; windows keep their ends.
  const at: At = (hours) => parisTime(new Date(Date.now() + Math.max(hours, 0) * HOUR));
  const accounts = new Map<string, string>();
  for (const persona of scenario.people ?? [])
    accounts.set(persona, (await ask<{ viewer: { id: string } }>(persona, '{ viewer { id } }', {})).viewer.id);
  const idOf: IdOf = (name) => threads.get(name)?.id ?? accounts.get(name) ?? '';
  for (const [index, step] of scenario.steps.entries()) {
    if (index > 0) await pause(options.pauseSeconds * 1000);
    say(`[${index + 1}/${scenario.steps.length}] ${step.say}`);
    await play({ ask, threads, at, idOf }, step);
  }
  say('Fin.');
}

interface Stage {
  ask: Ask;
  threads: Map<string, Written>;
  at: At;
  idOf: IdOf;
}

async function play(stage: Stage, { act }: Step): Promise<void> {
  const { ask, threads, at, idOf } = stage;
  if (act.do === 'run') return runCell(stage, act);
  if (act.do === 'observe') {
    await record(ask, act.kind, { ...act.seen, id: threads.get(act.thread)?.id, observedAt: at(0) });
    return;
  }
  const input = act.input(at, idOf);
  const dossier = await write(ask, kindOf(act.kind).noun, input, threads.get(act.thread));
  threads.set(act.thread, await release(ask, dossier));
}

async function runCell({ ask, threads, at, idOf }: Stage, { deed, by, of, as, given }: Running): Promise<void> {
  const subject = of === undefined ? undefined : threads.get(of);
  const made = as === undefined ? {} : { selection: '{ situationReport { id } }' };
  const done = await call<{ situationReport?: { id: string } }>(
    ask,
    { mutation: deed, by, ...made },
    { ...subject, ...given(at, idOf) },
  );
  // The act behind an order changes no dossier.
  if (subject && deed !== 'confirmDecision') subject.version += 1;
  if (as !== undefined) threads.set(as, { id: done.situationReport?.id ?? '', version: 1, stage: '' });
}
