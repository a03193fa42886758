import 'reflect-metadata';
import { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import { Collection, EntitySchema, MikroORM } from '@mikro-orm/postgresql';
import fastify from 'fastify';
import { Arg, buildSchema, Ctx, Field, FieldResolver, ID, Int, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { PORT, ready } from './pool.mjs';

/** The product's own stack without its care: MikroORM entities are the GraphQL types, and relations are populated. */
const type = (Class, fields) => {
  ObjectType()(Class);
  for (const [name, [of, options]] of Object.entries(fields)) Field(of, options)(Class.prototype, name);
  return Class;
};
const text = [() => String, {}];
const maybe = [() => String, { nullable: true }];
const many = (of) => [() => [of()], {}];

class Commune {}
type(Commune, { code: text, name: text });
class HazardLabel {}
type(HazardLabel, { text });
class Hazard {}
type(Hazard, { code: text, label: [() => HazardLabel, {}] });
class Text {}
type(Text, { language: text, headline: text, description: text, instruction: maybe, outdated: [() => Boolean, {}] });
class AreaCommune {}
class Area {
  inner = new Collection(this);
}
type(Area, { description: text });
class PublicationCommune {}
class PublicationAdvice {}
class Publication {
  translations = new Collection(this);
  areas = new Collection(this);
  places = new Collection(this);
  pinned = new Collection(this);
}
ObjectType('Alert')(Publication);
for (const name of ['revisedAt', 'severity', 'urgency', 'certainty', 'vigilance', 'url'])
  Field(() => String, { nullable: true })(Publication.prototype, name);
Field(() => ID)(Publication.prototype, 'id');
Field(() => Int)(Publication.prototype, 'revision');
Field(() => Hazard)(Publication.prototype, 'hazard');
for (const name of ['dos', 'donts']) Field(() => [String])(Publication.prototype, name);
class Connection {}
type(Connection, { totalCount: [() => Int, {}], asOf: text, nodes: many(() => Publication) });

const string = { type: 'text' };
const publication = { kind: 'm:1', entity: () => Publication, fieldName: 'publication_id', primary: true };
const commune = { kind: 'm:1', entity: () => Commune, fieldName: 'code' };
const place = { n: { type: 'integer', primary: true }, commune };
const list = (entity, mappedBy) => ({ kind: '1:m', entity: () => entity, mappedBy, orderBy: { n: 'asc' } });
const schemas = [
  new EntitySchema({
    class: Commune,
    tableName: 'commune',
    properties: { code: { ...string, primary: true }, name: string },
  }),
  new EntitySchema({
    class: Hazard,
    tableName: 'hazard',
    properties: { code: { ...string, primary: true }, label: { type: 'json' } },
  }),
  new EntitySchema({
    class: Text,
    tableName: 'wording',
    properties: {
      publication,
      n: { type: 'integer', primary: true },
      language: string,
      headline: string,
      description: string,
      instruction: { ...string, nullable: true },
      outdated: { type: 'boolean' },
    },
  }),
  new EntitySchema({
    class: Area,
    tableName: 'area',
    properties: {
      id: { type: 'integer', primary: true },
      publication: { ...publication, primary: false },
      n: { type: 'integer' },
      description: string,
      inner: list(AreaCommune, 'area'),
    },
  }),
  new EntitySchema({
    class: AreaCommune,
    tableName: 'area_commune',
    properties: { area: { kind: 'm:1', entity: () => Area, fieldName: 'area_id', primary: true }, ...place },
  }),
  new EntitySchema({
    class: PublicationCommune,
    tableName: 'publication_commune',
    properties: { publication, ...place },
  }),
  new EntitySchema({
    class: PublicationAdvice,
    tableName: 'publication_advice',
    properties: {
      publication,
      n: { type: 'integer', primary: true },
      advice: { kind: 'm:1', entity: () => Publication, fieldName: 'advice_id' },
    },
  }),
  new EntitySchema({
    class: Publication,
    tableName: 'publication',
    properties: {
      id: { type: 'uuid', primary: true },
      kind: string,
      revision: { type: 'integer' },
      revised: string,
      revisedMoment: { type: 'datetime', fieldName: 'revised_at' },
      gravity: { type: 'integer' },
      severity: { ...string, nullable: true },
      urgency: { ...string, nullable: true },
      certainty: { ...string, nullable: true },
      vigilance: { ...string, nullable: true },
      url: string,
      startsAt: { type: 'datetime', nullable: true },
      endsAt: { type: 'datetime', nullable: true },
      cancelledAt: { type: 'datetime', nullable: true },
      hazard: { kind: 'm:1', entity: () => Hazard, fieldName: 'hazard_code', nullable: true },
      dos: { type: 'array' },
      donts: { type: 'array' },
      translations: list(Text, 'publication'),
      areas: list(Area, 'publication'),
      places: list(PublicationCommune, 'publication'),
      pinned: list(PublicationAdvice, 'publication'),
    },
  }),
];
const orm = await MikroORM.init({
  entities: schemas,
  clientUrl: process.env.DATABASE_URL,
  schema: 'peers',
  pool: { max: 10 },
});

class AlertsResolver {
  async alerts(first, { em }) {
    const now = new Date();
    const live = { kind: 'ALERT', cancelledAt: null, $or: [{ endsAt: null }, { endsAt: { $gt: now } }] };
    const [nodes, totalCount] = await em.findAndCount(Publication, live, {
      orderBy: { gravity: 'desc', revisedMoment: 'desc', id: 'desc' },
      limit: first,
      populate: ['hazard', 'translations', 'areas.inner.commune', 'places.commune', 'pinned.advice.translations'],
    });
    const [{ as_of: asOf }] = await em.getConnection().execute('select as_of from peers.standing');
    return { nodes, totalCount, asOf };
  }
}
class AlertResolver {
  revisedAt(alert) {
    return alert.revised;
  }
  state({ startsAt, endsAt, cancelledAt }) {
    const now = new Date();
    if (cancelledAt && cancelledAt <= now) return 'CANCELLED';
    if (endsAt && endsAt <= now) return 'ENDED';
    return startsAt && startsAt > now ? 'UPCOMING' : 'IN_FORCE';
  }
  translations(alert) {
    return alert.translations.getItems();
  }
  areas(alert) {
    return alert.areas.getItems();
  }
  communes(alert) {
    return alert.places.getItems().map((one) => one.commune);
  }
  thread({ id }) {
    return id;
  }
  advice(alert) {
    return alert.pinned.getItems().map((one) => one.advice);
  }
  text(alert) {
    return alert.translations.getItems().find(({ language }) => language === 'fr-FR');
  }
}
class AreaResolver {
  communes(area) {
    return area.inner.getItems().map((one) => one.commune);
  }
}
/** What the decorators would say. */
const method = (Class, name, of, decorate) => {
  decorate(of)(Class.prototype, name, Object.getOwnPropertyDescriptor(Class.prototype, name));
};
Resolver()(AlertsResolver);
method(AlertsResolver, 'alerts', () => Connection, Query);
Arg('first', () => Int, { defaultValue: 20 })(AlertsResolver.prototype, 'alerts', 0);
Ctx()(AlertsResolver.prototype, 'alerts', 1);
Resolver(() => Publication)(AlertResolver);
const relations = {
  revisedAt: () => String,
  state: () => String,
  translations: () => [Text],
  areas: () => [Area],
  communes: () => [Commune],
  advice: () => [Publication],
  thread: () => ID,
  text: () => Text,
};
for (const [name, of] of Object.entries(relations)) {
  method(AlertResolver, name, of, FieldResolver);
  Root()(AlertResolver.prototype, name, 0);
}
Resolver(() => Area)(AreaResolver);
method(AreaResolver, 'communes', () => [Commune], FieldResolver);
Root()(AreaResolver.prototype, 'communes', 0);

const apollo = new ApolloServer({
  schema: await buildSchema({ resolvers: [AlertsResolver, AlertResolver, AreaResolver], validate: false }),
  csrfPrevention: false,
});
await apollo.start();
const server = fastify();
server.post('/graphql', fastifyApolloHandler(apollo, { context: async () => ({ em: orm.em.fork() }) }));
await server.listen({ port: PORT, host: '127.0.0.1' });
ready();
