import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Negotiator from 'negotiator';
import { prefersHtml } from '../http/accept.rules.ts';

const compress = promisify(brotliCompress);

interface ExplorerPage {
  plain: string;
  brotli: Buffer;
  etag: string;
}

let made: Promise<ExplorerPage> | undefined;

/** Whether a browser asks to see a page, rather than a program for an answer: it prefers HTML and sends no query. */
export const wantsPage = ({ raw, query }: FastifyRequest): boolean =>
  !(query as { query?: unknown }).query && prefersHtml(raw);

/** Answers the GraphiQL page: 9 MB once, then 304 until a new version of it. */
export async function answerExplorer({ raw, headers }: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { plain, brotli, etag } = await explorerPage();
  const compressed = new Negotiator(raw).encodings(['br', 'identity']).at(0) === 'br';
  reply
    .header('etag', etag)
    .header('cache-control', 'no-cache')
    .header('content-type', 'text/html; charset=utf-8')
    .header('content-security-policy', POLICY);
  if (headers['if-none-match']?.includes(etag)) return reply.code(304).send();
  if (compressed) reply.header('content-encoding', 'br');
  return reply.send(compressed ? brotli : plain);
}

/** The page, whole, from its package: made and compressed at the first visit, then kept. */
function explorerPage(): Promise<ExplorerPage> {
  made ??= makePage();
  return made;
}

async function makePage(): Promise<ExplorerPage> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const plain = renderGraphiQL({
    title: 'Tocsin — GraphiQL',
    endpoint: '/graphql',
    subscriptionsProtocol: 'WS',
    defaultQuery: DEFAULT_QUERY,
  } as Parameters<typeof renderGraphiQL>[0]);
  const brotli = await compress(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });
  return { plain, brotli, etag: `W/"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"` };
}

const DEFAULT_QUERY = `# What apps may rely on: docs/stability.md. What is in force at a place?
query Longjumeau {
  situation(place: { commune: "91345" }) {
    asOf
    stale
    alerts { severity vigilance text { headline instruction } endsAt }
    closures { text { headline } observed { state observedAt } }
  }
}
`;

/** The page carries its scripts and styles inside, and speaks to this origin alone. */
const POLICY =
  "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; worker-src blob: data:; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self' ws: wss:; frame-ancestors 'none'";
