import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { DevelopmentTokens, Persona } from '../access/development-tokens.ts';
import { parisTime } from '../clock.ts';
import { scenarios } from './load.ts';
import type { Act, At, Step } from './scenario.ts';

export interface ReplayOptions {
  /** The name of a scenario: crue, routes, tour, rumeur. */
  scenario: string;
  url: string;
  /** The data folder of the hub, where its development tokens are. */
  dataDir: string;
  pauseSeconds: number;
  say(line: string): void;
}

interface Written {
  id: string;
  version: number;
  stage: string;
}

type Ask = <T>(persona: Persona, query: string, variables: object) => Promise<T>;

const HOUR = 3600_000;
const MUTATIONS = {
  alert: 'Alert',
  event: 'Event',
  closure: 'Closure',
  correction: 'Correction',
  advice: 'Advice',
} as const;

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
  const { incident } = await ask<{ incident: { id: string } }>(
    'editor',
    'mutation ($slug: String!, $title: String!) { incident: openIncident(slug: $slug, title: $title) { id } }',
    { ...scenario.incident, slug: `${scenario.incident.slug}-${run}` },
  );
  const threads = new Map([['incident', { id: incident.id, version: 0, stage: '' }]]);
  say(`${scenario.title}, ${scenario.steps.length} étapes. À suivre sur ${url}/ ou par l’abonnement « changes ».`);
  // What lies hours in the past is told as of now; windows keep their ends.
  const at: At = (hours) => parisTime(new Date(Date.now() + Math.max(hours, 0) * HOUR));
  for (const [index, step] of scenario.steps.entries()) {
    if (index > 0) await pause(options.pauseSeconds * 1000);
    say(`[${index + 1}/${scenario.steps.length}] ${step.say}`);
    await play(ask, step, threads, at);
  }
  say('Fin.');
}

async function play(ask: Ask, { act }: Step, threads: Map<string, Written>, at: At): Promise<void> {
  if (act.do === 'observe') {
    await ask(
      'editor',
      `mutation ($id: ID!, $state: ObservedState!, $at: DateTime!, $note: String) {
        observeClosure(id: $id, state: $state, at: $at, note: $note) { id } }`,
      { id: threads.get(act.thread)?.id, state: act.state, at: at(0), note: act.note },
    );
    return;
  }
  let dossier = await write(ask, act, threads, at);
  dossier = await step(ask, 'submitForReview', 'editor', dossier);
  dossier = await step(ask, 'approve', 'validator', dossier);
  if (dossier.stage === 'IN_REVIEW') dossier = await step(ask, 'approve', 'validator2', dossier);
  threads.set(act.thread, await step(ask, 'publish', 'validator', dossier));
}

async function write(ask: Ask, act: Exclude<Act, { do: 'observe' }>, threads: Map<string, Written>, at: At) {
  const kind = MUTATIONS[act.do];
  const input = act.input(at, (thread) => threads.get(thread)?.id ?? '');
  const known = threads.get(act.thread);
  const { dossier } = await (known
    ? ask<{ dossier: Written }>(
        'editor',
        `mutation ($id: ID!, $version: Int!, $input: ${kind}Input!) {
          dossier: revise${kind}(id: $id, version: $version, input: $input) { id version stage } }`,
        { id: known.id, version: known.version, input },
      )
    : ask<{ dossier: Written }>(
        'editor',
        `mutation ($input: ${kind}Input!) { dossier: draft${kind}(input: $input) { id version stage } }`,
        { input },
      ));
  return dossier;
}

async function step(ask: Ask, name: string, persona: Persona, { id, version }: Written): Promise<Written> {
  const answer = await ask<{ dossier: Written }>(
    persona,
    `mutation ($id: ID!, $version: Int!) { dossier: ${name}(id: $id, version: $version) { id version stage } }`,
    { id, version },
  );
  return answer.dossier;
}

async function asker({ url, dataDir }: ReplayOptions): Promise<Ask> {
  const path = join(dataDir, 'dev-tokens.json');
  const tokens = await readFile(path, 'utf8').then(
    (text) => JSON.parse(text) as DevelopmentTokens,
    () => {
      throw new Error(`No tokens in ${path}: start the hub first (npm start), or name its data folder with --data.`);
    },
  );
  return async (persona, query, variables) => {
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${tokens[persona]}` },
      body: JSON.stringify({ query, variables }),
    }).catch(() => {
      throw new Error(`No hub answers at ${url}: start it with npm start, or name another with --url.`);
    });
    const { data, errors } = (await answer.json()) as { data: never; errors?: { message: string }[] };
    if (errors?.[0]) throw new Error(`The hub refused: ${errors[0].message}`);
    return data;
  };
}
