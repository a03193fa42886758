import { connect } from 'node:net';

/** Asks the same over keep-alive connections, one request at a time on each; answers are counted by their length. */
const { port, connections, seconds, request } = JSON.parse(process.argv[2]);
const bytes = Buffer.from(request, 'base64');
let answers = 0;
const ended = false;

function ask() {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  let wanted = 0;
  socket.on('connect', () => socket.write(bytes));
  socket.on('data', (data) => {
    if (wanted === 0) {
      const head = data.indexOf('\r\n\r\n');
      const text = data.toString('latin1', 0, head);
      if (!text.startsWith('HTTP/1.1 200')) throw new Error(text);
      wanted = Number(/content-length: (\d+)/i.exec(text)[1]) + head + 4;
    }
    wanted -= data.length;
    if (wanted > 0) return;
    answers += 1;
    wanted = 0;
    if (!ended) socket.write(bytes);
  });
}
for (let index = 0; index < connections; index += 1) ask();
setTimeout(() => {
  process.stdout.write(`${JSON.stringify({ answers: answers / seconds })}\n`);
  process.exit(0);
}, seconds * 1000);
