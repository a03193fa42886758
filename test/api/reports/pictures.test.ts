import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqlOver } from '../../../src/database/sql.ts';
import { personaVisitors } from '../../../src/development/development-tokens.ts';
import { verifyAudit } from '../../../src/office/audit.queries.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { refusal } from '../../support/desk/desk.ts';
import { bring, drawn, jpegOf, look, plantPicture, refusalOf, send } from '../../support/desk/picture-desk.ts';
import { reportOf } from '../../support/desk/report-desk.ts';
import { startHub } from '../../support/hub/hub.ts';
import { withExif } from '../../support/pictures/files.ts';
import { Browser } from '../../support/sign-in/browser.ts';

const { url } = await testDatabase();
const hub = await startHub({ url, more: { desk: { personas: personaVisitors() } } });
afterAll(() => hub.close());

type Persona = NonNullable<Parameters<typeof hub.as>[0]>;
interface Seen {
  id: string;
  pictures: { id: string; takenAt: string | null; broughtBy: { name: string } }[];
}
const REPORT = '{ report { id pictures { id width height sha256 receivedAt takenAt point broughtBy { name } } } }';

const submit = async (pictures: string[] | null, persona: Persona = 'volunteer'): Promise<Seen> => {
  const { submitReport } = await hub
    .as(persona)
    .request<{ submitReport: { report: Seen } }>(
      `mutation ($input: FieldReportInput!) { submitReport(input: $input) ${REPORT} }`,
      { input: reportOf('De l’eau', { pictures }) },
    );
  return submitReport.report;
};
const attach = async (id: string, pictures: string[], persona: Persona = 'volunteer'): Promise<Seen> => {
  const { attachPictures } = await hub
    .as(persona)
    .request<{ attachPictures: { report: Seen } }>(
      `mutation ($id: ID!, $pictures: [ID!]!) { attachPictures(id: $id, pictures: $pictures) ${REPORT} }`,
      { id, pictures },
    );
  return attachPictures.report;
};
const remove = (id: string, persona: Persona = 'volunteer') =>
  hub.as(persona).request('mutation ($id: ID!) { removePicture(id: $id) { removedId } }', { id });
const accountOf = async (persona: Persona): Promise<string> =>
  (await hub.as(persona).request<{ viewer: { id: string } }>('{ viewer { id } }')).viewer.id;
const rows = (sql: string, values: unknown[] = []) =>
  withSession(url, async (session) => (await session.query(sql, values)).rows);
let seed = 2;
/** Another picture each time. */
const fresh = () => jpegOf(drawn(160, 120, ++seed));

describe('a picture', () => {
  it('proposes hour and place to its bringer, is given to a report, and is seen with it', async () => {
    const place = { lat: 48.6936, lon: 2.2937 };
    const bytes = withExif(await fresh(), { taken: '2016:06:02 11:58:00', place });
    const answer = await send(hub, bytes);
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([201, 'no-store']);
    const brought = await answer.json();
    expect(brought).toEqual({
      id: expect.any(String),
      width: 160,
      height: 120,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      receivedAt: expect.stringMatching(/^\d{4}-/),
      takenAt: '2016-06-02T11:58:00+02:00',
      point: { type: 'Point', coordinates: [expect.closeTo(2.2937, 5), expect.closeTo(48.6936, 5)] },
    });
    expect(answer.headers.get('location')).toBe(`/desk/pictures/${brought.id}`);
    const { id } = await submit([brought.id]);
    const { report } = await hub
      .as('editor')
      .request<{ report: Seen }>(`query ($id: ID!) { report(id: $id) ${REPORT.slice(9, -2)} }`, { id });
    const { point, ...rest } = brought;
    expect(report.pictures).toEqual([{ ...rest, point, broughtBy: { name: 'Julien Petit (bénévole)' } }]);
  });

  it('is shown as WebP that nobody keeps or runs, whole and small, to those who read reports', async () => {
    const { id } = await bring(hub, await jpegOf(drawn(800, 600, 5)));
    await submit([id]);
    for (const [more, width] of [
      ['', 800],
      ['/thumbnail', 320],
    ] as const) {
      const answer = await look(hub, id, 'checker', more);
      expect(answer.status).toBe(200);
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'content-type': 'image/webp',
        'cache-control': 'private, no-store',
        'content-security-policy': "sandbox; default-src 'none'",
        'x-content-type-options': 'nosniff',
        'cross-origin-resource-policy': 'same-origin',
        'content-disposition': `inline; filename="${id}.webp"`,
      });
      expect(await sharp(Buffer.from(await answer.arrayBuffer())).metadata()).toMatchObject({ format: 'webp', width });
    }
  });

  it('that is sent again, because its answer was lost, is the same one', async () => {
    const bytes = await fresh();
    const first = await bring(hub, bytes);
    const again = await send(hub, bytes);
    expect([again.status, await again.json()]).toEqual([200, first]);
    expect((await bring(hub, bytes, { as: 'checker' })).id).not.toBe(first.id);
    await submit([first.id]);
    expect((await bring(hub, bytes)).id).not.toBe(first.id);
  });

  it('is its bringer’s alone while it waits, and as not found for everybody else (I-43)', async () => {
    const { id } = await bring(hub, await fresh());
    expect((await look(hub, id, 'volunteer')).status).toBe(200);
    for (const persona of ['checker', 'duty', 'marshal'] as const)
      expect(await refusalOf(await look(hub, id, persona))).toEqual([404, 'NOT_FOUND', undefined]);
    expect((await refusalOf(await look(hub, id)))[1]).toBe('UNAUTHENTICATED');
    expect((await refusalOf(await look(hub, id, 'scheduler')))[1]).toBe('FORBIDDEN');
    expect((await refusalOf(await look(hub, 'no-id', 'volunteer')))[1]).toBe('NOT_FOUND');
    const stolen = [
      { ids: [id], by: 'checker' },
      { ids: ['x'], by: 'volunteer' },
      { ids: [id.replace(/.$/, 'z')], by: 'volunteer' },
    ] as const;
    for (const { ids, by } of stolen)
      expect(await refusal(submit([...ids], by))).toMatchObject({
        code: 'INVALID_INPUT',
        fields: [{ path: 'input.pictures.0', message: 'must be a picture of yours that waits for a report' }],
      });
    await submit([id]);
    expect((await look(hub, id, 'checker')).status).toBe(200);
    expect(await refusal(submit([id]))).toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('comes by a marshal’s telephone too, which cannot look at it again once a report has it', async () => {
    const { id } = await bring(hub, await fresh(), { as: 'marshal' });
    expect((await look(hub, id, 'marshal')).status).toBe(200);
    const { pictures } = await submit([id], 'marshal');
    expect(pictures).toHaveLength(1);
    expect((await refusalOf(await look(hub, id, 'marshal')))[1]).toBe('NOT_FOUND');
  });

  it('comes by the session of a page of the hub, which shows it without a script', async () => {
    const browser = new Browser();
    const form = { persona: 'checker', return: '/' };
    await browser.visit(`${hub.url}/desk/signin`, { method: 'POST', form, from: hub.url });
    const headers = { 'content-type': 'image/jpeg' };
    const sent = await browser.script(hub.url, '/desk/pictures', {
      method: 'POST',
      headers,
      body: new Uint8Array(await fresh()),
    });
    expect(sent.status).toBe(201);
    const { id } = (await sent.json()) as { id: string };
    const shown = await fetch(`${hub.url}/desk/pictures/${id}`, {
      headers: { cookie: browser.cookieHeader(hub.url), 'sec-fetch-site': 'same-origin' },
    });
    expect(shown.status).toBe(200);
    await shown.arrayBuffer();
  });
});

describe('a report', () => {
  it('has at most ten pictures, each once, in the order in which they came', async () => {
    const by = await accountOf('volunteer');
    const planted: string[] = [];
    for (let index = 0; index < 12; index += 1) planted.push(await plantPicture(url, { by }));
    const [first = '', second = ''] = planted;
    const faults = async (work: Promise<unknown>) => ((await refusal(work)) as { fields?: object[] }).fields;
    expect(await faults(submit([first, first.toUpperCase()]))).toMatchObject([{ path: 'input.pictures' }]);
    expect(await faults(submit(planted))).toMatchObject([{ path: 'input.pictures' }]);
    const { id } = await submit([second]);
    expect(await faults(attach(id, []))).toMatchObject([{ path: 'pictures' }]);
    expect(await faults(attach(id, planted.slice(2)))).toEqual([
      { path: 'pictures', message: 'must leave the report at most 10 pictures: it has 1' },
    ]);
    const whole = await attach(id, [first, ...planted.slice(2, 10)].reverse());
    expect(whole.pictures.map((one) => one.id)).toEqual([first, second, ...planted.slice(2, 10)]);
    expect((await refusal(attach(id, [planted[10] ?? ''], 'checker'))).code).toBe('INVALID_INPUT');
    expect((await refusal(attach(first, [planted[10] ?? '']))).code).toBe('NOT_FOUND');
    for (const left of planted.slice(10)) await remove(left);
  });

  it('of two that take the same picture at once, one gets it', async () => {
    const picture = await plantPicture(url, { by: await accountOf('volunteer') });
    const ends = await Promise.allSettled([submit([picture]), submit([picture]), submit([picture])]);
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
  });
});

describe('a picture that is removed', () => {
  it('has no bytes any more, for anybody, and stays on record with its hash', async () => {
    const bytes = withExif(await fresh(), { taken: '2016:06:02 11:58:00', place: { lat: 48.69, lon: 2.29 } });
    const { id, sha256 } = await bring(hub, bytes);
    const { id: report } = await submit([id]);
    expect((await refusal(remove(id))).code).toBe('FORBIDDEN');
    await remove(id, 'checker');
    expect((await refusal(remove(id, 'checker'))).code).toBe('NOT_FOUND');
    expect((await refusalOf(await look(hub, id, 'checker')))[1]).toBe('NOT_FOUND');
    expect(await rows('select * from picture_bytes where picture_id = $1', [id])).toEqual([]);
    const [row] = await rows('select * from picture where id = $1', [id]);
    expect(row).toMatchObject({ report_id: report, sha256, taken_at: null, lon: null, lat: null, fingerprint: null });
    expect(row.erased_at).not.toBeNull();
    const seen = await hub
      .as('checker')
      .request<{ report: Seen }>('query ($id: ID!) { report(id: $id) { id pictures { id } } }', { id: report });
    expect(seen.report.pictures).toEqual([]);
  });

  it('by its bringer, while it waits, is nobody else’s to remove', async () => {
    const { id } = await bring(hub, await fresh());
    expect((await refusal(remove(id, 'checker'))).code).toBe('NOT_FOUND');
    await remove(id);
    expect((await refusal(submit([id]))).code).toBe('INVALID_INPUT');
  });
});

describe('a picture of which parts are veiled', () => {
  const veil = async (id: string, boxes: object[], persona: Persona = 'checker') => {
    const { veilPicture } = await hub
      .as(persona)
      .request<{ veilPicture: { picture: { id: string; veiled: boolean; sha256: string; takenAt: string } } }>(
        `mutation ($id: ID!, $boxes: [PictureBoxInput!]!) {
           veilPicture(id: $id, boxes: $boxes) { picture { id veiled sha256 takenAt } } }`,
        { id, boxes },
      );
    return veilPicture.picture;
  };
  const BOX = { x: 10, y: 10, width: 60, height: 40 };

  it('gives way to another, and is gone for everybody', async () => {
    const brought = await bring(hub, withExif(await fresh(), { taken: '2016:06:02 11:58:00' }));
    const { id: report } = await submit([brought.id]);
    expect((await refusal(veil(brought.id, [BOX], 'volunteer'))).code).toBe('FORBIDDEN');
    const veiled = await veil(brought.id, [BOX]);
    expect(veiled).toEqual({ id: veiled.id, veiled: true, sha256: brought.sha256, takenAt: brought.takenAt });
    expect(veiled.id).not.toBe(brought.id);
    expect((await look(hub, brought.id, 'checker')).status).toBe(404);
    expect((await look(hub, veiled.id, 'volunteer')).status).toBe(200);
    expect(await rows('select * from picture_bytes where picture_id = $1', [brought.id])).toEqual([]);
    const seen = await hub
      .as('checker')
      .request<{ report: Seen }>('query ($id: ID!) { report(id: $id) { id pictures { id } } }', { id: report });
    expect(seen.report.pictures).toEqual([{ id: veiled.id }]);
    expect((await refusal(veil(brought.id, [BOX]))).code).toBe('NOT_FOUND');
  });

  it('by two people at once: one of them does it, and the other is told', async () => {
    const { id } = await bring(hub, await fresh(), { as: 'checker' });
    const ends = await Promise.allSettled([veil(id, [BOX]), veil(id, [BOX])]);
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const [row] = await rows('select count(*)::int as n from picture where veils = $1', [id]);
    expect(row.n).toBe(1);
  });

  it.each<[object[], string]>([
    [[], 'boxes'],
    [[{ ...BOX, width: 151 }], 'boxes.0'],
    [[BOX, { ...BOX, x: -1 }], 'boxes.1.x'],
    [[{ ...BOX, height: 0 }], 'boxes.0.height'],
    [Array.from({ length: 51 }, () => BOX), 'boxes'],
  ])('takes boxes that lie in it: %j', async (boxes, path) => {
    const { id } = await bring(hub, await jpegOf(drawn(160, 120, 99)), { as: 'checker' });
    const { code, fields } = (await refusal(veil(id, boxes))) as { code: string; fields?: { path: string }[] };
    expect([code, fields?.[0]?.path]).toEqual(['INVALID_INPUT', path]);
  });
});

/** Fields of light and shade, otherwise spread for each seed. */
const chequered = (seed: number) => {
  const fields = Buffer.from(Array.from({ length: 72 }, (_, at) => ((at * at * seed + at * 7) % 5) * 45 + 20));
  return sharp(fields, { raw: { width: 9, height: 8, channels: 1 } }).resize(640, 480, {
    kernel: 'nearest',
    fit: 'fill',
  });
};

describe('twins', () => {
  interface Twins {
    pictures: { id: string; twins: { pictureId: string; sameFile: boolean; report: { id: string } }[] }[];
  }
  const twinsIn = async (id: string): Promise<Twins['pictures'][number]['twins']> => {
    const { report } = await hub
      .as('checker')
      .request<{ report: Twins }>(
        'query ($id: ID!) { report(id: $id) { pictures { id twins { pictureId sameFile report { id } } } } }',
        { id },
      );
    return report.pictures[0]?.twins ?? [];
  };

  it('are found by their file, and by what they look like', async () => {
    const first = await jpegOf(chequered(31));
    const smaller = await sharp(first).resize(200).modulate({ brightness: 1.1 }).jpeg({ quality: 50 }).toBuffer();
    const other = await jpegOf(chequered(47));
    const reports: string[] = [];
    for (const [bytes, as] of [
      [first, 'volunteer'],
      [first, 'volunteer2'],
      [smaller, 'volunteer'],
      [other, 'volunteer'],
    ] as const)
      reports.push((await submit([(await bring(hub, bytes, { as })).id], as)).id);
    const [one = '', same = '', like = '', none = ''] = reports;
    expect((await twinsIn(one)).map(({ report, sameFile }) => [report.id, sameFile])).toEqual([
      [same, true],
      [like, false],
    ]);
    expect((await twinsIn(like)).map(({ report }) => report.id).sort()).toEqual([one, same].sort());
    expect(await twinsIn(none)).toEqual([]);
  });

  it('are no marshal’s to see, whose report is answered without them', async () => {
    const bytes = await jpegOf(chequered(31));
    const { id } = await bring(hub, bytes, { as: 'marshal' });
    const { submitReport } = await hub.as('marshal').request<{ submitReport: { report: Twins } }>(
      `mutation ($input: FieldReportInput!) {
         submitReport(input: $input) { report { pictures { id twins { pictureId } } } } }`,
      { input: reportOf('De l’eau', { pictures: [id] }) },
    );
    expect(submitReport.report.pictures).toEqual([{ id, twins: [] }]);
  });
});

it('each deed is on record: who brought, gave and removed which (I-14)', async () => {
  const { id } = await bring(hub, await fresh());
  const { id: report } = await submit(null);
  await attach(report, [id]);
  await remove(id, 'checker');
  const waiting = await bring(hub, await fresh());
  await remove(waiting.id);
  const entries = await rows(
    `select action, subject, state_before is not null as before, state_after is not null as after, state_before <> state_after as changed
     from audit_entry where subject in ($1, $2, $3) order by position`,
    [id, report, waiting.id],
  );
  expect(entries).toEqual([
    { action: 'addPicture', subject: id, before: false, after: true, changed: null },
    { action: 'submitReport', subject: report, before: false, after: true, changed: null },
    { action: 'attachPictures', subject: report, before: true, after: true, changed: true },
    { action: 'removePicture', subject: report, before: true, after: true, changed: true },
    { action: 'addPicture', subject: waiting.id, before: false, after: true, changed: null },
    { action: 'removePicture', subject: waiting.id, before: true, after: true, changed: true },
  ]);
  expect((await withSession(url, (session) => verifyAudit(sqlOver(session)))).fault).toBeNull();
});

describe('the public', () => {
  let secrets: string[] = [];
  beforeAll(async () => {
    const { id, sha256 } = await bring(hub, await fresh());
    await submit([id]);
    secrets = [id, sha256];
  });

  it.each([
    '/',
    '/metrics',
    '/healthz',
    '/readyz',
    '/geo/reports.geojson',
    '/geo/alerts.geojson',
    '/feeds/publications.json',
    '/feeds/alerts.atom',
    '/schema.graphql',
  ])('finds no picture in %s', async (path) => {
    const text = await (await fetch(hub.url + path)).text();
    for (const secret of [...secrets, 'desk/pictures/0']) expect(text).not.toContain(secret);
  });
});
