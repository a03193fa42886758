import { createServer } from 'node:http';
import pg from 'pg';

/** The least that a publication can be: what is posted becomes one row of a bare table, in one transaction. */
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });

async function write(body) {
  const session = await pool.connect();
  try {
    await session.query('begin');
    await session.query({
      name: 'write',
      text: 'insert into bare_publication (id, body) values (gen_random_uuid(), $1) returning id',
      values: [body],
    });
    await session.query('commit');
  } finally {
    session.release();
  }
}

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', async () => {
    await write(Buffer.concat(chunks).toString());
    response.end('{}');
  });
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('{"ready":true}'));
