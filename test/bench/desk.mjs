import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';
import { fillDesk } from '../support/desk/full-desk.ts';
import { cpuOf, ROUNDS, report, say } from './harness.mjs';
import { startDatabase, startHub } from './hub.mjs';

/**
 * CPU of the hub for a list of the desk, 300 long, with every field (P14): one answer at a time, when it has given some.
 * `node desk.mjs`; BENCH_FIRST (300), BENCH_TIMES (10) in a round.
 */
const FIRST = Number(process.env.BENCH_FIRST ?? 300);
const TIMES = Number(process.env.BENCH_TIMES ?? 10);
/** How deep a selection goes: of what an item names, its plain fields; or those of what this names in turn as well. */
const DEPTHS = { 'all that they name': 2, 'all that this names': 3 };
/** What a screen shows of each dossier in its list. */
const ROW = `{ nodes { id kind stage version revision publishAt cosignDueAt author { name } editors { name } approvals { by { name } approvedAt }
  comments { commentedAt } lint { level } reports { id state } outdatedNetworks
  preview { url startsAt endsAt text { headline } communes { name } } } }`;
const WARM_ROUNDS = 8;
/** What goes on after an answer (garbage) belongs to it. */
const REST_MS = 50;

const root = new URL('../../', import.meta.url);
// The product's own graphql-js, and not the peers': a type of one is none to the other.
const { buildSchema, getNamedType, isCompositeType, isRequiredArgument } = createRequire(root)('graphql');
const schema = buildSchema(readFileSync(new URL('schema/schema.graphql', root), 'utf8'));

/** Every field that needs no argument, on so many levels; where a type comes again on a path, its plain fields. */
function selection(type, levels, above = []) {
  if (!isCompositeType(type)) return '';
  const parts = Object.values(type.getFields()).flatMap((field) => {
    const of = getNamedType(field.type);
    const isTooDeep = isCompositeType(of) && (levels === 0 || above.includes(type));
    if (isTooDeep || field.args.some(isRequiredArgument)) return [];
    return [`${field.name}${selection(of, levels - 1, [...above, type])}`];
  });
  return ` { ${parts.join(' ')} }`;
}

/** CPU of the hub for one answer, in milliseconds. */
async function cost(query) {
  const before = cpuOf(hub.pid);
  await hub.ask('editor', query);
  await pause(REST_MS);
  return (cpuOf(hub.pid) - before) / 1000;
}

const everything = (name, levels) => selection(getNamedType(schema.getQueryType().getFields()[name].type), levels);

async function measure(name, depth, selected) {
  const query = `{ ${name}(first: ${FIRST})${selected} }`;
  const costs = [];
  // The first rounds have the code compiled that the others run.
  for (let at = -WARM_ROUNDS * TIMES; at < ROUNDS * TIMES; at += 1) {
    const spent = await cost(query);
    if (at >= 0) costs.push(spent);
  }
  say(`${name}: an answer of ${JSON.stringify(await hub.ask('editor', query)).length} characters`);
  report(`${FIRST} ${name}, ${depth} (P14)`, 'ms of CPU', costs, {});
}

const database = await startDatabase();
const hub = await startHub(database, { port: 4791, cpu: 0 });
const as = (persona) => ({ request: (query, variables) => hub.ask(persona, query, variables) });
await fillDesk({ url: hub.url, as }, database.url, FIRST);
await measure('dossiers', 'as a screen lists them', ROW);
for (const name of ['dossiers', 'reports'])
  for (const [depth, levels] of Object.entries(DEPTHS)) await measure(name, depth, everything(name, levels));
await hub.end();
await database.end();
process.exit(0);
