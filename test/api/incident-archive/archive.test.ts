import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqlOver } from '../../../src/database/sql.ts';
import { wordsHash } from '../../../src/incident-log/log-line.rules.ts';
import { verifyLogs } from '../../../src/incident-log/verify-logs.queries.ts';
import { verifyAudit } from '../../../src/office/audit.queries.ts';
import { archivesAsked, verifyArchiveFiles } from '../../../src/process/verify-archives.ts';
import { verifyText } from '../../support/crisis-cell/archive-file.ts';
import { type TakenArchive, takeArchive } from '../../support/crisis-cell/archiving.ts';
import {
  CANARIES,
  CANARY,
  type Played,
  playIncident,
  putInForce,
  ringInVain,
  tellInstitution,
} from '../../support/crisis-cell/played-incident.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { countingDesk } from '../../support/desk/counting-desk.ts';
import { openIncident, publishNew } from '../../support/desk/desk.ts';
import { addLine } from '../../support/desk/log-desk.ts';
import { blocksOf } from '../../support/docs/blocks.ts';
import { hasProgram } from '../../support/docs/programs.ts';
import { given } from '../../support/given.ts';

const { url } = await testDatabase();
const desk = await countingDesk({ url });
afterAll(() => desk.close());
const folder = mkdtempSync(path.join(tmpdir(), 'tocsin-archive-'));
afterAll(() => rmSync(folder, { recursive: true }));

let played: Played;
let taken: TakenArchive;
beforeAll(async () => {
  await putInForce(desk);
  played = await playIncident(desk);
  await tellInstitution(desk, played.alert);
  await ringInVain(url, played.alert);
  taken = await takeArchive(desk.hub, played.incident.id);
}, 120_000);

const ofType = (type: string) => taken.records.filter((record) => record.type === type);
const owner = (statement: string, ...values: unknown[]) =>
  withSession(url, async (session) => (await session.query(statement, values)).rows);
const verified = async (bytes: Buffer, more: { name?: string; hub?: boolean } = {}) => {
  const file = path.join(folder, more.name ?? 'incident.ndjson');
  writeFileSync(file, bytes);
  const printed: string[] = [];
  const print = (text: string) => void printed.push(text);
  const isWell = more.hub
    ? await withSession(url, (session) => verifyArchiveFiles([file], print, sqlOver(session)))
    : await verifyArchiveFiles([file], print);
  return { isWell, text: printed.join('\n') };
};

describe('the archive of an incident', () => {
  it('is one file that verifies, offline and against the hub', async () => {
    expect(taken.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    expect(taken.headers.get('cache-control')).toBe('no-store');
    expect(taken.headers.get('content-length')).toBe(String(taken.bytes.length));
    expect(taken.headers.get('content-disposition')).toMatch(
      /^attachment; filename="incident-crue-archive-[\da-f]{12}\.ndjson"$/,
    );
    expect((await verifyText(taken.bytes)).faults).toEqual([]);
    expect(await verified(taken.bytes)).toEqual({
      isWell: true,
      text: expect.stringContaining('is as it left the hub'),
    });
    const withHub = await verified(taken.bytes, { hub: true });
    expect(withHub).toEqual({ isWell: true, text: expect.stringContaining('has it on record') });
    expect((await verified(gzipSync(taken.bytes), { name: 'incident.ndjson.gz' })).isWell).toBe(true);
  });

  it('says what was said, decided, published and checked, and when', async () => {
    const { counts } = await verifyText(taken.bytes);
    const many = async (statement: string, value: unknown = played.incident.id) => {
      const [row] = await owner(`select count(*)::int as n from ${statement}`, value);
      return row.n;
    };
    const threads = ofType('dossier').map(({ id }) => id);
    const ofThreads =
      '(dossier_id = any($1) or report_id in (select report_id from dossier_report where dossier_id = any($1)))';
    expect(counts).toEqual({
      archive: 1,
      incident: 1,
      period: 2,
      level: 1,
      shift: 2,
      'signature-rule': 1,
      'log-line': await many('log_line where incident_id = $1'),
      dossier: 4,
      revision: 4,
      approval: await many('approval a join revision r on r.id = a.revision_id where r.dossier_id = any($1)', threads),
      comment: 6,
      entry: await many('journal_entry where subject = any($1)', threads),
      cap: await many('cap_seal where thread = any($1)', threads),
      post: 1,
      confirmation: 1,
      notice: 1,
      letter: 1,
      report: 1,
      conclusion: 2,
      'question-group': 1,
      flash: 1,
      call: await many(`call where ${ofThreads}`, threads),
      'call-step': await many(
        `call_step s join call c on c.id = s.call_id where ended_at is not null and ${ofThreads}`,
        threads,
      ),
      'situation-report': 1,
      audit: ofType('audit').length,
    });
    const lines = ofType('log-line');
    expect(lines.map(({ number }) => number)).toEqual(lines.map((_, index) => index + 1));
    expect(lines).toContainEqual(
      expect.objectContaining({ text: 'Le pont tient.', sender: 'Maire de Longjumeau', means: 'téléphone' }),
    );
    expect(lines).toContainEqual(expect.objectContaining({ text: '[personne 1] seul au 2e étage', salt: null }));
    // Every deed of the log names its entry of the audit log, and that is there.
    const audited = new Set(ofType('audit').map(({ id }) => id));
    const deeds = lines.filter(({ kind }) => kind === 'DEED');
    expect(deeds.length).toBeGreaterThan(10);
    expect(deeds.filter(({ audit }) => !audited.has(audit as string))).toEqual([]);
  });

  it('says who was called, which institution took charge, and whose signature was asked', () => {
    const [rule] = ofType('signature-rule');
    expect(rule).toMatchObject({ kinds: ['AID_POINT'], needs: [{ anyOf: ['DEPARTEMENT'], count: 1 }], endedAt: null });
    expect([rule?.proposedBy, rule?.approvedBy]).toEqual([expect.stringMatching(/^PERSON-/), expect.any(String)]);
    const calls = ofType('call');
    expect(calls).toContainEqual(expect.objectContaining({ reason: 'REVIEW', state: 'DONE', exhausted: false }));
    // The clock goes on with what is open.
    const open = calls.filter(({ endedAt }) => endedAt === null);
    expect(open.length).toBeGreaterThan(0);
    expect(open.map(({ state }) => state)).toEqual(open.map(() => 'OPEN'));
    for (const one of open) expect(one).not.toHaveProperty('rung');
    const ended = new Set(calls.filter(({ endedAt }) => endedAt !== null).map(({ id }) => id));
    expect(ofType('call-step').filter(({ call }) => !ended.has(call as string))).toEqual([]);
    expect(ofType('notice')).toMatchObject([
      { publication: played.alert, kind: 'TOWN_HALL', acknowledgedAs: 'Maire de Longjumeau, [personne]' },
    ]);
    expect(ofType('letter')).toMatchObject([{ publication: played.alert, state: 'SENT', attempts: 2, status: null }]);
    expect(ofType('audit')).toContainEqual(expect.objectContaining({ action: 'acknowledgeForInstitution' }));
  });

  it('has words and documents that can be compared by their hashes', () => {
    const whole = ofType('log-line').filter(({ salt }) => salt !== null);
    expect(whole.length).toBeGreaterThan(5);
    for (const { salt, wordsHash: hash, ...line } of whole)
      expect(wordsHash(salt as string, line as unknown as Parameters<typeof wordsHash>[1])).toBe(hash);
    const entry = ofType('entry').at(-1);
    expect(entry?.document).toMatchObject({ id: entry?.publication });
  });

  it('names nobody: no name, number, address, account, endpoint, point or picture (I-47)', () => {
    // Keys, salts, signatures and hashes spell any four letters by chance.
    const text = taken.bytes
      .toString()
      .replaceAll(/"[\w+/-]{22,}={0,2}"/g, '""')
      .toLowerCase();
    const ids = [...played.accounts, played.picture];
    expect([...CANARIES, ...ids].filter((canary) => text.includes(canary))).toEqual([]);
    // They were there: nothing here is right by looking for what nobody wrote.
    expect(CANARIES.filter((canary) => CANARY.toLowerCase().includes(canary)).length).toBeGreaterThan(11);
    expect(ofType('shift').map(({ by }) => by)).toEqual([expect.stringMatching(/^PERSON-\d+$/), expect.any(String)]);
    expect(ofType('report')[0]).not.toHaveProperty('url');
  });

  it('has the same bytes whenever it is taken of the same incident, by whomever', async () => {
    await publishNew(desk.hub);
    await addLine(desk.hub, await openIncident(desk.hub, 'autre-incident'));
    const again = await takeArchive(desk.hub, played.incident.id, 'duty');
    expect(again.bytes.equals(taken.bytes)).toBe(true);
    // What was left running goes on, and so does the archive.
    await desk.mutate('editor', 'verifyPublication', { id: played.alert });
    const later = await takeArchive(desk.hub, played.incident.id);
    expect(later.bytes.equals(taken.bytes)).toBe(false);
    expect((await verifyText(later.bytes)).faults).toEqual([]);
    expect(later.lines.filter((line) => line.includes('"type":"entry"')).length).toBe(ofType('entry').length + 1);
    const [one, other] = [path.join(folder, 'first.ndjson'), path.join(folder, 'later.ndjson')];
    writeFileSync(one, taken.bytes);
    writeFileSync(other, later.bytes);
    const printed: string[] = [];
    expect(await verifyArchiveFiles([one, one, other], (text) => void printed.push(text))).toBe(true);
    const line = taken.lines.findIndex((text, index) => text !== later.lines[index]) + 1;
    expect(printed.slice(-2)).toEqual([
      `${one} and ${one}: the same bytes`,
      `${one} and ${other}: they differ from line ${line} on: it is of type dossier in one, and log-line in the other`,
    ]);
  });

  it('is on record before it leaves: who, of what, and its hash (I-14)', async () => {
    const rows = await owner(
      `select x.incident_id as incident, x.hash, x.lines, x.bytes::int, x.by_id = e.actor as "isTheirs", e.state_after is not null as "isHashed"
       from incident_archive x join audit_entry e on e.subject = x.id where e.action = 'archiveIncident' order by x.at, x.id`,
    );
    expect(rows[0]).toEqual({
      incident: played.incident.id,
      hash: ofType('end')[0]?.hash,
      lines: taken.lines.length,
      bytes: taken.bytes.length,
      isTheirs: true,
      isHashed: true,
    });
    await expect(owner('delete from incident_archive')).rejects.toThrow(/refused/);
    await withSession(url, async (session) => {
      expect((await verifyAudit(sqlOver(session))).fault).toBeNull();
      expect((await verifyLogs(sqlOver(session))).fault).toBeNull();
    });
  });

  it('of an incident that is open says so', async () => {
    const open = await openIncident(desk.hub, 'encore-ouvert');
    const { headers, records } = await takeArchive(desk.hub, open);
    expect(headers.get('content-disposition')).toContain('incident-encore-ouvert-en-cours-');
    expect(records[0]).toMatchObject({ incident: { state: 'OPEN' } });
    expect(JSON.stringify(records[0]?.notice)).toContain('L’incident est ouvert');
  });
});

it('verifies by the few lines that docs/operations.md gives, without this program', () => {
  if (!given(hasProgram('python3'), 'python3')) return;
  const block = blocksOf('docs/operations.md').find(({ language }) => language === 'python');
  const run = (bytes: Buffer) => {
    const file = path.join(folder, 'by-hand.ndjson');
    writeFileSync(file, bytes);
    return spawnSync('python3', ['-c', block?.code ?? '', file], { encoding: 'utf8' });
  };
  expect(run(taken.bytes).stdout).toBe(`sound up to its last line ${taken.lines.length}\n`);
  const line = taken.lines.findIndex((text) => text.includes('Le pont tient.')) + 1;
  const changed = run(Buffer.from(taken.bytes.toString().replace('Le pont tient.', 'Le pont cède.')));
  expect([changed.status, changed.stderr]).toEqual([1, `line ${line} is not what was written\n`]);
});

describe('an archive that was tampered with', () => {
  it('is told with its line, and answers that not all is well', async () => {
    const changed = taken.bytes.toString().replace('Le pont tient.', 'Le pont cède.');
    const line = taken.lines.findIndex((text) => text.includes('Le pont tient.')) + 1;
    expect(await verified(Buffer.from(changed))).toEqual({
      isWell: false,
      text: expect.stringMatching(new RegExp(`is not as it left the hub:\n  line ${line} is not what was written$`)),
    });
    await expect(verified(taken.bytes, { name: 'x.ndjson.gz' })).rejects.toThrow();
    expect(() => archivesAsked([])).toThrow(/give a file/);
    expect(() => archivesAsked(['--hubs', 'x'])).toThrow(/--hubs is no option/);
  });

  it('is found by the hub where a hub’s own rows were changed since', async () => {
    const [entry] = ofType('entry');
    await withSession(url, async (session) => {
      await session.query('set session_replication_role = replica');
      await session.query('update log_line set hash = $1 where incident_id = $2 and number = 2', [
        '0',
        played.incident.id,
      ]);
      await session.query(`update journal_entry set document = document || '{"x":1}' where position = $1`, [
        entry?.position,
      ]);
      await session.query('delete from incident_archive');
    });
    const { isWell, text } = await verified(taken.bytes, { hub: true });
    expect(isWell).toBe(false);
    expect(text.split('\n').slice(1)).toEqual([
      '  line 2 of the log is another one in the hub',
      `  entry ${entry?.position} of the journal is another one in the hub`,
      '  the hub has no such archive on record',
    ]);
  });
});
