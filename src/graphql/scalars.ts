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
  description: 'A date and time of RFC 3339, with seconds and an offset.',
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

function cursor(value: unknown, node?: ValueNode): string {
  if (typeof value !== 'string') throw fault('must be a cursor as the hub gave it: a string', node);
  return value;
}

/** Opaque: a position in the public journal. A text that is no cursor of ours is answered RESYNC_REQUIRED, not refused here. */
export const CursorScalar = new GraphQLScalarType<string, string>({
  name: 'Cursor',
  description: 'A position in the public journal. Opaque; keep it as it is.',
  serialize: String,
  parseValue: (value) => cursor(value),
  parseLiteral: (node) => cursor(node.kind === Kind.STRING ? node.value : undefined, node),
});
