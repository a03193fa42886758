import { describe, expect, it } from 'vitest';
import { attachPictures } from '../../src/reports/pictures/attach.commands.ts';
import { erasePictures } from '../../src/reports/pictures/erase-pictures.commands.ts';
import { dismissReport, reopenReport } from '../../src/reports/report.commands.ts';
import { submitReport } from '../../src/reports/submit.commands.ts';
import { plantPicture } from '../support/desk/picture-desk.ts';
import { NOON, reportDesk, reportOf } from '../support/desk/report-desk.ts';

const { url, as, person, clock, em, pool } = await reportDesk();
const volunteer = await person('VOLUNTEER');
const checker = await person('CHECKER');
const DAY_MS = 86_400_000;
const later = (milliseconds: number) => new Date(Date.parse(NOON) + milliseconds);

const submit = async () => (await as(volunteer, (desk) => submitReport(desk, reportOf()))).id;
const plant = (report: string | null = null) => plantPicture(url, { by: volunteer.id, report });
const withBytes = async () =>
  (await pool.query<{ id: string }>('select picture_id as id from picture_bytes')).rows.map(({ id }) => id);

describe('pictures are erased', () => {
  it('90 days after their report was closed, not a moment earlier, and not of open reports (I-15, I-43)', async () => {
    clock.set(NOON);
    const [closed, open, reopened] = [await submit(), await submit(), await submit()];
    const [first, second, ofOpen, ofReopened] = [
      await plant(closed),
      await plant(closed),
      await plant(open),
      await plant(reopened),
    ];
    for (const id of [closed, reopened]) await as(checker, (desk) => dismissReport(desk, { id, reason: 'Hors sujet' }));
    await as(checker, (desk) => reopenReport(desk, { id: reopened, reason: 'Vrai' }));
    expect(await erasePictures(em(), later(90 * DAY_MS - 1))).toBe(0);
    expect(await erasePictures(em(), later(90 * DAY_MS))).toBe(2);
    const left = await withBytes();
    expect(left).toEqual(expect.arrayContaining([ofOpen, ofReopened]));
    for (const gone of [first, second]) expect(left).not.toContain(gone);
    const { rows } = await pool.query('select action, actor from audit_entry where subject = $1', [closed]);
    expect(rows).toEqual([{ action: 'erasePersonalData', actor: null }]);
    expect(await erasePictures(em(), later(90 * DAY_MS))).toBe(0);
    clock.set(later(90 * DAY_MS));
    const late = await plant();
    await expect(as(volunteer, (desk) => attachPictures(desk, { id: closed, pictures: [late] }))).rejects.toMatchObject(
      { code: 'WRONG_STAGE' },
    );
    clock.set(NOON);
  });

  it('a day after they came, where no report has them', async () => {
    const waiting = await plant();
    const { rows } = await pool.query<{ at: Date }>('select received_at as at from picture where id = $1', [waiting]);
    const came = new Date(rows[0]?.at ?? 0).getTime();
    await erasePictures(em(), new Date(came + DAY_MS - 1));
    expect(await withBytes()).toContain(waiting);
    await erasePictures(em(), new Date(came + DAY_MS));
    expect(await withBytes()).not.toContain(waiting);
  });
});

describe('PostgreSQL refuses, to the owner of the tables too (I-44)', () => {
  const run = async (...statements: string[]): Promise<string> => {
    const session = await pool.connect();
    try {
      await session.query('begin');
      for (const statement of statements) await session.query(statement);
      await session.query('commit');
      return 'done';
    } catch (error) {
      await session.query('rollback');
      return (error as { code: string }).code;
    } finally {
      session.release();
    }
  };
  const ERASE = (id: string) => [
    `update picture set erased_at = now(), fingerprint = null where id = '${id}'`,
    `delete from picture_bytes where picture_id = '${id}'`,
  ];

  it.each<[string, (id: string) => string[], string]>([
    ['that a picture is deleted', (id) => [`delete from picture where id = '${id}'`], 'TOC02'],
    ['that its bytes go without it', (id) => [`delete from picture_bytes where picture_id = '${id}'`], 'TOC03'],
    ['that it goes without its bytes', (id) => ERASE(id).slice(0, 1), 'TOC03'],
    ['other bytes', (id) => [`update picture_bytes set whole = '' where picture_id = '${id}'`], 'TOC02'],
    ['another hash', (id) => [`update picture set sha256 = repeat('0', 64) where id = '${id}'`], 'TOC02'],
    ['another hour', (id) => [`update picture set taken_at = now() where id = '${id}'`], 'TOC02'],
    ['that one comes back', (id) => [...ERASE(id), `update picture set erased_at = null where id = '${id}'`], 'TOC02'],
    [
      'bytes of one that is gone',
      (id) => [...ERASE(id), `insert into picture_bytes values ('${id}', '', '')`],
      'TOC02',
    ],
    [
      'a place of one that is gone',
      (id) => [`update picture set erased_at = now(), lon = 1, lat = 1 where id = '${id}'`],
      '23514',
    ],
    ['all of them at once', () => ['truncate picture_bytes'], 'TOC02'],
    ['nothing of an erasure', ERASE, 'done'],
  ])('%s', async (_what, statements, end) => {
    expect(await run(...statements(await plant()))).toBe(end);
  });

  it('that a picture goes from one report to another', async () => {
    const [one, other] = [await submit(), await submit()];
    const id = await plant(one);
    expect(await run(`update picture set report_id = '${other}' where id = '${id}'`)).toBe('TOC02');
    expect(await run(`update picture set report_id = null where id = '${id}'`)).toBe('TOC02');
  });
});
