import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Persona } from '../../../src/development/development-tokens.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { refusal } from '../../support/desk/desk.ts';
import { reportOf } from '../../support/desk/report-desk.ts';
import { FEW, loadInto } from '../../support/generated/address-file.ts';
import { fileOf } from '../../support/generated/address-lines.ts';
import { startHub, territory } from '../../support/hub/hub.ts';

/** A report that says by an address where something was seen. */
const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

const submit = async (more: object, persona: Persona = 'marshal') => {
  const { point: _point, commune: _commune, ...input }: Record<string, unknown> = reportOf();
  const { submitReport } = await hub
    .as(persona)
    .request<{ submitReport: { report: object } }>(
      'mutation ($input: FieldReportInput!) { submitReport(input: $input) { report { point commune { code } text } } }',
      { input: { ...input, ...more } },
    );
  return submitReport.report;
};
const faultOf = async (...sent: Parameters<typeof submit>) => {
  const { code, fields } = (await refusal(submit(...sent))) as {
    code: string;
    fields?: { path: string; message: string }[];
  };
  return [code, fields?.map(({ path, message }) => `${path}: ${message}`).join()];
};

it('is told where no addresses are loaded', async () => {
  expect(await faultOf({ address: '12 rue Aristide Briand' })).toEqual([
    'INVALID_INPUT',
    'input.address: cannot be found: no addresses are loaded',
  ]);
});

describe('with addresses', () => {
  beforeAll(() => loadInto(url, territory, fileOf(FEW)));

  it('is placed by the one that is meant, which is not kept', async () => {
    expect(await submit({ address: '12bis r aristide briand' })).toMatchObject({
      ...{ point: { type: 'Point', coordinates: [2.298, 48.6911] }, commune: { code: '91345' } },
    });
    // As `addresses` labels it, whatever else the words fit.
    expect(await submit({ address: '1 Rue de Paris, 91300 Massy' })).toMatchObject({ commune: { code: '91377' } });
    const rows = await withSession(
      url,
      async (session) =>
        (
          await session.query(
            `select r::text as report, p::text as personal from report r left join report_personal p on p.report_id = r.id`,
          )
        ).rows,
    );
    expect(rows).toHaveLength(2);
    expect(JSON.stringify(rows)).not.toMatch(/briand|paris/i);
  });

  it.each<[object, string]>([
    [
      { address: '1 rue de Paris' },
      'may be one of several: 1 Rue de Paris, 91160 Longjumeau; 1 Rue de Paris, 91300 Massy',
    ],
    [{ address: '14 rue Aristide Briand' }, 'is not there; nearest to it: 12 Rue Aristide Briand, 91160 Longjumeau'],
    [{ address: 'zzzz yyyy' }, 'is no address of the Essonne'],
    [{ address: '' }, 'is no address of the Essonne'],
    [{ address: 'x'.repeat(201) }, 'must have at most 200 characters'],
    [{ address: '5 place Saint-Germain', point: { lon: 2.3, lat: 48.7 } }, 'must be left out beside point'],
  ])('is refused where no single one is meant: %j', async (more, message) => {
    expect(await faultOf(more)).toEqual(['INVALID_INPUT', `input.address: ${message}`]);
  });

  it('is FORBIDDEN to who may submit none, before the address is looked at', async () => {
    expect(await faultOf({ address: 'x'.repeat(201) }, 'editor')).toEqual(['FORBIDDEN', undefined]);
  });
});
