import http from 'node:http';

/** A phone waits no longer. */
const PATIENCE_MS = 30_000;
const REFUSED = new Set([408, 429, 503]);

/** The same few documents as in docs/clients.md and docs/integrations. */
const HOME = `query Home($commune: CommuneCode!) {
  situation(place: { commune: $commune }) { asOf position alerts { id position severity text { headline } } } }`;
const SITUATION = `query HomeScreen($place: PlaceInput!, $languages: [LanguageTag!]! = ["fr-FR"]) {
  situation(place: $place) { asOf position stale alerts { ...AlertRow } } }
fragment AlertRow on AlertPublication { id thread position severity startsAt endsAt ending { kind at reason }
  text(languages: $languages) { headline description instruction language } }`;
const WEBSITE = `query ($commune: CommuneCode!) { situation(place: { commune: $commune }) {
  stale alerts { severity vigilance endsAt url text { headline instruction } } } }`;
const ROADS = '{ publications(where: { kinds: [CLOSURE] }) { nodes { thread } } }';
const PICKER = 'query ($search: String!) { communes(search: $search) { nodes { code name postalCodes } } }';

const get = (path) => ({ path });
const ask = (query, variables = {}) => ({ path: '/graphql', body: JSON.stringify({ query, variables }) });
const askByAddress = (query, variables) =>
  get(`/graphql?query=${encodeURIComponent(query)}&variables=${encodeURIComponent(JSON.stringify(variables))}`);

/** What a phone reads when its app opens: one of these, by chance. */
export const openings = (commune) => [
  [ask(HOME, { commune }), ask(ROADS)],
  [ask(SITUATION, { place: { commune } }), get('/geo/alerts.geojson'), get('/geo/closures.geojson')],
  [askByAddress(WEBSITE, { commune })],
  [get('/'), get(`/?commune=${commune}`)],
  [get(`/feeds/publications.rss?commune=${commune}`), get('/feeds/events.ics')],
  [get('/feeds/alerts.atom'), get('/feeds/publications.json'), get('/geo/aid-points.geojson')],
  [get('/closures/datex2.xml'), get('/closures/cifs.xml')],
  [ask(PICKER, { search: '91160' }), ask(HOME, { commune })],
];

/** What an app reads after a change: the situation again, and the page of what changed where it was tapped. */
export const afterChange = (commune, thread, isTapped) => [
  ask(HOME, { commune }),
  ...(isTapped && thread ? [get(`/publications/${thread}`)] : []),
];

/** Reads one after the other over a connection of its own, as a phone does that was asleep. */
export async function visit({ url, etags, tally, waits }, reads) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  try {
    for (const read of reads) {
      const began = performance.now();
      const fault = await readOne(url, agent, etags, read).catch(
        (error) => `${read.path.split('?')[0]}: ${said(error)}`,
      );
      waits.push(performance.now() - began);
      tally.add('read');
      if (fault) tally.add(fault);
    }
  } finally {
    agent.destroy();
  }
}

const said = (error) => error.code ?? error.message;

/** Answers what was wrong; undefined where the phone got what it asked for. */
async function readOne(url, agent, etags, { path, body }) {
  const etag = body ? undefined : etags.get(path);
  const { status, headers, text } = await exchange(`${url}${path}`, {
    agent,
    method: body ? 'POST' : 'GET',
    headers: { ...(body ? { 'content-type': 'application/json' } : {}), ...(etag ? { 'if-none-match': etag } : {}) },
    body,
  });
  if (!body && headers.etag) etags.set(path, headers.etag);
  const where = path.split('?')[0];
  if (REFUSED.has(status)) return `refused ${status} at ${where}`;
  if (status !== 200 && status !== 304) return `status ${status} at ${where}`;
  if (status === 200 && where === '/graphql' && text.startsWith('{"errors"')) return `errors: ${codeIn(text)}`;
  return undefined;
}

const codeIn = (text) => JSON.parse(text).errors[0]?.extensions?.code ?? text.slice(0, 100);

function exchange(address, { body, ...options }) {
  const { promise, resolve, reject } = Promise.withResolvers();
  const request = http.request(address, options);
  request.setTimeout(PATIENCE_MS, () => request.destroy(new Error('no answer in 30 s')));
  request.on('error', reject);
  request.on('response', (response) => {
    let text = '';
    response.setEncoding('utf8').on('data', (part) => {
      text += part;
    });
    response.on('error', reject);
    response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
  });
  request.end(body);
  return promise;
}
