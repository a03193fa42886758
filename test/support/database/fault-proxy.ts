import { once } from 'node:events';
import { type AddressInfo, createServer, type NetConnectOpts, type Socket, connect as toHub } from 'node:net';

interface Pair {
  client: Socket;
  hub: Socket;
}

/**
 * A TCP proxy in front of a hub, or of PostgreSQL, as bad as networks are. Clients keep its address while it leads to one hub,
 * then to another. Close it when the clients have gone.
 */
export class FaultProxy {
  /** Where it listens, for clients. */
  url = '';
  /** The connections that it has taken since it stands. */
  taken = 0;
  #target: URL;
  #silent = false;
  #oneWay = false;
  readonly #pairs = new Set<Pair>();
  readonly #server = createServer({ allowHalfOpen: true }, (client) => this.#take(client));

  private constructor(target: string) {
    this.#target = new URL(target);
  }

  static async to(target: string): Promise<FaultProxy> {
    const proxy = new FaultProxy(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    proxy.url = `http://127.0.0.1:${(proxy.#server.address() as AddressInfo).port}`;
    return proxy;
  }

  /** The URL of the database that the proxy was made for, through the proxy. */
  get databaseUrl(): string {
    const address = new URL(this.#target);
    address.hostname = '127.0.0.1';
    address.port = new URL(this.url).port;
    return address.href;
  }

  /** New connections lead there from now on; those that stand stay where they are. */
  leadTo(target: string): void {
    this.#target = new URL(target);
  }

  /** Cuts every connection as a lost network does: a reset on both sides, and whatever was on its way is gone. */
  cut(): void {
    for (const { client, hub } of [...this.#pairs]) {
      reset(client);
      reset(hub);
    }
  }

  /**
   * Lets nothing through on any connection that stands, in either direction, and closes none: neither side is told. `hear`
   * lets what waited through.
   */
  fallSilent(): void {
    this.#silent = true;
    for (const { client, hub } of this.#pairs) {
      client.pause();
      hub.pause();
    }
  }

  /** Ends the silence. */
  hear(): void {
    this.#silent = false;
    for (const { client, hub } of this.#pairs) {
      client.resume();
      hub.resume();
    }
  }

  /** Forgets every connection that stands, for good: they stay open, and nothing comes of them. New ones are as usual. */
  swallow(): void {
    for (const pair of this.#pairs) {
      for (const side of [pair.client, pair.hub]) lose(side);
    }
  }

  /** Lets requests through and loses every answer, on new connections too, until `answerAgain`. */
  loseAnswers(): void {
    this.#oneWay = true;
    for (const { hub } of this.#pairs) lose(hub);
  }

  /** Cuts all connections that are without answers, and lets those of new ones through. */
  answerAgain(): void {
    this.#oneWay = false;
    this.cut();
  }

  async close(): Promise<void> {
    this.#server.close();
    for (const { client, hub } of this.#pairs) {
      client.destroy();
      hub.destroy();
    }
    await once(this.#server, 'close');
  }

  #take(client: Socket): void {
    this.taken += 1;
    const hub = toHub({ ...wayTo(this.#target), allowHalfOpen: true });
    const pair = { client, hub };
    this.#pairs.add(pair);
    this.#join(pair, client, hub);
    this.#join(pair, hub, client);
    if (this.#oneWay) lose(hub);
    if (this.#silent) {
      client.pause();
      hub.pause();
    }
  }

  /** Passes on what comes from one side, no faster than the other takes it. */
  #join(pair: Pair, from: Socket, to: Socket): void {
    from.on('error', () => undefined);
    from.on('data', (chunk) => {
      if (!to.write(chunk)) from.pause();
    });
    to.on('drain', () => {
      if (!this.#silent) from.resume();
    });
    from.on('end', () => to.end());
    from.once('close', (broken) => {
      this.#pairs.delete(pair);
      if (broken) reset(to);
      else to.end();
    });
  }
}

/** Takes all that comes from a side, and passes on nothing. */
const lose = (side: Socket) => side.removeAllListeners('data').on('data', () => undefined);

/** Over TCP by a reset; a socket of the file system knows none, and is closed. */
const reset = (socket: Socket) => (socket.remoteAddress === undefined ? socket.destroy() : socket.resetAndDestroy());

/** By TCP on this machine, or by the socket of PostgreSQL in a folder. */
function wayTo({ hostname, port }: URL): NetConnectOpts {
  const host = decodeURIComponent(hostname);
  if (host.startsWith('/')) return { path: `${host}/.s.PGSQL.${port || 5432}` };
  return { host: '127.0.0.1', port: Number(port) };
}
