import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';

const compress = promisify(brotliCompress);

/** A page and what its headers must allow. */
export interface ExplorerPage {
  plain: string;
  brotli: Buffer;
}

let made: Promise<ExplorerPage> | undefined;

/** The GraphiQL page, whole, from its package: made and compressed at the first visit, then kept. */
export function explorerPage(): Promise<ExplorerPage> {
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
  return { plain, brotli };
}

const DEFAULT_QUERY = `query Longjumeau {
  situation(place: { commune: "91345" }) {
    asOf
    stale
    alerts { severity vigilance text { headline instruction } endsAt }
    closures { text { headline } observed { state at } }
  }
}
`;

/** The page carries its scripts and styles inside, and speaks to this origin alone. */
export const EXPLORER_POLICY =
  "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; worker-src blob: data:; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self' ws: wss:; frame-ancestors 'none'";
