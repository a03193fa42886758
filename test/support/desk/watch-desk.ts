import { until } from '../../../src/development/embedded/processes.ts';
import { withSession } from '../database/cluster.ts';
import type { Hub } from '../hub/hub.ts';
import { PATIENCE_MS } from '../patience.ts';

export interface Watched {
  id: string;
  version: number;
  fault: string | null;
  reports: number;
}

export interface Brought {
  id: string;
  text: string;
  url: string | null;
  origin: {
    feedUrl: string;
    reference: string;
    publishedAt: string | null;
    msgType: string | null;
    firstReportId: string | null;
  };
}

/** The desk of a hub as a test of feeds uses it: it adds watchers, has feeds read, and asks what came of them. */
export function watchDesk({ hub, databaseUrl }: { hub: Hub; databaseUrl: string }) {
  const sql = (text: string, values: unknown[]) =>
    withSession(databaseUrl, async (session) => (await session.query(text, values)).rows);
  const looksAt = async (id: string): Promise<number> =>
    Number((await sql('select extract(epoch from looked_at) as at from watcher where id = $1', [id]))[0]?.at ?? 0);

  /** Waits for a look that ends after another one, or for the first. */
  async function lookedAfter(id: string, before: number): Promise<Watched> {
    if (!(await until(async () => (await looksAt(id)) > before, PATIENCE_MS))) throw new Error(`${id} was not read`);
    return seen(id);
  }
  /** Has a feed read once more, as if it were due. */
  async function look({ id }: Pick<Watched, 'id'>): Promise<Watched> {
    const before = await looksAt(id);
    await sql("update watcher set due_at = '2000-01-01' where id = $1", [id]);
    return lookedAfter(id, before);
  }
  async function seen(id: string): Promise<Watched> {
    const { watchers } = await hub
      .as('editor')
      .request<{ watchers: { nodes: Watched[] } }>('{ watchers(first: 100) { nodes { id version fault reports } } }');
    const found = watchers.nodes.find((one) => one.id === id);
    if (!found) throw new Error(`no watcher ${id}`);
    return found;
  }
  return {
    /** Adds a watcher, and waits until its feed was read. */
    async watch(url: string, more: object = {}): Promise<Watched> {
      const { addWatcher } = await hub
        .as('editor')
        .request<{ addWatcher: { watcher: { id: string } } }>(
          'mutation ($input: WatcherInput!) { addWatcher(input: $input) { watcher { id } } }',
          { input: { name: url, url, everyMinutes: 5, ...more } },
        );
      return lookedAfter(addWatcher.watcher.id, 0);
    },
    look,
    /** Has a feed read once more, and with it every message that could not be fetched. */
    async again({ id }: Pick<Watched, 'id'>): Promise<Watched> {
      await sql("update announced_message set due_at = '2000-01-01' where watcher_id = $1 and due_at is not null", [
        id,
      ]);
      return look({ id });
    },
    seen,
    /** The reports that the watcher of a feed brought, the earliest first. */
    async brought(url: string): Promise<Brought[]> {
      const { reports } = await hub.as('editor').request<{ reports: { nodes: Brought[] } }>(
        `{ reports(first: 300) { nodes { id text url submittedAt
             origin { feedUrl reference publishedAt msgType firstReportId } } } }`,
      );
      return reports.nodes.filter(({ origin }) => origin?.feedUrl === url).reverse();
    },
    sql,
  };
}
