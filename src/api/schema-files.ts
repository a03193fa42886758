import type { FastifyInstance, FastifyReply } from 'fastify';
import { type GraphQLSchema, introspectionFromSchema } from 'graphql';
import { printedSchema } from '../graphql/schema.ts';
import { CachedAnswer } from './answers/kept/cached-answer.ts';
import { encode } from './answers/kept/encoding.ts';

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
        'content-type': mediaType,
        'cache-control': CACHE_CONTROL,
        vary: 'accept-encoding',
        'tocsin-version': version,
      });
      made ??= compressed(write(), reply);
      const answer = await made;
      reply.hijack();
      answer.send(request.raw, reply.raw);
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

async function compressed(text: string, reply: FastifyReply): Promise<CachedAnswer> {
  const body = Buffer.from(text);
  const plain = CachedAnswer.from(body, reply.getHeaders());
  const [brotli, gzip] = await Promise.all([encode(body, 'br'), encode(body, 'gzip')]);
  return plain.with('br', brotli).with('gzip', gzip);
}
