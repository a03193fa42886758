import type { Visitor } from '../../access/account-directory.ts';
import type { Actor } from '../../access/actor.ts';
import { parisTime, SetClock } from '../../clock.ts';
import { type EditorialOffice, lockDossier } from '../../editorial/dossier/editorial-work.ts';
import { draft, revise } from '../../editorial/drafting/draft.commands.ts';
import { openIncident } from '../../editorial/incidents/incident.commands.ts';
import { observe } from '../../editorial/publishing/public.commands.ts';
import { publishDossier } from '../../editorial/publishing/publish.commands.ts';
import { approveDossier, submitDossier } from '../../editorial/review/review.commands.ts';
import { kindOf } from '../../publications/kinds.ts';
import { PERSONAS, type Persona, personOf } from '../development-tokens.ts';
import { CELL_COMMANDS } from './cell-commands.ts';
import { flood2016 } from './flood-2016.ts';
import { roads2024 } from './roads-2024.ts';
import { rumour2018 } from './rumour-2018.ts';
import type { At, CellArguments, IdOf, Observing, Running, Scenario, Step, Writing } from './scenario.ts';
import { tour2017 } from './tour-2017.ts';

export const scenarios: readonly Scenario[] = [flood2016, roads2024, tour2017, rumour2018];

const HOUR = 3600_000;

export interface DemoOptions {
  office: EditorialOffice;
  /** The id of a person's account, which gets the person's roles where it has none. */
  accountOf(person: Visitor): Promise<string>;
  now: Date;
}

/** The people of the desk, each with the account that they get when they are first needed. */
type Cast = (persona: Persona) => Promise<Actor>;

/** Each thread by its name, with the version that the next deed on it saw. */
type Threads = Map<string, { id: string; version: number }>;

interface Stage {
  office: EditorialOffice;
  cast: Cast;
  threads: Threads;
  at: At;
  idOf: IdOf;
}

/**
 * Plays every scenario through the desk's own commands, by different people, moved in time so that it is in force now.
 * Meant for an empty database.
 */
export async function loadDemo({ office, accountOf, now }: DemoOptions): Promise<void> {
  const cast: Cast = async (persona) => {
    const { name, roles } = PERSONAS[persona];
    return { id: await accountOf(personOf(persona)), name, roles };
  };
  const at: At = (hours) => parisTime(new Date(now.getTime() + hours * HOUR));
  for (const scenario of scenarios) {
    const clock = new SetClock(at(Math.min(...scenario.steps.map(({ hours }) => hours))));
    const incident = await office.run(
      await cast('editor'),
      { action: 'openIncident' },
      (work) => openIncident(work, scenario.incident),
      clock,
    );
    const threads: Threads = new Map([['incident', { id: incident.id, version: 1 }]]);
    const accounts = new Map<string, string>();
    for (const persona of scenario.people ?? []) accounts.set(persona, (await cast(persona)).id);
    const idOf: IdOf = (name) => threads.get(name)?.id ?? accounts.get(name) ?? '';
    for (const step of scenario.steps) await play({ office, cast, threads, at, idOf }, step);
  }
}

async function play(stage: Stage, { act, hours }: Step): Promise<void> {
  const clock = new SetClock(stage.at(hours));
  if (act.do === 'run') await runCell(stage, act, clock);
  else if (act.do === 'observe') await see(stage, act, hours, clock);
  else await writeAndRelease(stage, act, clock);
}

async function runCell({ office, cast, threads, at, idOf }: Stage, act: Running, clock: SetClock): Promise<void> {
  const subject = act.of === undefined ? undefined : threads.get(act.of);
  // The scenario gives each deed what it asks for; the command refuses what is missing.
  const given = { ...subject, ...act.given(at, idOf) } as CellArguments;
  const { id } = await office.run(
    await cast(act.by),
    { action: act.deed, ...(subject ? { subject: subject.id } : {}) },
    (work) => CELL_COMMANDS[act.deed](work, given),
    clock,
  );
  // The act behind an order changes no dossier.
  if (subject && act.deed !== 'confirmDecision') subject.version += 1;
  if (act.as !== undefined) threads.set(act.as, { id, version: 1 });
}

async function see({ office, cast, at, idOf }: Stage, act: Observing, hours: number, clock: SetClock): Promise<void> {
  const { observation } = kindOf(act.kind);
  if (!observation) throw new TypeError(`the demo observes ${act.kind}, which is not observed`);
  const id = idOf(act.thread);
  await office.run(
    await cast('editor'),
    { action: observation.action, subject: id },
    (work) => observe(work, act.kind, { ...act.seen, id, observedAt: at(hours) }),
    clock,
  );
}

async function writeAndRelease(stage: Stage, act: Writing, clock: SetClock): Promise<void> {
  const { office, cast, threads, at, idOf } = stage;
  const input = act.input(at, idOf);
  const known = threads.get(act.thread)?.id;
  const editor = await cast('editor');
  const dossier = await office.run(
    editor,
    known ? { action: 'revise', subject: known } : { action: 'draft' },
    async (work) =>
      known
        ? revise(work, act.kind, { id: known, version: (await lockDossier(work.em, known)).version, input })
        : draft(work, act.kind, input),
    clock,
  );
  const { id, version } = dossier;
  const deed = { action: 'submitDossier', subject: id } as const;
  const written = await office.run(editor, deed, (work) => submitDossier(work, { id, version }), clock);
  threads.set(act.thread, { id: written.id, version: written.version });
  await release(stage, written, clock);
}

/** Approves by as many validators as it takes, and publishes. */
async function release(
  { office, cast }: Stage,
  written: { id: string; version: number },
  clock: SetClock,
): Promise<void> {
  let { version } = written;
  const { id } = written;
  const validators = [await cast('validator'), await cast('validator2')];
  for (const validator of validators) {
    const dossier = await office.run(
      validator,
      { action: 'approveDossier', subject: id },
      (work) => approveDossier(work, { id, version }),
      clock,
    );
    version = dossier.version;
    if (dossier.stage === 'APPROVED') break;
  }
  await office.run(
    validators[0] ?? null,
    { action: 'publishDossier', subject: id },
    (work) => publishDossier(work, { id, version }),
    clock,
  );
}
