import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { nameServers } from '../../../src/outgoing/checked-connection.ts';

const [A, AAAA] = [1, 28];
const NOT_FOUND = 3;

/** A name server (RFC 1035) that knows these addresses by their type, of whatever name; without any the name is not there. */
async function nameServer(known: Readonly<Record<number, Buffer>>): Promise<string> {
  const socket = createSocket('udp4');
  socket.on('message', (asked, { port, address }) => {
    const end = asked.indexOf(0, 12) + 5;
    const data = known[asked.readUInt16BE(end - 4)];
    const header = Buffer.from(asked.subarray(0, 12));
    header.writeUInt16BE(0x81_80 | (Object.keys(known).length > 0 ? 0 : NOT_FOUND), 2);
    header.writeUInt16BE(data ? 1 : 0, 6);
    header.writeUInt16BE(0, 10);
    const answer = Buffer.alloc(12);
    answer.writeUInt16BE(0xc0_0c, 0);
    asked.copy(answer, 2, end - 4, end);
    answer.writeUInt16BE(data?.length ?? 0, 10);
    socket.send(Buffer.concat([header, asked.subarray(12, end), ...(data ? [answer, data] : [])]), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  onTestFinished(() => void socket.close());
  return `127.0.0.1:${socket.address().port}`;
}

const FOUR = Buffer.of(192, 0, 2, 1);
const SIX = Buffer.from('20010db8000000000000000000000001', 'hex');

it('name servers tell the addresses of a name, IPv4 first, whichever there are', async () => {
  const find = async (known: Readonly<Record<number, Buffer>>) =>
    nameServers([await nameServer(known)])('push.example.org');
  expect(await find({ [AAAA]: SIX, [A]: FOUR })).toEqual(['192.0.2.1', '2001:db8::1']);
  expect(await find({ [A]: FOUR })).toEqual(['192.0.2.1']);
  expect(await find({ [AAAA]: SIX })).toEqual(['2001:db8::1']);
});

it('a name that is not there is an error', async () => {
  await expect(nameServers([await nameServer({})])('push.example.org')).rejects.toMatchObject({ code: 'ENOTFOUND' });
});
