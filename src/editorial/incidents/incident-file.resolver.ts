import { Arg, Ctx, ID, Int, Query, Resolver } from 'type-graphql';
import type { Context } from '../../graphql/context.ts';
import { PayloadMutation } from '../../graphql/payload.types.ts';
import { PageCursorScalar } from '../../graphql/scalars.ts';
import { AFTER, firstUpTo } from '../../paging/connection.types.ts';
import type { Page } from '../../paging/page.rules.ts';
import type { EditorialOffice } from '../dossier/editorial-work.ts';
import type { IncidentLevel, IncidentState } from './incident.rules.ts';
import { type IncidentFile, incidentFileNamed, incidentFilesPage, writtenIncident } from './incident-file.queries.ts';
import {
  IncidentFileConnectionType,
  IncidentFileType,
  IncidentInput,
  IncidentLevelEnum,
  IncidentStateEnum,
} from './incident-file.types.ts';
import { reviseIncident } from './revise-incident.commands.ts';
import { closeIncident, reopenIncident, setIncidentLevel } from './run-incident.commands.ts';

const ID_ARG = { description: 'The id of the incident.' };
const VERSION = { description: 'The version that you saw.' };
const REASON = { description: 'Why, at most 2,000 characters.' };
const FILE = { incidentFile: { type: () => IncidentFileType, description: 'The incident as it then stood.' } };

interface IncidentPayload {
  incidentFile: () => Promise<IncidentFile>;
}

/** Incidents as the crisis cell runs them. */
@Resolver(() => IncidentFileType)
export class IncidentFileResolver {
  constructor(private readonly office: EditorialOffice) {}

  @Query(() => IncidentFileType, {
    nullable: true,
    description:
      'An incident as the crisis cell runs it, by its id or by its slug: exactly one of the two. Null where there is none. For staff, and a SIGNATORY whose organisation takes part.',
  })
  incidentFile(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, { nullable: true, description: 'Its id.' }) id: string | null,
    @Arg('slug', () => String, { nullable: true, description: 'Its short name, such as crue-2016.' })
    slug: string | null,
  ): Promise<IncidentFile | null> {
    return incidentFileNamed({ em: this.office.read(), actor }, { id, slug });
  }

  @Query(() => IncidentFileConnectionType, {
    nullable: true,
    description:
      'Incidents as the crisis cell runs them, the newest first. For staff; for a SIGNATORY those in which their organisation takes part.',
  })
  incidentFiles(
    @Ctx() { actor }: Context,
    @Arg('state', () => IncidentStateEnum, { nullable: true, description: 'Those of this state alone.' })
    state: IncidentState | null,
    @Arg('first', () => Int, firstUpTo()) first: number,
    @Arg('after', () => PageCursorScalar, AFTER) after: string | null,
  ): Promise<Page<IncidentFile>> {
    return incidentFilesPage({ em: this.office.read(), actor }, { state, first, after });
  }

  @PayloadMutation(FILE, {
    description:
      'Replaces what the cell works by: aims, perimeter, keywords, channels, organisations. For an EDITOR, a VALIDATOR or a DUTY_OFFICER.',
  })
  async reviseIncident(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
    @Arg('input', () => IncidentInput, { description: 'The whole of what it shall be.' }) input: IncidentInput,
  ): Promise<IncidentPayload> {
    const deed = { action: 'reviseIncident', subject: id } as const;
    await this.office.run(actor, deed, (work) => reviseIncident(work, { id, version, input }));
    return this.#payload(id);
  }

  @PayloadMutation(FILE, {
    description: 'Sets another level of an open incident. For a VALIDATOR or a DUTY_OFFICER.',
  })
  async setIncidentLevel(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
    @Arg('level', () => IncidentLevelEnum, { description: 'Another level than that of now.' }) level: IncidentLevel,
    @Arg('reason', () => String, REASON) reason: string,
  ): Promise<IncidentPayload> {
    const deed = { action: 'setIncidentLevel', subject: id } as const;
    await this.office.run(actor, deed, (work) => setIncidentLevel(work, { id, version, level, reason }));
    return this.#payload(id);
  }

  @PayloadMutation(FILE, {
    description:
      'Closes an incident, which is on standby from then on. WRONG_STAGE while publications of it are in force or to come that `leaveRunning` does not name: `running` lists them; also while people are called to a dossier or report of it: `openCalls` lists these calls. For a VALIDATOR or a DUTY_OFFICER.',
  })
  async closeIncident(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
    @Arg('reason', () => String, REASON) reason: string,
    @Arg('leaveRunning', () => [ID], {
      defaultValue: [],
      description: 'Threads of its publications that stay in force.',
    })
    leaveRunning: string[],
  ): Promise<IncidentPayload> {
    const deed = { action: 'closeIncident', subject: id } as const;
    await this.office.run(actor, deed, (work) => closeIncident(work, { id, version, reason, leaveRunning }));
    return this.#payload(id);
  }

  @PayloadMutation(FILE, {
    description:
      'Opens an incident that was closed: a new period begins, on standby. For a VALIDATOR or a DUTY_OFFICER.',
  })
  async reopenIncident(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
    @Arg('reason', () => String, REASON) reason: string,
  ): Promise<IncidentPayload> {
    const deed = { action: 'reopenIncident', subject: id } as const;
    await this.office.run(actor, deed, (work) => reopenIncident(work, { id, version, reason }));
    return this.#payload(id);
  }

  #payload(id: string): IncidentPayload {
    return { incidentFile: () => writtenIncident(this.office.read(), id) };
  }
}
