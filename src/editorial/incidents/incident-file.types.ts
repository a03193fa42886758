import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { OrganisationView } from '../../accounts/organisations/organisation.queries.ts';
import { OrganisationType } from '../../accounts/organisations/organisation.types.ts';
import { DateTimeScalar } from '../../graphql/scalars.ts';
import { connectionOf } from '../../paging/connection.types.ts';
import { graphqlEnum, ModeEnum } from '../../publications/enum.types.ts';
import { PublicationAreaInput } from '../../publications/input.types.ts';
import { AreaType, IncidentType } from '../../publications/publication.types.ts';
import type { Mode } from '../../publications/vocabulary.ts';
import { INCIDENT_LEVELS, INCIDENT_STATES, type IncidentLevel, type IncidentState } from './incident.rules.ts';
import type { IncidentFile } from './incident-file.queries.ts';

export const IncidentStateEnum = graphqlEnum('IncidentState', INCIDENT_STATES, 'Whether an incident is under way.', {
  OPEN: 'Under way: dossiers may join it.',
  CLOSED: 'Over: it takes no new dossiers, until it is opened again.',
});
export const IncidentLevelEnum = graphqlEnum(
  'IncidentLevel',
  INCIDENT_LEVELS,
  'How far the crisis cell is activated. The public hears nothing of it.',
  {
    STANDBY: 'The standing roster alone.',
    REINFORCED: 'More people watch, and feeds are read twice as often.',
    PARTIAL: 'Part of the cell is in session; feeds are read every 2 minutes.',
    FULL: 'The whole cell is in session; feeds are read every minute.',
  },
);

@ObjectType('IncidentPeriod', { description: 'A time in which an incident was open.' })
export class IncidentPeriodType {
  @Field(() => DateTimeScalar, { description: 'When it was opened.' })
  from!: string;
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was closed; null while it is open.' })
  to!: string | null;
  @Field(() => String, { nullable: true, description: 'Why it was opened again; null for the first period.' })
  openedFor!: string | null;
  @Field(() => String, { nullable: true, description: 'Why it was closed; null while it is open.' })
  closedFor!: string | null;
}

@ObjectType('IncidentLevelChange', { description: 'That staff set another level of an incident.' })
export class IncidentLevelChangeType {
  @Field(() => IncidentLevelEnum, { description: 'The level from then on.' })
  level!: IncidentLevel;
  @Field(() => String, { description: 'Why.' })
  reason!: string;
  @Field(() => DateTimeScalar, { description: 'When.' })
  setAt!: string;
}

@ObjectType('IncidentFile', { description: 'An incident as the crisis cell runs it. Staff only.' })
export class IncidentFileType implements Omit<IncidentFile, 'perimeter'> {
  @Field(() => ID, { description: 'Its id: that of its incident.' })
  id!: string;
  @Field(() => Int, { description: 'Grows with each mutation; send it with the next.' })
  version!: number;
  @Field(() => IncidentType, { description: 'The part of it that the public may read.' })
  incident!: IncidentType;
  @Field(() => IncidentStateEnum, { description: 'Whether it is under way.' })
  state!: IncidentState;
  @Field(() => IncidentLevelEnum, { description: 'The level of now; STANDBY while it is closed.' })
  level!: IncidentLevel;
  @Field(() => ModeEnum, { description: 'Fixed at its opening: its publications have the same.' })
  mode!: Mode;
  @Field(() => [String], { description: 'The aims of the cell, each a sentence.' })
  objectives!: string[];
  @Field(() => AreaType, { nullable: true, description: 'Where it plays; null for nowhere in particular.' })
  perimeter!: AreaType | null;
  @Field(() => [String], { description: 'Words by which feeds of others are watched for it.' })
  keywords!: string[];
  @Field(() => [String], { description: 'How the cell and its partners reach each other.' })
  channels!: string[];
  @Field(() => [OrganisationType], { description: 'The organisations that take part, by name.' })
  participants!: OrganisationView[];
  @Field(() => OrganisationType, {
    nullable: true,
    description: 'The organisation that asked for the cell; null for none.',
  })
  requestedBy!: OrganisationView | null;
  @Field(() => [IncidentPeriodType], { description: 'The times in which it was open, oldest first.' })
  periods!: IncidentPeriodType[];
  @Field(() => [IncidentLevelChangeType], { description: 'The levels that staff set, oldest first.' })
  levelChanges!: IncidentLevelChangeType[];
  @Field(() => [ID], {
    description: 'Threads of publications that stayed in force when it was closed; none while it is open.',
  })
  leftRunning!: string[];
}

@InputType('IncidentInput', { description: 'What the crisis cell works by; the whole of it is replaced.' })
export class IncidentInput {
  @Field(() => [String], { description: 'Its aims: at most 20, of 500 characters.' })
  objectives!: string[];
  @Field(() => PublicationAreaInput, { nullable: true, description: 'Where it plays.' })
  perimeter!: PublicationAreaInput | null;
  @Field(() => [String], {
    nullable: true,
    description: 'Words to watch feeds by, written as those of a watcher: at most 50.',
  })
  keywords!: string[] | null;
  @Field(() => [String], {
    nullable: true,
    description: 'Telephone conferences, radio channels, rooms: at most 20, of 200 characters.',
  })
  channels!: string[] | null;
  @Field(() => [ID], { nullable: true, description: 'Ids of organisations that are open: at most 50.' })
  participants!: string[] | null;
  @Field(() => ID, { nullable: true, description: 'The organisation that asked for the cell.' })
  requestedBy!: string | null;
}

export const IncidentFileConnectionType = connectionOf('IncidentFile', () => IncidentFileType, {
  description: 'A page of incidents as the crisis cell sees them, the newest first.',
  nodes: 'The incidents of this page.',
});
