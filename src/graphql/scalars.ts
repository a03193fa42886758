import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { isMoment } from '../clock.ts';

const fault = (message: string, node?: ValueNode) => new GraphQLError(message, node ? { nodes: node } : {});

function dateTime(value: unknown, node?: ValueNode): string {
  if (typeof value !== 'string' || !isMoment(value))
    throw fault(`must be a date and time as 2016-06-02T14:00:00+02:00, with seconds and an offset`, node);
  return value;
}

/** RFC 3339. Public documents hold their times as text already, so that serialising one costs nothing. */
export const DateTimeScalar = new GraphQLScalarType<string, string>({
  name: 'DateTime',
  description:
    'A date and time of RFC 3339, with seconds and an offset. The hub answers with the offset of Paris and takes any other.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize: (value) => (value instanceof Date ? value.toISOString().replace(/\.\d{3}Z$/, 'Z') : String(value)),
  parseValue: (value) => dateTime(value),
  parseLiteral: (node) => dateTime(node.kind === Kind.STRING ? node.value : undefined, node),
});

const GEOMETRIES = new Set(['Point', 'LineString', 'MultiLineString', 'Polygon', 'MultiPolygon']);

function geometry(value: unknown, node?: ValueNode): object {
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
  if (typeof value !== 'object' || value === null || typeof type !== 'string' || !GEOMETRIES.has(type))
    throw fault(`must be a GeoJSON geometry of type ${[...GEOMETRIES].join(', ')}`, node);
  return value;
}

function literal(node: ValueNode, variables: Record<string, unknown> | null | undefined): unknown {
  switch (node.kind) {
    case Kind.OBJECT:
      return Object.fromEntries(node.fields.map(({ name, value }) => [name.value, literal(value, variables)]));
    case Kind.LIST:
      return node.values.map((value) => literal(value, variables));
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.NULL:
      return null;
    case Kind.VARIABLE:
      return variables?.[node.name.value];
    default:
      return node.value;
  }
}

/** The input that holds the geometry checks the coordinates: it knows which shapes it accepts. */
export const GeoJSONScalar = new GraphQLScalarType<object, object>({
  name: 'GeoJSON',
  description: 'A geometry object of RFC 7946: WGS 84, longitude before latitude.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc7946',
  serialize: (value) => value as object,
  parseValue: (value) => geometry(value),
  parseLiteral: (node, variables) => geometry(literal(node, variables), node),
});

/** A scalar whose values are texts; what they may hold is checked where they are used, which names the field that is wrong. */
function textScalar(config: { name: string; description: string; specifiedByURL?: string }, wanted: string) {
  const read = (value: unknown, node?: ValueNode): string => {
    if (typeof value !== 'string') throw fault(`must be ${wanted}: a string`, node);
    return value;
  };
  return new GraphQLScalarType<string, string>({
    ...config,
    serialize: String,
    parseValue: (value) => read(value),
    parseLiteral: (node) => read(node.kind === Kind.STRING ? node.value : undefined, node),
  });
}

/** A text that is no cursor of ours is answered RESYNC_REQUIRED, not refused here. */
export const CursorScalar = textScalar(
  {
    name: 'Cursor',
    description: 'A position in the public journal, to follow after it. Opaque; keep it as it is. It turns no page.',
  },
  'a cursor as the hub gave it',
);

export const PageCursorScalar = textScalar(
  {
    name: 'PageCursor',
    description: 'A place in a list, to read on after it. Opaque, and good for that list alone; it follows no changes.',
  },
  'a cursor of a page as the hub gave it',
);

export const LogCursorScalar = textScalar(
  {
    name: 'LogCursor',
    description:
      'A place in the log of an incident, to follow after it. Opaque; good for that log alone. It turns no page.',
  },
  'a cursor of a log as the hub gave it',
);

export const UrlScalar = textScalar(
  {
    name: 'URL',
    description: 'An absolute http or https address.',
    specifiedByURL: 'https://url.spec.whatwg.org/',
  },
  'an absolute http or https address',
);

export const CommuneCodeScalar = textScalar(
  {
    name: 'CommuneCode',
    description:
      'The INSEE code of a commune (code officiel géographique), such as 91345. It is no postal code. In inputs a former code means its successor.',
  },
  'the INSEE code of a commune',
);
