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
import { PERSONAS, personOf } from '../development-tokens.ts';
import { flood2016 } from './flood-2016.ts';
import { roads2024 } from './roads-2024.ts';
import { rumour2018 } from './rumour-2018.ts';
import type { At, Scenario, Step } from './scenario.ts';
import { tour2017 } from './tour-2017.ts';

export const scenarios: readonly Scenario[] = [flood2016, roads2024, tour2017, rumour2018];

const HOUR = 3600_000;

export interface DemoOptions {
  office: EditorialOffice;
  /** The id of a person's account, which gets the person's roles where it has none. */
  accountOf(person: Visitor): Promise<string>;
  now: Date;
}

interface Cast {
  editor: Actor;
  validators: Actor[];
}

/**
 * Plays every scenario through the desk's own commands, by different people, moved in time so that it is in force now.
 * Meant for an empty database.
 */
export async function loadDemo({ office, accountOf, now }: DemoOptions): Promise<void> {
  const actor = async (persona: 'editor' | 'validator' | 'validator2'): Promise<Actor> => {
    const { name, roles } = PERSONAS[persona];
    return { id: await accountOf(personOf(persona)), name, roles };
  };
  const cast = { editor: await actor('editor'), validators: [await actor('validator'), await actor('validator2')] };
  const at: At = (hours) => parisTime(new Date(now.getTime() + hours * HOUR));
  for (const scenario of scenarios) {
    const clock = new SetClock(at(Math.min(...scenario.steps.map(({ hours }) => hours))));
    const incident = await office.run(
      cast.editor,
      { action: 'openIncident' },
      (work) => openIncident(work, scenario.incident),
      clock,
    );
    const threads = new Map([['incident', incident.id]]);
    for (const step of scenario.steps) await play(office, cast, step, threads, at);
  }
}

async function play(
  office: EditorialOffice,
  cast: Cast,
  step: Step,
  threads: Map<string, string>,
  at: At,
): Promise<void> {
  const clock = new SetClock(at(step.hours));
  const { act } = step;
  if (act.do === 'observe') {
    const { observation } = kindOf(act.kind);
    if (!observation) throw new TypeError(`the demo observes ${act.kind}, which is not observed`);
    const id = threads.get(act.thread) ?? '';
    await office.run(
      cast.editor,
      { action: observation.action, subject: id },
      (work) => observe(work, act.kind, { ...act.seen, id, observedAt: at(step.hours) }),
      clock,
    );
    return;
  }
  const input = act.input(at, (thread) => threads.get(thread) ?? '');
  const known = threads.get(act.thread);
  const dossier = await office.run(
    cast.editor,
    known ? { action: 'revise', subject: known } : { action: 'draft' },
    async (work) =>
      known
        ? revise(work, act.kind, { id: known, version: (await lockDossier(work.em, known)).version, input })
        : draft(work, act.kind, input),
    clock,
  );
  const { id, version } = dossier;
  const deed = { action: 'submitDossier', subject: id } as const;
  const written = await office.run(cast.editor, deed, (work) => submitDossier(work, { id, version }), clock);
  threads.set(act.thread, written.id);
  await release(office, cast, written, clock);
}

/** Approves by as many validators as it takes, and publishes. */
async function release(
  office: EditorialOffice,
  { validators }: Cast,
  written: { id: string; version: number },
  clock: SetClock,
): Promise<void> {
  let { version } = written;
  const { id } = written;
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
