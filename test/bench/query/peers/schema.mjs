import DataLoader from 'dataloader';
import { LIVE, pool, STATE } from './pool.mjs';

/** The part of the product's schema that the hot query asks, the same for every server of GraphQL. */
export const typeDefs = /* GraphQL */ `
  type Query { alerts(first: Int! = 20): AlertConnection! }
  type AlertConnection { totalCount: Int! asOf: String! nodes: [Alert!]! }
  type Alert { id: ID! revision: Int! revisedAt: String! severity: String! urgency: String! certainty: String! vigilance: String!
    state: String! url: String! hazard: Hazard! translations: [Text!]! areas: [Area!]! communes: [Commune!]! advice: [Advice!]! }
  type Hazard { code: String! label: HazardLabel! }
  type HazardLabel { text: String! }
  type Text { language: String! headline: String! description: String! instruction: String outdated: Boolean! }
  type Area { description: String! communes: [Commune!]! }
  type Commune { code: String! name: String! }
  type Advice { thread: ID! text: Text! dos: [String!]! donts: [String!]! }
`;

const named = async (name, text, values) => (await pool.query({ name, text, values })).rows;

/** The batches behind each relation: for many keys the rows of each, in order. */
const grouped = (name, text, key) => async (keys) => {
  const groups = new Map(keys.map((one) => [one, []]));
  for (const row of await named(name, text, [keys])) groups.get(row[key]).push(row);
  return keys.map((one) => groups.get(one));
};
const single = (name, text, key) => async (keys) => {
  const found = new Map((await named(name, text, [keys])).map((row) => [row[key], row]));
  return keys.map((one) => found.get(one));
};
export const batches = {
  translations: grouped(
    'translations',
    'select * from wording where publication_id = any($1) order by n',
    'publication_id',
  ),
  areas: grouped('areas', 'select * from area where publication_id = any($1) order by n', 'publication_id'),
  communes: grouped(
    'communes',
    'select j.publication_id, c.* from publication_commune j join commune c using (code) where j.publication_id = any($1) order by j.n',
    'publication_id',
  ),
  communesOfArea: grouped(
    'communesOfArea',
    'select j.area_id, c.* from area_commune j join commune c using (code) where j.area_id = any($1) order by j.n',
    'area_id',
  ),
  advice: grouped(
    'advice',
    `select l.publication_id as alert_id, d.* from publication_advice l join publication d on d.id = l.advice_id
     where l.publication_id = any($1) order by l.n`,
    'alert_id',
  ),
  hazard: single('hazard', 'select * from hazard where code = any($1)', 'code'),
  french: single(
    'french',
    `select * from wording where publication_id = any($1) and language = 'fr-FR'`,
    'publication_id',
  ),
};

/** The loaders of one request. */
export const createLoaders = () =>
  Object.fromEntries(Object.entries(batches).map(([name, batch]) => [name, new DataLoader(batch)]));

export async function alerts({ first }) {
  const [nodes, [{ total }], [{ as_of: asOf }]] = await Promise.all([
    named(
      'alerts',
      `select p.*, p.revised as "revisedAt", ${STATE} as state from publication p where ${LIVE}
       order by gravity desc, revised_at desc, id desc limit $1`,
      [first],
    ),
    named('count', `select count(*)::int as total from publication p where ${LIVE}`),
    named('standing', 'select as_of from standing'),
  ]);
  return { nodes, totalCount: total, asOf };
}

export const resolvers = {
  Query: { alerts: (_root, args) => alerts(args) },
  Alert: {
    hazard: ({ hazard_code }, _args, { loaders }) => loaders.hazard.load(hazard_code),
    translations: ({ id }, _args, { loaders }) => loaders.translations.load(id),
    areas: ({ id }, _args, { loaders }) => loaders.areas.load(id),
    communes: ({ id }, _args, { loaders }) => loaders.communes.load(id),
    advice: ({ id }, _args, { loaders }) => loaders.advice.load(id),
  },
  Area: { communes: ({ id }, _args, { loaders }) => loaders.communesOfArea.load(id) },
  Advice: { thread: ({ id }) => id, text: ({ id }, _args, { loaders }) => loaders.french.load(id) },
};
