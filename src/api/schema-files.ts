import type { FastifyInstance } from 'fastify';
import { type GraphQLSchema, introspectionFromSchema } from 'graphql';
import { printedSchema } from '../graphql/schema.ts';
import type { CachedAnswer } from './answers/kept/cached-answer.ts';
import { SHOWN_ELSEWHERE } from './headers.ts';
import { keptFile } from './kept-file.ts';

/** Every request asks whether it is still the same: two releases of a hub may stand behind one address. */
const CACHE_CONTROL = 'no-cache';

/** Serves the schema to code generators and to checks of apps, which then need no introspection: as SDL, and as its result. */
export function mountSchemaFiles(server: FastifyInstance, schema: GraphQLSchema, version: string): void {
  const files = {
    '/schema.graphql': {
      mediaType: 'application/graphql; charset=utf-8',
      write: () => `# Tocsin ${version}\n\n${printedSchema(schema)}`,
    },
    '/schema.json': {
      mediaType: 'application/json; charset=utf-8',
      write: () => JSON.stringify({ data: introspectionFromSchema(schema, EVERYTHING) }),
    },
  };
  for (const [path, { mediaType, write }] of Object.entries(files)) {
    // Written and compressed for the first client, since most hubs are never asked.
    let made: Promise<CachedAnswer> | undefined;
    server.get(path, async (request, reply) => {
      reply.headers({
        ...SHOWN_ELSEWHERE,
        'content-type': mediaType,
        'cache-control': CACHE_CONTROL,
        vary: 'accept-encoding',
        'tocsin-version': version,
      });
      made ??= keptFile(write(), reply);
      const answer = await made;
      reply.hijack();
      answer.send(request.raw, reply.raw, request.id);
    });
  }
}

const EVERYTHING = {
  schemaDescription: true,
  inputValueDeprecation: true,
  directiveIsRepeatable: true,
  specifiedByUrl: true,
  oneOf: true,
};
