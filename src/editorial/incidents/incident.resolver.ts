import { Arg, Ctx, ID, Int, Query, Resolver } from 'type-graphql';
import type { Actor } from '../../access/actor.ts';
import type { Context } from '../../graphql/context.ts';
import { PayloadMutation } from '../../graphql/payload.types.ts';
import { PageCursorScalar } from '../../graphql/scalars.ts';
import { AFTER, firstUpTo } from '../../paging/connection.types.ts';
import type { Page } from '../../paging/page.rules.ts';
import { ModeEnum } from '../../publications/enum.types.ts';
import { IncidentType } from '../../publications/publication.types.ts';
import type { Mode } from '../../publications/vocabulary.ts';
import type { EditorialOffice } from '../dossier/editorial-work.ts';
import { openIncident } from './incident.commands.ts';
import type { IncidentRow } from './incident.entity.ts';
import { incidentNamed, incidentsPage } from './incident.queries.ts';
import { IncidentConnectionType } from './incident.types.ts';

const OPENED = { incident: { type: () => IncidentType, description: 'The incident.' } };

/** Incidents: found by everybody who may hear of them, opened by editors. */
@Resolver()
export class IncidentsResolver {
  /** `inTurn`: reads on the public's share of the connections. */
  constructor(
    private readonly office: EditorialOffice,
    private readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>,
  ) {}

  @Query(() => IncidentType, {
    nullable: true,
    description:
      'One incident, by its id or by its slug: exactly one of the two. Null where there is none, or none that the public has heard of yet; staff find all.',
  })
  incident(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, { nullable: true, description: 'Its id.' }) id: string | null,
    @Arg('slug', () => String, { nullable: true, description: 'Its short name, such as crue-2016.' })
    slug: string | null,
  ): Promise<IncidentRow | null> {
    return this.read(actor, (reader) => incidentNamed(reader, { id, slug }));
  }

  @Query(() => IncidentConnectionType, {
    nullable: true,
    description:
      'Incidents, the newest first: those with a publication that is no exercise and no test; for staff all, to choose one for a draft.',
  })
  incidents(
    @Ctx() { actor }: Context,
    @Arg('first', () => Int, firstUpTo()) first: number,
    @Arg('after', () => PageCursorScalar, AFTER) after: string | null,
  ): Promise<Page<IncidentRow>> {
    return this.read(actor, (reader) => incidentsPage(reader, { first, after }));
  }

  @PayloadMutation(OPENED, {
    description:
      'Opens an incident that publications of its mode can belong to. For an EDITOR, a VALIDATOR or a DUTY_OFFICER.',
  })
  async openIncident(
    @Ctx() { actor }: Context,
    @Arg('slug', () => String, { description: 'Lower-case words joined by hyphens, such as crue-2016.' }) slug: string,
    @Arg('title', () => String, { description: 'Its name, in French.' }) title: string,
    @Arg('mode', () => ModeEnum, {
      defaultValue: 'ACTUAL',
      description: 'Whether it is real, an exercise or a test: it never changes, and its publications have the same.',
    })
    mode: Mode,
  ): Promise<{ incident: IncidentRow }> {
    const deed = { action: 'openIncident' } as const;
    return { incident: await this.office.run(actor, deed, (work) => openIncident(work, { slug, title, mode })) };
  }

  private read<T>(actor: Actor | null, read: (reader: Parameters<typeof incidentNamed>[0]) => Promise<T>): Promise<T> {
    const work = () => read({ em: this.office.read(), actor });
    return actor ? work() : this.inTurn(work);
  }
}
