import http from 'node:http';

const QUERY = `subscription ($where: ChangeFilter) { changes(where: $where) {
  cursor type at ring text { headline } publication { id thread position state } } }`;
/** As an EventSource does, where the hub names no other. */
const RETRY_MS = 2_000;
/** The hub sends a comment every 15 seconds: a stream without one is dead. */
const SILENCE_MS = 40_000;

/** Follows as an EventSource does, which comes back with the id of its last event. The same answer as by WebSocket. */
export function followByEventStream({ url, where, next, fault }) {
  const address = `${url}/graphql/stream?query=${encodeURIComponent(QUERY)}&variables=${encodeURIComponent(JSON.stringify({ where }))}`;
  let last;
  let request;
  let isOpen = false;
  let awayMs;
  let ended = false;
  const take = (event) => {
    const lines = event.split('\n');
    const fieldOf = (name) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
    const data = fieldOf('data');
    if (!data || fieldOf('event') !== 'next') return;
    last = fieldOf('id') ?? last;
    const answer = JSON.parse(data);
    if (answer.data) next(answer.data.changes);
    else fault(`event stream: ${answer.errors?.[0]?.extensions?.code ?? data.slice(0, 100)}`);
  };
  const comeBack = (why) => {
    if (!request) return;
    request.destroy();
    request = undefined;
    isOpen = false;
    if (ended) return;
    if (awayMs === undefined) fault(`event stream: ${why}`);
    setTimeout(open, awayMs ?? RETRY_MS);
    awayMs = undefined;
  };
  const open = () => {
    if (ended) return;
    const own = http.get(address, {
      agent: false,
      headers: { accept: 'text/event-stream', ...(last ? { 'last-event-id': last } : {}) },
    });
    request = own;
    const over = (why) => request === own && comeBack(why);
    own.setTimeout(SILENCE_MS, () => over('silent for 40 s'));
    own.on('error', (error) => over(error.code ?? error.message));
    own.on('response', (response) => {
      isOpen = response.statusCode === 200;
      if (!isOpen) return over(`refused ${response.statusCode}`);
      let text = '';
      response.setEncoding('utf8').on('data', (part) => {
        const events = (text + part).split('\n\n');
        text = events.pop();
        for (const event of events) take(event);
      });
      response.on('error', () => over('cut'));
      response.on('end', () => over('ended by the hub'));
    });
  };
  open();
  return {
    get isOpen() {
      return isOpen;
    },
    cut(forMs) {
      if (!isOpen) return;
      awayMs = forMs;
      comeBack('cut');
    },
    end() {
      ended = true;
      request?.destroy();
    },
  };
}
