import { connect } from 'node:net';

/** Asks the same over keep-alive connections, one request at a time on each; answers are counted by their length. */
const { port, connections, seconds, request } = JSON.parse(process.argv[2]);
const bytes = Buffer.from(request, 'base64');
// One for all: what is read is counted, not kept, so that reading costs whoever asks as little as can be.
const buffer = Buffer.allocUnsafe(128 * 1024);
let answers = 0;

function ask() {
  let wanted = 0;
  const take = (length) => {
    if (wanted === 0) {
      const head = buffer.indexOf('\r\n\r\n');
      const text = buffer.toString('latin1', 0, head);
      if (!text.startsWith('HTTP/1.1 200')) throw new Error(text);
      wanted = Number(/content-length: (\d+)/i.exec(text)[1]) + head + 4;
    }
    wanted -= length;
    if (wanted > 0) return true;
    answers += 1;
    socket.write(bytes);
    return true;
  };
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, onread: { buffer, callback: take } }, () =>
    socket.write(bytes),
  );
}
for (let index = 0; index < connections; index += 1) ask();
setTimeout(() => {
  process.stdout.write(`${JSON.stringify({ answers: answers / seconds })}\n`);
  process.exit(0);
}, seconds * 1000);
