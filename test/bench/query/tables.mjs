import { withSession } from '../corpus.mjs';

/**
 * The publications of the product's tables once more as one would write them down for reading: normalised, with a foreign key and
 * an index for each relation. What the product derives (addresses, names of hazards, colours) is ready made here.
 */
const TABLES = `
  create schema peers;
  create table peers.standing (as_of text not null);
  create table peers.commune (code text primary key, name text not null);
  create table peers.hazard (code text primary key, label jsonb not null);
  create table peers.publication (
    id uuid primary key, kind text not null, revision int not null, revised_at timestamptz not null, revised text not null,
    gravity int not null, severity text, urgency text, certainty text, vigilance text, url text not null,
    starts_at timestamptz, ends_at timestamptz, cancelled_at timestamptz,
    hazard_code text references peers.hazard, dos text[] not null default '{}', donts text[] not null default '{}');
  create table peers.wording (
    publication_id uuid not null references peers.publication, n int not null, language text not null, headline text not null,
    description text not null, instruction text, outdated boolean not null, primary key (publication_id, n));
  create table peers.area (
    id int generated always as identity primary key, publication_id uuid not null references peers.publication, n int not null,
    description text not null);
  create table peers.area_commune (
    area_id int not null references peers.area, n int not null, code text not null references peers.commune,
    primary key (area_id, n));
  create table peers.publication_commune (
    publication_id uuid not null references peers.publication, n int not null, code text not null references peers.commune,
    primary key (publication_id, n));
  create table peers.publication_advice (
    publication_id uuid not null references peers.publication, n int not null, advice_id uuid not null references peers.publication,
    primary key (publication_id, n));
  -- What PostGraphile takes for a column of a publication.
  create function peers.publication_state(p peers.publication) returns text language sql stable as $$
    select case when p.cancelled_at <= now() then 'CANCELLED' when p.ends_at <= now() then 'ENDED'
      when p.starts_at > now() then 'UPCOMING' else 'IN_FORCE' end $$`;

const INDEXES = `
  create index on peers.publication (kind, gravity desc, revised_at desc, id desc);
  create index on peers.area (publication_id, n);
  create index on peers.area_commune (code);
  create index on peers.publication_commune (code);
  create index on peers.publication_advice (advice_id);
  create index on peers.publication (hazard_code);
  analyze peers.publication, peers.wording, peers.area, peers.area_commune, peers.publication_commune, peers.publication_advice`;

/** Everything that the hub answers of what is live, and of the advice that it pins. */
const EVERYTHING = `query ($after: PageCursor) { publications(first: 100, after: $after) { asOf pageInfo { hasNextPage endCursor } nodes {
  id kind revision revisedAt url startsAt endsAt
  translations { language headline description instruction outdated } areas { description communes { code name } } communes { code name }
  ... on AlertPublication { severity urgency certainty vigilance hazard { code label { text } }
    advice { id: thread revision revisedAt url translations { language headline description instruction outdated } dos donts hazard { code label { text } } } }
  ... on AdvicePublication { dos donts hazard { code label { text } } } } } }`;

export async function fillTables(database, hub) {
  await withSession(database, async (session) => {
    const { communes } = await hub.ask(null, '{ communes(first: 200) { nodes { code name } } }');
    await session.query(TABLES);
    await rows(session, 'commune', communes.nodes);
    let after = null;
    const known = new Set();
    do {
      const { publications } = await hub.ask(null, EVERYTHING, { after });
      await takePage(session, publications.nodes, known);
      if (after === null) await session.query('insert into peers.standing values ($1)', [publications.asOf]);
      after = publications.pageInfo.hasNextPage ? publications.pageInfo.endCursor : null;
    } while (after !== null);
    await session.query(INDEXES);
  });
}

async function takePage(session, nodes, known) {
  const advice = nodes
    .flatMap((node) => node.advice ?? [])
    .map((one) => ({ kind: 'ADVICE', areas: [], communes: [], ...one }));
  const fresh = [...advice, ...nodes].filter(({ id }) => !known.has(id) && known.add(id));
  const each = (list) =>
    fresh.flatMap((one) => (one[list] ?? []).map((item, n) => ({ publication_id: one.id, n, ...item })));
  const hazards = fresh.flatMap(({ hazard }) => hazard ?? []);
  await rows(session, 'hazard', [...new Map(hazards.map((one) => [one.code, one])).values()]);
  await rows(session, 'publication', fresh.map(publicationRow));
  await rows(session, 'wording', each('translations'));
  await rows(session, 'publication_commune', each('communes'));
  await rows(
    session,
    'publication_advice',
    each('advice').map(({ id, ...one }) => ({ ...one, advice_id: id })),
  );
  // The key of an area is drawn by the table: its communes find it by its place.
  const areas = each('areas');
  const { rows: made } = await session.query(
    `insert into peers.area (publication_id, n, description)
     select publication_id, n, description from jsonb_populate_recordset(null::peers.area, $1) returning id, publication_id, n`,
    [JSON.stringify(areas)],
  );
  const keys = new Map(made.map(({ id, publication_id, n }) => [`${publication_id} ${n}`, id]));
  await rows(
    session,
    'area_commune',
    areas.flatMap(({ publication_id, n, communes }) =>
      communes.map(({ code }, at) => ({ area_id: keys.get(`${publication_id} ${n}`), n: at, code })),
    ),
  );
}

const SEVERITIES = ['UNKNOWN', 'MINOR', 'MODERATE', 'SEVERE', 'EXTREME'];
const publicationRow = ({ revisedAt, startsAt, endsAt, hazard, dos = [], donts = [], ...one }) => ({
  ...one,
  revised_at: revisedAt,
  revised: revisedAt,
  starts_at: startsAt,
  ends_at: endsAt,
  gravity: SEVERITIES.indexOf(one.severity),
  hazard_code: hazard?.code ?? null,
  dos,
  donts,
});

const rows = (session, table, list) =>
  session.query(
    `insert into peers.${table} select * from jsonb_populate_recordset(null::peers.${table}, $1) on conflict do nothing`,
    [JSON.stringify(list)],
  );
