/** A cookie as a browser keeps it. */
interface Kept {
  value: string;
  sameSite: string;
}

export interface Seen {
  /** The address at which it ended. */
  url: URL;
  response: Response;
  /** Every address that it was led to. */
  way: URL[];
}

export interface Visit {
  method?: 'GET' | 'POST';
  form?: Record<string, string>;
  /** The page that leads there; left out for an address that somebody types. */
  from?: string;
  /** Ends before it goes there. */
  until?: (url: URL) => boolean;
}

const MOST_HOPS = 12;

/**
 * A browser as far as cookies and navigation go: it keeps cookies by host, sends them by their SameSite, and refuses names with
 * `__Host-` that are not as they must be. A chain of redirects that left a site once carries no Strict cookie any more.
 */
export class Browser {
  readonly #jar = new Map<string, Map<string, Kept>>();

  /** The value of a cookie of a host. */
  cookie(url: string, name: string): string | undefined {
    return this.#jar.get(new URL(url).hostname)?.get(name)?.value;
  }

  put(url: string, name: string, value: string, sameSite = 'strict'): void {
    this.#cookiesOf(new URL(url).hostname).set(name, { value, sameSite });
  }

  /** Goes to an address, and wherever it leads. */
  async visit(address: string, { method = 'GET', form, from, until }: Visit = {}): Promise<Seen> {
    const way: URL[] = [];
    let url = new URL(address);
    let sent: RequestInit = { method, ...(form ? { body: new URLSearchParams(form) } : {}) };
    let initiator = from === undefined ? undefined : new URL(from).hostname;
    let isCross = initiator !== undefined && initiator !== url.hostname;
    for (let hop = 0; hop < MOST_HOPS; hop += 1) {
      way.push(url);
      if (until?.(url)) return { url, response: new Response(null), way };
      const site = initiator === undefined ? 'none' : isCross ? 'cross-site' : 'same-origin';
      const isSafe = sent.method === 'GET';
      const headers = {
        accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
        'sec-fetch-site': site,
        'sec-fetch-mode': 'navigate',
        ...this.#sent(url, isCross, isSafe),
        ...(isSafe || from === undefined ? {} : { origin: new URL(from).origin }),
      };
      const response = await fetch(url, { ...sent, headers, redirect: 'manual' });
      this.#keep(url, response);
      const location = response.headers.get('location');
      if (response.status < 300 || response.status >= 400 || !location) return { url, response, way };
      await response.body?.cancel();
      const next = new URL(location, url);
      initiator ??= url.hostname === next.hostname ? undefined : url.hostname;
      isCross ||= next.hostname !== url.hostname;
      url = next;
      if (response.status === 303 || response.status === 302) sent = { method: 'GET' };
    }
    throw new Error(`led on and on: ${way.join(' ')}`);
  }

  /** What a script of a page at this origin asks of it. */
  script(
    origin: string,
    path: string,
    init: RequestInit & { headers?: Record<string, string> } = {},
  ): Promise<Response> {
    const url = new URL(path, origin);
    const headers = {
      'sec-fetch-site': 'same-origin',
      'x-tocsin-desk': '1',
      ...(init.method === 'POST' ? { origin: new URL(origin).origin } : {}),
      ...(init.body ? { 'content-type': 'application/json' } : {}),
      ...this.#sent(url, false, true),
      ...init.headers,
    };
    return fetch(url, { ...init, headers, redirect: 'manual' });
  }

  /** The header with the cookies that a page of the same site sends. */
  cookieHeader(url: string): string {
    return this.#sent(new URL(url), false, true).cookie ?? '';
  }

  #cookiesOf(host: string): Map<string, Kept> {
    const cookies = this.#jar.get(host) ?? new Map<string, Kept>();
    this.#jar.set(host, cookies);
    return cookies;
  }

  #sent(url: URL, isCross: boolean, isSafe: boolean): { cookie?: string } {
    const cookies = [...this.#cookiesOf(url.hostname)].filter(
      ([, { sameSite }]) => !isCross || (sameSite === 'lax' && isSafe) || sameSite === 'none',
    );
    return cookies.length === 0 ? {} : { cookie: cookies.map(([name, { value }]) => `${name}=${value}`).join('; ') };
  }

  #keep(url: URL, response: Response): void {
    const cookies = this.#cookiesOf(url.hostname);
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const at = pair.indexOf('=');
      const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
      const given = new Map(attributes.map((one) => [one.split('=')[0]?.toLowerCase() ?? '', one.split('=')[1] ?? '']));
      const isOfHost = given.has('secure') && given.get('path') === '/' && !given.has('domain');
      if (name.startsWith('__Host-') && !isOfHost) throw new Error(`a browser refuses ${line}`);
      const isGone = given.get('max-age') === '0' || value === '';
      if (isGone) cookies.delete(name);
      else cookies.set(name, { value, sameSite: (given.get('samesite') ?? 'lax').toLowerCase() });
    }
  }
}
