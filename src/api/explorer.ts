import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { prefersHtml } from '../http/accept.rules.ts';
import type { CachedAnswer } from './answers/kept/cached-answer.ts';
import { encodingsFor } from './answers/kept/encoding.ts';
import { keptFile } from './kept-file.ts';

/** Where the explorer is. */
export const EXPLORER_PATH = '/explorer';

/** Whether a browser asks to see a page, rather than a program for an answer: it prefers HTML and sends no query. */
export const wantsPage = ({ raw, query }: FastifyRequest): boolean =>
  !(query as { query?: unknown }).query && prefersHtml(raw);

/** Serves GraphiQL, whole, from its package: written and compressed at the first visit (9 MB, then 2), then kept. */
export function mountExplorer(server: FastifyInstance): void {
  let made: Promise<CachedAnswer> | undefined;
  server.get(EXPLORER_PATH, async (request, reply) => {
    demandCompression(request);
    made ??= makePage(reply);
    const answer = await made;
    reply.hijack();
    answer.send(request.raw, reply.raw, request.id);
    return reply;
  });
}

/** Every browser takes one of both; 9 MB for each client that says it does not would be a weapon. */
function demandCompression({ headers }: FastifyRequest): void {
  const [best] = encodingsFor(headers['accept-encoding']);
  if (best === 'br' || best === 'gzip') return;
  throw Object.assign(new Error('the explorer is sent compressed: accept br or gzip'), { statusCode: 406 });
}

async function makePage(reply: FastifyReply): Promise<CachedAnswer> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const plain = renderGraphiQL({
    title: 'Tocsin — GraphiQL',
    endpoint: '/graphql',
    subscriptionsProtocol: 'WS',
    defaultQuery: DEFAULT_QUERY,
  } as Parameters<typeof renderGraphiQL>[0]);
  const text = plain.replace(HEAD, () => `${HEAD}<script>${AT_HOME}</script>`);
  reply.headers({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-cache',
    vary: 'accept-encoding',
    'content-security-policy': policyOf(text),
    'permissions-policy': 'geolocation=(), camera=(), microphone=()',
    'cross-origin-opener-policy': 'same-origin',
  });
  return keptFile(text, reply);
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

const HEAD = '<meta charset="utf-8" />';

/**
 * In a sandbox there is no storage, and GraphiQL wants one: what somebody types there, a token too, goes with the tab. Nor
 * does Chromium start a worker there as a module from a Blob: the editor's are no modules, whatever it calls them.
 */
const AT_HOME = `(() => {
  const kept = new Map();
  const storage = {
    getItem: (name) => kept.get(String(name)) ?? null,
    setItem: (name, value) => void kept.set(String(name), String(value)),
    removeItem: (name) => void kept.delete(String(name)),
    clear: () => kept.clear(),
    key: (at) => [...kept.keys()][at] ?? null,
    get length() { return kept.size; },
  };
  for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, { value: storage });
  const Started = window.Worker;
  window.Worker = class extends Started {
    constructor(address, options) { super(address, { ...options, type: 'classic' }); }
  };
})()`;

/**
 * The page carries its scripts and styles inside, and speaks to this hub alone. Its sandbox gives it an origin of its own: what
 * others programmed, and whatever a query makes it show, reaches no page of the hub.
 */
function policyOf(text: string): string {
  const scripts = [...text.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(
    ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  );
  return [
    'sandbox allow-scripts allow-forms allow-modals allow-popups allow-downloads',
    "default-src 'none'",
    `script-src ${scripts.join(' ')} blob:`,
    'worker-src blob: data:',
    // The editor writes styles while it runs.
    "style-src 'unsafe-inline'",
    'img-src data:',
    'font-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
