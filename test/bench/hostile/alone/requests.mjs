import http from 'node:http';

const GIVE_UP_MS = 30_000;
const agent = new http.Agent({ keepAlive: true });
const HEAD_BYTES = 4_000;

/** Sends a body that says its length, or in so many chunks. */
function sendBody(request, body, chunks) {
  if (chunks === undefined) return request.end(body);
  const size = Math.ceil(body.length / chunks);
  for (let at = 0; at < body.length; at += size) request.write(body.slice(at, at + size));
  return request.end();
}

/** One request; of its answer the status, the bytes as they came, and how it begins. */
export function send({ url }, { method, path, headers, body, chunks }, encoding = 'identity') {
  const { promise, resolve } = Promise.withResolvers();
  const fail = (error) => resolve({ status: error.code ?? error.message, bytes: 0, text: '' });
  let request;
  try {
    request = http.request(`${url}${path}`, { method, agent, headers: { 'accept-encoding': encoding, ...headers } });
  } catch (error) {
    fail(error);
    return promise;
  }
  request.setTimeout(GIVE_UP_MS, () => request.destroy(new Error('no answer')));
  request.on('error', fail);
  request.on('response', (response) => {
    let bytes = 0;
    let text = '';
    response.on('data', (part) => {
      bytes += part.length;
      if (text.length < HEAD_BYTES && encoding === 'identity') text += part.toString('latin1', 0, HEAD_BYTES);
    });
    response.on('error', fail);
    response.on('end', () => resolve({ status: response.statusCode, bytes, text }));
  });
  sendBody(request, body, chunks);
  return promise;
}

/** What a refused answer says of it: the limit, or the code. */
export function refusalIn(text) {
  if (!text.startsWith('{"errors"')) return '';
  return /"limit":\{"name":"(\w+)"/.exec(text)?.[1] ?? /"code":"(\w+)"/.exec(text)?.[1] ?? 'refused';
}
