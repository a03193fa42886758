import { type AddressInfo, createServer, type Socket } from 'node:net';
import { GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { asHubError } from '../../../src/database/outage.ts';
import { openSession } from '../../../src/database/session.ts';
import { HubError } from '../../../src/errors.ts';

describe('an error that was meant', () => {
  const cause = new HubError('CONFLICT', 'somebody saved first', { currentVersion: 4 });

  it.each([
    ['itself', cause],
    ['what was thrown because of it', new Error('rolled back', { cause })],
    ['what a driver threw because of it', Object.assign(new Error('driver'), { previous: cause })],
    ['what graphql-js made of it', new GraphQLError('wrapped', { originalError: cause })],
  ])('is found in %s', (_where, error) => {
    expect(asHubError(error)).toBe(cause);
  });

  it('is looked for once in a chain that goes round', () => {
    const cyclic = new Error('around');
    cyclic.cause = new Error('and around', { cause: cyclic });
    expect(asHubError(cyclic)).toBeUndefined();
  });
});

describe('an error of PostgreSQL', () => {
  const said = (code: string) => asHubError(new Error('driver', { cause: Object.assign(new Error('said'), { code }) }));

  it.each([
    ['53100', 'the disk is full'],
    ['53200', 'memory has run out'],
    ['53300', 'too many are connected'],
    ['53400', 'a configured limit'],
    ['58000', 'the system failed'],
    ['58030', 'its disk failed'],
    ['57000', 'an operator intervened'],
    ['57014', 'it ended the statement'],
    ['57P01', 'it shuts down'],
    ['57P03', 'it starts'],
    ['08000', 'the connection'],
    ['08006', 'the connection failed'],
    ['25006', 'it takes no writes'],
  ])('%s, %s, is UNAVAILABLE', (code) => {
    expect(said(code)?.code).toBe('UNAVAILABLE');
  });

  it.each([
    ['08P01', 'we spoke against the protocol'],
    ['23505', 'a key was used twice'],
    ['40001', 'transactions crossed'],
    ['42601', 'our SQL is wrong'],
    ['25001', 'we are in a transaction'],
    ['XX000', 'it has a fault'],
  ])('%s, %s, is a fault of ours', (code) => {
    expect(said(code)).toBeUndefined();
  });

  it('that something has run out says another thing than that it cannot be reached', () => {
    expect(said('53100')?.message).toMatch(/no room/);
    expect(said('57P01')?.message).toMatch(/cannot be reached/);
  });
});

it('a server that takes the connection and says nothing is away, to a session of its own too', async () => {
  const mute = createServer();
  const sockets = new Set<Socket>();
  mute.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  const { port } = mute.address() as AddressInfo;
  const refused = await openSession({ url: `postgresql://hub@127.0.0.1:${port}/hub`, name: 'test' }).catch(
    (error) => error,
  );
  for (const socket of sockets) socket.destroy();
  mute.close();
  expect(asHubError(refused)?.code).toBe('UNAVAILABLE');
});
