import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { columnsOf, readAddressLine } from '../../../src/addresses/file/address-line.rules.ts';
import { fileLinesOf } from '../../../src/addresses/file/read-lines.ts';
import { HEADING, lineOf } from '../../support/generated/address-lines.ts';
import { territory } from '../../support/hub/hub.ts';

const columns = columnsOf(HEADING.split(';'));
const known = { byCode: territory.byCode, box: [1.8, 48.2, 2.7, 48.9] as const };
const GOOD = {
  numero: 12,
  rep: 'bis',
  nom_voie: 'Rue de Paris',
  code_postal: '91160',
  code_insee: '91345',
  lon: 2.2965,
  lat: 48.6911,
};
const readLine = (of: object) => readAddressLine(lineOf({ ...GOOD, ...of }).split(';'), columns, known);

describe('a line of the file', () => {
  it('is an address, or a place without a number, of a commune of today', () => {
    expect(readLine({})).toEqual({
      ...{ street: 'Rue de Paris', postalCode: '91160', commune: '91345', number: 12, suffix: 'bis' },
      ...{ lon: 2.2965, lat: 48.6911 },
    });
    expect(readLine({ numero: '', rep: '', code_postal: '', code_insee: '91182' })).toMatchObject({
      ...{ number: null, suffix: '', postalCode: null, commune: '91228' },
    });
    expect(readLine({ rep: ' B-1 ' })).toMatchObject({ suffix: 'b1' });
  });

  it.each<[object, string]>([
    [{ code_insee: '75056' }, 'code_insee: "75056" is not the INSEE code of a commune of the Essonne'],
    [{ code_insee: 'constructor' }, 'code_insee: "constructor"'],
    [{ lon: 48.6911, lat: 2.2965 }, 'lon 48.6911, lat 2.2965: expected a point in the Essonne'],
    [{ lon: '2,2965' }, 'lon and lat: expected degrees'],
    [{ lon: '' }, 'lon and lat: expected degrees'],
    [{ lon: 'NaN' }, 'lon and lat: expected degrees'],
    [{ lat: '1e99' }, 'lon and lat: expected degrees'],
    [{ numero: '-1' }, 'numero: expected at most five digits'],
    [{ numero: '123456' }, 'numero: expected'],
    [{ rep: 'quaterdecies' }, 'rep: expected'],
    [{ nom_voie: '' }, 'nom_voie: expected'],
    [{ nom_voie: 'x'.repeat(201) }, 'nom_voie: expected'],
    [{ nom_voie: 'Rue\0' }, 'nom_voie: expected'],
    [{ code_postal: '9116' }, 'code_postal: expected'],
    [{ nom_voie: 'Rue;de;Paris' }, '16 columns, where the first line has 14'],
  ])('is refused with the column and the reason: %j', (of, reason) => {
    expect(readLine(of)).toContain(reason);
  });

  it('is read by the names of the columns, whatever their order; those that lack are named', () => {
    const other = columnsOf(['Lat', ' lon ', 'code_insee', 'code_postal', 'nom_voie', 'rep', 'numero', 'new']);
    const cells = ['48.6911', '2.2965', '91345', '91160', 'Rue de Paris', '', '1', 'x'];
    expect(readAddressLine(cells, other, known)).toMatchObject({ street: 'Rue de Paris', number: 1, lon: 2.2965 });
    expect(() => columnsOf(HEADING.replace('rep', 'suffixe').replace(';lat', ';y2').split(';'))).toThrow(
      'the first line lacks rep, lat: expected the columns',
    );
    expect(() => columnsOf(['numero,rep,nom_voie'])).toThrow('lacks numero, rep');
  });
});

describe('the lines of a file', () => {
  const linesIn = async (...chunks: (string | Buffer)[]) => {
    const lines = [];
    for await (const some of fileLinesOf(Readable.from(chunks.map((chunk) => Buffer.from(chunk))))) lines.push(...some);
    return lines.map(({ number, cells, fault }) => [number, ...cells, ...(fault ? [fault] : [])]);
  };

  it('come whole, by their numbers, wherever the chunks end', async () => {
    const whole = Buffer.from('\uFEFFa;é\r\n\nb;"c;""d"""\ne;f');
    const found = [
      [1, 'a', 'é'],
      [3, 'b', 'c;"d"'],
      [4, 'e', 'f'],
    ];
    expect(await linesIn(whole)).toEqual(found);
    expect(await linesIn(...Array.from(whole, (byte) => Buffer.from([byte])))).toEqual(found);
  });

  it('tell of quotes that do not end', async () => {
    expect((await linesIn('a;b\nc;"d\n'))[1]).toEqual([2, 'c', expect.anything(), expect.stringContaining('uote')]);
  });

  it('are refused where they are no text, or one of them does not end', async () => {
    await expect(linesIn(Buffer.from('a;\xe9\n', 'latin1'))).rejects.toThrow('the file is not UTF-8');
    await expect(linesIn('x'.repeat(70_000))).rejects.toThrow('a line has more than 65536 signs');
    await expect(linesIn(Buffer.from([0xc3]))).rejects.toThrow('the file is not UTF-8');
  });
});
