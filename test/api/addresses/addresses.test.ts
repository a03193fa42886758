import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import { NOTED, noteStatements } from '../../support/database/statements.ts';
import { refusal } from '../../support/desk/desk.ts';
import { FEW, loadInto } from '../../support/generated/address-file.ts';
import { fileOf } from '../../support/generated/address-lines.ts';
import { startHub, territory, tokens } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const statementsOf = noteStatements();
const lines: string[] = [];
const logger = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
const hub = await startHub({ url, logger });
afterAll(() => hub.close());

interface Found {
  label: string;
  houseNumber: string | null;
  approximate: boolean;
  distanceMetres: number | null;
  commune: { code: string };
  point: { coordinates: number[] };
}
const FIELDS = 'label houseNumber street postalCode approximate remote distanceMetres point commune { code name }';
const find = async (search: string, more: { near?: object; first?: number } = {}) =>
  (
    await hub.as('volunteer').request<{ addresses: { nodes: Found[]; loadedAt: string | null } }>(
      `query ($search: String!, $near: PointInput, $first: Int) {
        addresses(search: $search, near: $near, first: $first) { loadedAt nodes { ${FIELDS} } } }`,
      { search, first: 5, ...more },
    )
  ).addresses;
const labels = async (...asked: Parameters<typeof find>) => (await find(...asked)).nodes.map(({ label }) => label);
const at = async (lon: number, lat: number) =>
  (
    await hub
      .as('marshal')
      .request<{ addressAt: Found | null }>(`query ($point: PointInput!) { addressAt(point: $point) { ${FIELDS} } }`, {
        point: { lon, lat },
      })
  ).addressAt;

describe('without a file', () => {
  it('nothing is found, and the answer says why', async () => {
    expect(await find('rue de Paris')).toEqual({ loadedAt: null, nodes: [] });
    expect(await at(2.2965, 48.6911)).toBeNull();
  });
});

describe('with a file', () => {
  beforeAll(() => loadInto(url, territory, fileOf(FEW)));

  it.each([
    ['12 rue Aristide Briand', '12 Rue Aristide Briand, 91160 Longjumeau'],
    ['12bis r aristide briand longj', '12 bis Rue Aristide Briand, 91160 Longjumeau'],
    ['12 b briand', '12 bis Rue Aristide Briand, 91160 Longjumeau'],
    ['briand', 'Rue Aristide Briand, 91160 Longjumeau'],
    ['10 BD DE LA LIBÉRATION MASSY', '10 Boulevard de la Libération, 91300 Massy'],
    ['massy all', 'Allée Salvador Allende, 91300 Massy'],
    ['massy allen', 'Allée Salvador Allende, 91300 Massy'],
    ['8 mai 1945 athis', 'Rue du 8 Mai 1945, 91200 Athis-Mons'],
    ['8 rue du 8 mai 1945', '8 Rue du 8 Mai 1945, 91200 Athis-Mons'],
    ['rue des 4 vents', 'Rue des 4 Vents, 91160 Longjumeau'],
    ['4 rue des vents', '4 Rue des Vents, 91160 Longjumeau'],
    ['st germain', 'Place Saint-Germain, 91160 Longjumeau'],
    ['avenue 2e db', 'Avenue de la 2ème DB, 91160 Longjumeau'],
    ['rue du pont evry', 'Rue du Pont, 91080 Évry-Courcouronnes'],
    ['la roche percee', 'La Roche Percée, Longjumeau'],
    ['91120 rue de paris', undefined],
    ['lybération massi', 'Boulevard de la Libération, 91300 Massy'],
    ['12 rue aristide briant', '12 Rue Aristide Briand, 91160 Longjumeau'],
    ['zzzz xxxx', undefined],
  ])('%s leads to %s', async (typed, label) => {
    expect((await labels(typed))[0]).toBe(label);
  });

  it('answers points, communes of today, and when the file was loaded', async () => {
    const { nodes, loadedAt } = await find('4 rue du pont');
    expect(nodes).toEqual([
      {
        ...{
          label: '4 Rue du Pont, 91080 Évry-Courcouronnes',
          houseNumber: '4',
          street: 'Rue du Pont',
          postalCode: '91080',
        },
        ...{
          approximate: false,
          remote: false,
          distanceMetres: null,
          point: { type: 'Point', coordinates: [2.4369, 48.6295] },
        },
        commune: { code: '91228', name: 'Évry-Courcouronnes' },
      },
    ]);
    expect(Date.parse(loadedAt ?? '')).toBeLessThanOrEqual(Date.now() + 60_000);
  });

  it('says where the number is not there, and takes the nearest one', async () => {
    const [nearest] = (await find('14 rue aristide briand')).nodes;
    expect(nearest).toMatchObject({ houseNumber: '12', approximate: true });
    const [there] = (await find('20 rue aristide briand')).nodes;
    expect(there).toMatchObject({ houseNumber: '20', approximate: false });
    const [none] = (await find('3 la roche percee')).nodes;
    expect(none).toMatchObject({ houseNumber: null, approximate: true });
    const [other] = (await find('12 ter aristide briand')).nodes;
    expect(other).toMatchObject({ approximate: true });
  });

  it('puts whole words first, then what is nearer to a point', async () => {
    expect(await labels('rue de paris', { near: { lon: 2.286, lat: 48.726 } })).toEqual([
      'Rue de Paris, 91300 Massy',
      'Rue de Paris, 91160 Longjumeau',
    ]);
    expect(await labels('1 rue de paris', { near: { lon: 2.297, lat: 48.693 }, first: 1 })).toEqual([
      '1 Rue de Paris, 91160 Longjumeau',
    ]);
    const [first] = (await find('1 rue de paris', { near: { lon: 2.297, lat: 48.7 } })).nodes;
    // 0.007 degrees of latitude.
    expect(first?.distanceMetres).toBe(778);
  });

  it('finds the nearest address, by metres and not by degrees', async () => {
    expect(await at(2.2966, 48.6911)).toMatchObject({
      ...{ label: '1 Rue Aristide Briand, 91160 Longjumeau', distanceMetres: 7, approximate: false },
    });
    expect(await at(2.44, 48.635)).toMatchObject({ houseNumber: '4', distanceMetres: 653 });
    expect(await at(2.1, 48.4)).toBeNull();
    expect((await refusal(at(48.6911, 2.2965))).code).toBe('INVALID_INPUT');
  });

  it('refuses what cannot be asked, by the name of the argument', async () => {
    const fault = async (...asked: Parameters<typeof find>) => JSON.stringify(await refusal(find(...asked)));
    expect(await fault('rue', { first: 21 })).toContain('first');
    expect(await fault('rue', { first: 0 })).toContain('first');
    expect(await fault('x'.repeat(201))).toContain('search');
    expect(await fault('rue', { near: { lon: 1e308, lat: 48 } })).toContain('near');
  });

  it('asks PostgreSQL once, and twice for what it does not know', async () => {
    const count = async (search: string) => {
      const id = `addresses ${search}`;
      await fetch(`${hub.url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${tokens.editor}`,
          [NOTED]: encodeURI(id),
        },
        body: JSON.stringify({ query: `{ addresses(search: "${search}") { nodes { label commune { name } } } }` }),
      });
      return statementsOf(encodeURI(id)).filter((statement) => statement.includes('address_')).length;
    };
    // From here on the words of the file are known.
    await find('lyberation');
    expect(await count('12 rue aristide briand')).toBe(1);
    expect(await count('rue')).toBe(1);
    expect(await count('lyberation')).toBe(2);
    expect(await count('x')).toBe(1);
  });

  it('knows mistyped words by the file that was loaded last', async () => {
    expect(await labels('rue du tocsyn')).toEqual([]);
    const [first] = FEW;
    if (!first) throw new Error('the file holds an address');
    await loadInto(url, territory, fileOf([...FEW, { ...first, nom_voie: 'Rue du Tocsin' }]));
    expect(await labels('rue du tocsyn')).toEqual(['Rue du Tocsin, 91160 Longjumeau']);
    await loadInto(url, territory, fileOf(FEW));
    expect(await labels('rue du tocsyn')).toEqual([]);
  });

  it('leaves no trace of what was looked for: no line, however much is told, and no audit entry', async () => {
    lines.length = 0;
    await find('canari aristide briand');
    const query = encodeURIComponent('{ addresses(search: "canari") { nodes { label } } }');
    const headers = { authorization: `Bearer ${tokens.editor}`, 'apollo-require-preflight': '1' };
    await fetch(`${hub.url}/graphql?query=${query}`, { headers });
    await refusal(find('canari'.repeat(40)));
    await refusal(hub.as().request('{ addresses(search: "canari") { nodes { label } } }'));
    expect(lines.join('')).not.toContain('canari');
    expect(await (await fetch(`${hub.url}/metrics`)).text()).not.toContain('canari');
  });
});
