import { afterAll, describe, expect, it } from 'vitest';
import { until } from '../../../src/development/embedded/processes.ts';
import { newIncident, onIncident, type SeenIncident } from '../../support/crisis-cell/incident-desk.ts';
import { testDatabase } from '../../support/database/database.ts';
import { watchDesk } from '../../support/desk/watch-desk.ts';
import { startHub } from '../../support/hub/hub.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { feedServer } from '../../support/receivers/feed-server.ts';

/** While an incident is above standby, feeds are read more often, and for its words too. */
const feeds = await feedServer();
const { url } = await testDatabase();
const hub = await startHub({ url, watchable: () => true });
afterAll(() => hub.close());
const desk = watchDesk({ hub, databaseUrl: url });

const rss = (...titles: string[]) => ({
  headers: { 'content-type': 'application/rss+xml', etag: `"${titles.length}"` },
  body: `<rss version="2.0"><channel><title>Fil</title>${titles
    .map(
      (title) =>
        `<item><title>${title}</title><guid>${title}</guid><pubDate>${new Date().toUTCString()}</pubDate></item>`,
    )
    .join('')}</channel></rss>`,
});
const set = ({ id, version }: SeenIncident, level: string) =>
  onIncident(hub, 'duty', 'setIncidentLevel', { id, version, level, reason: 'Ordre.' });
const close = ({ id, version }: SeenIncident) =>
  onIncident(hub, 'validator', 'closeIncident', { id, version, reason: 'Décrue.' });

/** The minutes from the last look at a feed to the next one, as they stand. */
async function pace(id: string): Promise<number> {
  const [row] = await desk.sql(
    'select round(extract(epoch from due_at - looked_at) / 60)::int as minutes from watcher where id = $1',
    [id],
  );
  return Number(row.minutes);
}
const reaches = (id: string, minutes: number): Promise<boolean> =>
  until(async () => (await pace(id)) === minutes, PATIENCE_MS);

describe('a watcher', () => {
  it(
    'is read at half its minutes, every 2, every minute as the level rises, at once, and goes back at the end',
    async () => {
      feeds.serve('/pace', rss('Une'));
      const { id } = await desk.watch(feeds.url('/pace'), { everyMinutes: 9 });
      expect(await pace(id)).toBe(9);
      const opened = await newIncident(hub, 'crue-pace');
      const reinforced = await set(opened, 'REINFORCED');
      expect(await reaches(id, 5)).toBe(true);
      const partial = await set(reinforced, 'PARTIAL');
      expect(await reaches(id, 2)).toBe(true);
      const full = await set(partial, 'FULL');
      expect(await reaches(id, 1)).toBe(true);
      await close(full);
      await desk.look({ id });
      expect(await pace(id)).toBe(9);
    },
    PATIENCE_MS * 5,
  );

  it(
    'that looks for words looks for those of the incident too, also in what stands in its feed already',
    async () => {
      feeds.serve('/words', rss('Travaux à Massy', 'L’Yvette monte à Longjumeau'));
      const { id } = await desk.watch(feeds.url('/words'), { everyMinutes: 9, keywords: ['travaux'] });
      expect(await desk.brought(feeds.url('/words'))).toHaveLength(1);
      const opened = await newIncident(hub, 'crue-mots');
      const revised = await onIncident(hub, 'editor', 'reviseIncident', {
        id: opened.id,
        version: 1,
        input: { objectives: [], keywords: ['yvette'] },
      });
      await desk.look({ id });
      expect(await desk.brought(feeds.url('/words'))).toHaveLength(1);
      const raised = await set(revised, 'REINFORCED');
      const count = async () => (await desk.brought(feeds.url('/words'))).length;
      expect(await until(async () => (await count()) === 2, PATIENCE_MS)).toBe(true);
      await close(raised);
      feeds.serve('/words', rss('Travaux à Massy', 'L’Yvette monte à Longjumeau', 'L’Yvette monte encore'));
      await desk.look({ id });
      expect(await count()).toBe(2);
    },
    PATIENCE_MS * 5,
  );

  it('is left as it is by an exercise, and by an incident on standby', async () => {
    feeds.serve('/drill', rss('Une'));
    const { id } = await desk.watch(feeds.url('/drill'), { everyMinutes: 9 });
    await newIncident(hub, 'calme');
    const drill = await set(await newIncident(hub, 'exercice', 'EXERCISE'), 'FULL');
    await desk.look({ id });
    expect(await pace(id)).toBe(9);
    await close(drill);
  });

  it('of a server that asks to be left alone for a time waits for so long, whatever the level', async () => {
    feeds.serve('/asks', rss('Une'));
    const { id } = await desk.watch(feeds.url('/asks'), { everyMinutes: 9 });
    feeds.serve('/asks', { status: 503, headers: { 'retry-after': '7200' } });
    await desk.look({ id });
    expect(await pace(id)).toBe(120);
    feeds.serve('/other', rss('Une'));
    const other = await desk.watch(feeds.url('/other'), { everyMinutes: 9 });
    const full = await set(await newIncident(hub, 'attente'), 'FULL');
    expect(await reaches(other.id, 1)).toBe(true);
    expect(await pace(id)).toBe(120);
    await close(full);
  });
});
