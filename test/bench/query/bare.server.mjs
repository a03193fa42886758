import { createServer } from 'node:http';

/** The physical limit: reads the body of a POST and answers the same bytes, kept in a Map by that body. */
const answer = Buffer.from(process.env.ANSWER, 'base64');
const known = new Map([[Buffer.from(process.env.BODY, 'base64').toString(), answer]]);
createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    const found = known.get(Buffer.concat(parts).toString());
    response.writeHead(found ? 200 : 404, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': found?.length ?? 0,
    });
    response.end(found);
  });
}).listen(Number(process.env.PORT), '127.0.0.1', () => console.log('{"ready":true}'));
