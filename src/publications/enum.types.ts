import { registerEnumType } from 'type-graphql';
import { ofEachKind } from './kinds.ts';
import {
  CATEGORIES,
  CERTAINTIES,
  CHANGE_TYPES,
  COLOURS,
  ENDING_KINDS,
  FILTER_MATCHES,
  KINDS,
  MODES,
  PUBLIC_STATES,
  SEVERITIES,
  URGENCIES,
} from './vocabulary.ts';

/** Registers a closed list as a GraphQL enum; every value says what it means, and the compiler sees to it. */
export function graphqlEnum<const T extends readonly string[]>(
  name: string,
  values: T,
  description: string,
  meanings: Record<T[number], string>,
): Record<T[number], T[number]> {
  const members = Object.fromEntries(values.map((value) => [value, value])) as Record<T[number], T[number]>;
  const valuesConfig = Object.fromEntries(
    Object.entries<string>(meanings).map(([value, meaning]) => [value, { description: meaning }]),
  ) as Record<T[number], { description: string }>;
  registerEnumType(members, { name, description, valuesConfig });
  return members;
}

export const PublicationKindEnum = graphqlEnum(
  'PublicationKind',
  KINDS,
  'The kinds of publication.',
  ofEachKind(({ meaning }) => meaning),
);
export const ModeEnum = graphqlEnum('PublicationMode', MODES, 'Whether a publication is real, an exercise or a test.', {
  ACTUAL: 'Real.',
  EXERCISE: 'Part of an exercise; shown only to clients that ask for exercises.',
  TEST: 'A technical test; shown only to clients that ask for tests.',
});
export const PublicStateEnum = graphqlEnum(
  'PublicState',
  PUBLIC_STATES,
  'Where a publication stands now, by its window and the clock.',
  {
    UPCOMING: 'Its start lies ahead.',
    IN_FORCE: 'It holds now.',
    ENDED: 'Its end has come, or the all clear was given.',
    CANCELLED: 'It was withdrawn, with a reason.',
  },
);
export const ChangeTypeEnum = graphqlEnum('ChangeType', CHANGE_TYPES, 'What happened to a publication.', {
  PUBLISHED: 'Published for the first time.',
  UPDATED: 'A new revision was published.',
  VERIFIED: 'Its author confirmed that it still holds.',
  OBSERVED: 'What was seen on the ground was recorded.',
  DECISION_CONFIRMED: 'The written act behind the oral order that it names was told; nothing else changed.',
  STARTED: 'Its start has come.',
  ALL_CLEAR: 'The all clear was given: the danger is over.',
  CANCELLED: 'It was withdrawn.',
  ENDED: 'Its end has come.',
  CHECKPOINT: 'Nothing happened: only the cursor moves on.',
});
export const EndingKindEnum = graphqlEnum('EndingKind', ENDING_KINDS, 'What ended a publication.', {
  ALL_CLEAR: 'People gave the all clear: the danger is over.',
  CANCELLED: 'People withdrew it, with a reason.',
  EXPIRED: 'The end that was announced has come.',
});
export const FilterMatchEnum = graphqlEnum('FilterMatch', FILTER_MATCHES, 'How a change stands to `where`.', {
  ENTERED: 'The publication matches now and did not before, or it is new: show it.',
  STAYED: 'It matched before and does now: show it as it is now, or as ended.',
  LEFT: 'It matched before and does not any more: take it away. Nothing more is told of it until it enters again.',
});
export const SeverityEnum = graphqlEnum('Severity', SEVERITIES, 'How grave the danger is (CAP 1.2).', {
  UNKNOWN: 'Not known.',
  MINOR: 'Minimal threat to life or property.',
  MODERATE: 'Possible threat to life or property.',
  SEVERE: 'Significant threat to life or property.',
  EXTREME: 'Extraordinary threat to life or property.',
});
export const VigilanceColourEnum = graphqlEnum(
  'VigilanceColour',
  COLOURS,
  'The colour of French vigilance that goes with a severity.',
  { GREEN: 'Minor or unknown.', YELLOW: 'Moderate.', ORANGE: 'Severe.', RED: 'Extreme.' },
);
export const CategoryEnum = graphqlEnum('AlertCategory', CATEGORIES, 'The category of the hazard (CAP 1.2).', {
  GEO: 'Geophysical, landslides included.',
  MET: 'Meteorological, floods included.',
  SAFETY: 'General emergency and public safety.',
  SECURITY: 'Law enforcement, security.',
  RESCUE: 'Rescue and recovery.',
  FIRE: 'Fire suppression and rescue.',
  HEALTH: 'Medical and public health.',
  ENV: 'Pollution and other environmental hazards.',
  TRANSPORT: 'Public and private transportation.',
  INFRA: 'Utility, telecommunication and other infrastructure.',
  CBRNE: 'Chemical, biological, radiological, nuclear or explosive.',
  OTHER: 'Anything else.',
});
export const UrgencyEnum = graphqlEnum('Urgency', URGENCIES, 'How soon to act (CAP 1.2).', {
  IMMEDIATE: 'Now.',
  EXPECTED: 'Within the next hour.',
  FUTURE: 'In the near future.',
  PAST: 'No longer needed.',
  UNKNOWN: 'Not known.',
});
export const CertaintyEnum = graphqlEnum('Certainty', CERTAINTIES, 'How sure it is (CAP 1.2).', {
  OBSERVED: 'It has happened or is happening.',
  LIKELY: 'More likely than not.',
  POSSIBLE: 'Possible, but not likely.',
  UNLIKELY: 'Not expected.',
  UNKNOWN: 'Not known.',
});
