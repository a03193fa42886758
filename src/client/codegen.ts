/**
 * The `scalars` of graphql-codegen: the type of each scalar of the hub in TypeScript. Times and cursors are texts as JSON has them;
 * GeoJSON is the type of the package @types/geojson.
 */
export const scalars = {
  CommuneCode: 'string',
  Cursor: 'string',
  DateTime: 'string',
  GeoJSON: 'geojson#Geometry',
  LanguageTag: 'string',
  LogCursor: 'string',
  PageCursor: 'string',
  URL: 'string',
} as const;
