import { createServer } from 'node:http';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import { PORT, ready } from './pool.mjs';

/** PostGraphile 5 with its own names for the same tables; it plans one statement for the query. */
const preset = {
  extends: [PostGraphileAmberPreset],
  pgServices: [makePgService({ connectionString: process.env.DATABASE_URL, schemas: ['peers'] })],
  grafast: { explain: false },
  grafserv: { watch: false, graphiql: false },
};
const pgl = postgraphile(preset);
const server = createServer();
const serv = pgl.createServ(grafserv);
await serv.addTo(server);
server.listen(PORT, '127.0.0.1', ready);
