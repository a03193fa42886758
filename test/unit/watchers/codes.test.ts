import { describe, expect, it } from 'vitest';
import { loadTerritory } from '../../../src/territory/load.ts';
import { communesOfArea } from '../../../src/watchers/matching.rules.ts';
import { readFeed } from '../../../src/watchers/reading/feed.ts';
import { relayOf } from '../../../src/watchers/relay.rules.ts';

const territory = loadTerritory();
const ALL = territory.communes.map(({ code }) => code);
const read = (area: string) =>
  readFeed(
    new TextEncoder().encode(`<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>A1</identifier>
      <sender>a@b.example</sender><sent>2016-06-01T10:00:00+02:00</sent><status>Actual</status><info><language>fr-FR</language>
      <event>Vent</event><area><areaDesc>Zone</areaDesc>${area}</area></info></alert>`),
  ).items[0]?.cap;
const geocode = (name: string, value: string) =>
  `<geocode><valueName>${name}</valueName><value>${value}</value></geocode>`;
const communesIn = (area: string) =>
  (read(area)?.infos[0]?.areas ?? []).flatMap((one) => communesOfArea(one, territory)).map(({ code }) => code);
const POLYGON = '<polygon>48.6936,2.2937 48.6940,2.2937 48.6940,2.2940 48.6936,2.2937</polygon>';

describe('a code in an area of another authority', () => {
  it.each([
    [geocode('NUTS3', 'FR104')],
    [geocode('EMMA_ID', 'FR066')],
    [geocode('INSEE_DEP', '91')],
    [geocode('nuts3', ' fr104 ')],
    [geocode('Emma_Id', 'fr066')],
    [geocode('NUTS 3', 'FR104')],
    [geocode('insee-dep', '91')],
    [geocode('NUTS3', 'FR101 FR104 FR107')],
    [geocode('EMMA_ID', 'FR065,FR066')],
    [geocode('INSEE_DEP', '77;91;94')],
    ['<geocode>NUTS3=FR104</geocode>'],
    [geocode('NUTS', 'FR104')],
    [geocode('NUTS3_2021', 'FR104')],
    [geocode('Département', '91')],
    [geocode('INSEE_DEPT', '91')],
    [geocode('code département', '091')],
    [geocode('ISO 3166-2', 'FR-91')],
    [geocode('INSEE_DEP', '91-92')],
    [`<polygon>illisible</polygon>${geocode('NUTS3', 'FR104')}`],
  ])('means the whole Département: %s', (area) => {
    expect(communesIn(area)).toEqual(ALL);
    const cap = read(area);
    expect(cap && relayOf(cap, territory)?.areas).toEqual([{ description: 'Zone', communes: ALL }]);
  });

  it.each([
    [geocode('INSEE', '91345') + geocode('NUTS3', 'FR104'), ['91345']],
    [POLYGON + geocode('EMMA_ID', 'FR066'), ['91345']],
    [`<circle>48.6936,2.2937 0.05</circle>${geocode('INSEE_DEP', '91')}`, ['91345']],
    [geocode('INSEE', '91345,91027'), ['91345', '91027']],
    [geocode('insee_com', '91345 91182'), ['91345', '91228']],
    [geocode('INSEE', '91345-91027'), ['91345', '91027']],
    [geocode('INSEE', 'FR91345'), ['91345']],
    [geocode('Code INSEE commune', '91345'), ['91345']],
    [geocode('LAU2', 'FR_91345'), ['91345']],
    [geocode('INSEE_REG', '91'), []],
    [geocode('INSEE_DEP', '92-93'), []],
    [geocode('INSEE', '75056') + geocode('NUTS3', 'FR104'), []],
    [geocode('NUTS3', 'FR101'), []],
    [geocode('EMMA_ID', '91'), []],
    [geocode('INSEE', '91'), []],
    [geocode('INSEE_DEP', '9'), []],
  ])('%s means %j alone', (area, communes) => {
    expect(communesIn(area)).toEqual(communes);
  });
});
