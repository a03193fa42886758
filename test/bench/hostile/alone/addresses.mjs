const get = (path, headers = {}) => ({ method: 'GET', path, headers });
const PAGE = { accept: 'text/html' };
const LANGUAGES = 'fr-FR';
const NETWORKS = /^\/feeds\/social\//;

/** What has no address of its own in the tables of the product. */
const OTHERS = {
  'the page of all': get('/', PAGE),
  'the page of a commune': get('/?commune=91345', PAGE),
  'the page of a name of 100 letters': get(`/?commune=${'saint-'.repeat(16)}`, PAGE),
  'the explorer': get('/explorer', PAGE),
  'the explorer’s door': get('/graphql', PAGE),
  'the schema': get('/schema.graphql'),
  'the schema, introspected': get('/schema.json'),
  'security.txt': get('/.well-known/security.txt'),
  health: get('/healthz'),
  readiness: get('/readyz'),
  metrics: get('/metrics'),
  'the desk’s map, by nobody': get('/desk/reports.geojson'),
  'nothing there, for a browser': get('/nothing/there', PAGE),
  'nothing there': get('/nothing/there'),
  'an address of 2,000 characters': get(`/${'a/'.repeat(1_000)}`),
  'an address with 2,000 ids': get(`/${'019ab0c2-6a39-7d0c-b7f2-8f1f3ad5c6de/'.repeat(50)}`),
  '2,000 parameters': get(`/feeds/publications.rss?${'a=1&'.repeat(2_000)}`),
  '190 communes in a parameter': get(
    `/feeds/publications.rss?commune=${Array.from({ length: 2_000 }, (_, at) => 91_001 + at)}`,
  ),
  'a preflight': {
    method: 'OPTIONS',
    path: '/graphql',
    headers: { origin: 'https://a.example', 'access-control-request-method': 'POST' },
  },
};

/**
 * Every address that answers by GET. `feeds`: those of the product's own table; `publications`: ids by kind; `messages`: addresses of
 * CAP messages.
 */
export function addressesOf({ feeds, alert, event, messages }) {
  const ofFeeds = feeds.flatMap(({ path, parameters }) => {
    const modes = parameters.includes('mode')
      ? [[`${path}, exercises too`, get(`${path}?mode=ACTUAL,EXERCISE,TEST`)]]
      : [];
    const ofCommune = NETWORKS.test(path) ? [] : [[`${path} of a commune`, get(`${path}?commune=91345`)]];
    const ofLanguage = parameters.includes('language')
      ? [[`${path} in another language`, get(`${path}?language=en-GB`)]]
      : [];
    return [[path, get(path)], ...modes, ...ofCommune, ...ofLanguage];
  });
  const of = {
    'a permalink': get(`/publications/${alert}`, PAGE),
    'a permalink of a revision': get(`/publications/${alert}/r/1`, PAGE),
    'a permalink to nothing': get('/publications/019ab0c2-6a39-7d0c-b7f2-8f1f3ad5c6de', PAGE),
    'JSON-LD': get(`/publications/${alert}.jsonld`),
    'an event as a calendar': get(`/events/${event}.ics`),
    'the newest CAP message': get(`/cap/${alert}/latest.xml`),
    'a CAP message': get(messages[0]),
    'a CAP message that is not there': get('/cap/nothing.xml'),
    'a card that is not there': get(`/cards/${alert}/r/7/${LANGUAGES}-wide.png`),
  };
  return { ...OTHERS, ...Object.fromEntries(ofFeeds), ...of };
}

/** The cards of publications: each address is drawn once, by a worker. */
export const cardsOf = (ids) =>
  ids.flatMap((id) => ['wide', 'square'].map((size) => get(`/cards/${id}/r/1/${LANGUAGES}-${size}.png`)));
