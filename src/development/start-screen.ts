export interface StartScreen {
  /** Where the hub listens, without a slash at its end. */
  url: string;
  dataDir: string;
  /** Bearer tokens by persona. */
  tokens: Readonly<Record<string, string>>;
  /** Whether the database is the hub's own. */
  embedded: boolean;
  /** Whether webhooks and watchers may lead to this machine itself. */
  allowLoopback: boolean;
}

const QUERY = `{
  situation(place: { commune: "91345" }) {
    stale
    alerts {
      severity
      text { headline description instruction }
      areas { description }
      communes { code name }
      history { number publishedAt text { headline } }
    }
  }
}`;

const SUBSCRIPTION = `subscription {
  changes(where: { communes: ["91345"] }) {
    cursor type match ring
    publication { kind url text { headline } }
  }
}`;

/** The screen of a hub that has started in development: its address, a query to paste, tokens to write with. */
export function startScreen({ url, dataDir, tokens, embedded, allowLoopback }: StartScreen): string {
  const places = [
    `Public page   ${url}/`,
    `GraphQL       ${url}/graphql (in a browser an explorer; subscriptions at ${url.replace(/^http/, 'ws')}/graphql)`,
    `Desk          ${url}/desk/signin (as one of those below, with a session; for pages: docs/integrations/desk.md)`,
    `Webhooks      ${allowLoopback ? 'and watchers may lead to http://localhost too' : 'and watchers lead to the public Internet; TOCSIN_ALLOW_LOOPBACK=true lets them lead to localhost'}`,
    `Database      ${embedded ? `a PostgreSQL of its own in ${dataDir}` : 'as DATABASE_URL says'}`,
  ];
  const bearers = Object.entries(tokens).map(([persona, token]) => `${persona.padEnd(12)}${token}`);
  return [
    '',
    'Tocsin listens, in development mode: never leave it open to others like this.',
    indented(places),
    'What is in force in Longjumeau, a query to paste:',
    indented([QUERY]),
    'What changes there from now on, a subscription to paste:',
    indented([SUBSCRIPTION]),
    `Tokens of the desk (header "Authorization: Bearer …"), also in ${dataDir}/dev-tokens.json:`,
    indented(bearers),
    'Ctrl-C stops it; the data stay for the next start.',
    '',
  ].join('\n\n');
}

const indented = (lines: string[]): string => lines.join('\n').replace(/^/gm, '  ');
