import fastify from 'fastify';
import { LIVE, PORT, pool, ready, STATE } from './pool.mjs';

/** The answer written by PostgreSQL in one prepared statement, and sent as it comes. */
const communes = (
  table,
  key,
) => `coalesce((select json_agg(json_build_object('code', c.code, 'name', c.name) order by j.n)
  from ${table} j join commune c on c.code = j.code where ${key}), '[]')`;
const TEXT = `select json_agg(json_build_object('language', t.language, 'headline', t.headline, 'description', t.description,
  'instruction', t.instruction, 'outdated', t.outdated) order by t.n) from wording t where t.publication_id = p.id`;
const AREAS = `select coalesce(json_agg(json_build_object('description', a.description,
  'communes', ${communes('area_commune', 'j.area_id = a.id')}) order by a.n), '[]') from area a where a.publication_id = p.id`;
const ADVICE = `select coalesce(json_agg(json_build_object('thread', d.id,
  'text', (select json_build_object('headline', t.headline, 'description', t.description) from wording t
    where t.publication_id = d.id and t.language = 'fr-FR'), 'dos', d.dos, 'donts', d.donts) order by l.n), '[]')
  from publication_advice l join publication d on d.id = l.advice_id where l.publication_id = p.id`;
const ANSWER = `select json_build_object('data', json_build_object('alerts', json_build_object(
  'totalCount', (select count(*) from publication p where ${LIVE}),
  'asOf', (select as_of from standing),
  'nodes', (select json_agg(json_build_object('id', p.id, 'revision', p.revision, 'revisedAt', p.revised, 'severity', p.severity,
    'urgency', p.urgency, 'certainty', p.certainty, 'vigilance', p.vigilance, 'state', ${STATE}, 'url', p.url,
    'hazard', (select json_build_object('code', h.code, 'label', json_build_object('text', h.label->>'text')) from hazard h where h.code = p.hazard_code),
    'translations', (${TEXT}), 'areas', (${AREAS}), 'communes', ${communes('publication_commune', 'j.publication_id = p.id')},
    'advice', (${ADVICE})) order by p.gravity desc, p.revised_at desc, p.id desc)
    from (select * from publication p where ${LIVE} order by gravity desc, revised_at desc, id desc limit $1) p))))::text as answer`;

const server = fastify();
server.post('/graphql', async (_request, reply) => {
  const { rows } = await pool.query({ name: 'alerts', text: ANSWER, values: [20] });
  return reply.type('application/json; charset=utf-8').send(rows[0].answer);
});
await server.listen({ port: PORT, host: '127.0.0.1' });
ready();
