import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, hoursFromNow, openIncident, publishNew, refusal } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

/** Filters by place and by incident, as clients write them. */
const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

const found = async (where: object) => {
  const query = 'query ($where: PublicationFilter) { publications(where: $where) { nodes { id } } }';
  const { publications } = await hub.as().request<{ publications: { nodes: { id: string }[] } }>(query, { where });
  return publications.nodes.map(({ id }) => id);
};
describe('publications', () => {
  let here = '';
  let there = '';
  const incidents: string[] = [];
  beforeAll(async () => {
    for (const slug of ['crue-nord', 'crue-sud']) incidents.push(await openIncident(hub, slug));
    const alertAt = (commune: string, incidentId: string | undefined) =>
      alertInput({ areas: [{ description: commune, communes: [commune] }], incidentId });
    here = (await publishNew(hub, 'Alert', alertAt('91345', incidents[0]))).id;
    there = (await publishNew(hub, 'Alert', alertAt('91223', incidents[1]))).id;
  });

  it('are found by a box whose sides have names', async () => {
    expect(await found({ box: { west: 2.27, south: 48.68, east: 2.3, north: 48.7 } })).toEqual([here]);
    expect(await found({ box: { west: 2.0, south: 48.3, east: 2.6, north: 48.8 } })).toEqual([there, here]);
  });

  it.each([
    ['from east to west', { west: 2.3, south: 48.6, east: 2.2, north: 48.7 }, ['where.box.east']],
    ['upside down', { west: 2.2, south: 48.7, east: 2.3, north: 48.6 }, ['where.box.north']],
    [
      'off the earth',
      { west: -181, south: -91, east: 181, north: 91 },
      ['west', 'south', 'east', 'north'].map((side) => `where.box.${side}`),
    ],
  ])('are refused for a box %s, by the side that is wrong', async (_what, box, paths) => {
    const { code, fields } = await refusal(found({ box }));
    expect([code, (fields as { path: string }[]).map(({ path }) => path)]).toEqual(['INVALID_INPUT', paths]);
  });

  it('are found by their incidents, one or several', async () => {
    expect(await found({ incidents: incidents.slice(0, 1) })).toEqual([here]);
    expect(await found({ incidents: [incidents[1]?.toUpperCase(), incidents[0]] })).toEqual([there, here]);
    expect(await found({ incidents: [] })).toEqual([]);
    const { fields } = await refusal(found({ incidents: [incidents[0], 'crue-nord'] }));
    expect(fields).toMatchObject([{ path: 'where.incidents.1' }]);
  });

  it('have the names of the API in faults too', async () => {
    const attempt = hub
      .as('editor')
      .request('mutation ($input: AlertInput!) { draftAlert(input: $input) { dossier { id } } }', {
        input: alertInput({ startsAt: hoursFromNow(5), endsAt: hoursFromNow(1), infoUrl: 'nowhere' }),
      });
    expect((await refusal(attempt)).fields).toMatchObject([{ path: 'input.infoUrl' }]);
  });
});
