import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { lineHashAfter } from '../../../src/incident-archive/format/archive-chain.rules.ts';
import { archiveLines, INCIDENT_OF_FILE, verifyLines, verifyText } from '../../support/crisis-cell/archive-file.ts';

const RECORDS = 30;
let lines: string[] = [];
beforeAll(async () => {
  lines = await archiveLines(
    Array.from({ length: RECORDS }, (_, index) => ({
      type: 'log-line',
      text: `Ligne ${index}\u2028${'é'.repeat(index)}`,
    })),
  );
});

const at = (number: number): string => lines[number - 1] ?? '';
const without = (number: number) => lines.filter((_, index) => index !== number - 1);
const withAt = (number: number, ...put: string[]) => [...lines.slice(0, number), ...put, ...lines.slice(number)];
const faultsOf = async (tampered: readonly string[]) => (await verifyLines(tampered)).faults;
/** Numbers of lines that stand between the header and the end. */
const number = fc.integer({ min: 2, max: RECORDS + 1 });

describe('an archive that is as it left the hub', () => {
  it('has no fault, however its bytes come in', async () => {
    for (const chunk of [1, 7, 64, 100_000]) {
      const { faults, incident, counts, seal, lines: places } = await verifyLines(lines, chunk);
      expect(faults).toEqual([]);
      expect(incident).toEqual({ id: INCIDENT_OF_FILE, title: 'Crue', isClosed: true });
      expect([places, counts]).toEqual([RECORDS + 3, { archive: 1, 'log-line': RECORDS }]);
      expect(seal?.fingerprint).toMatch(/^([\dA-F]{2}:){31}[\dA-F]{2}$/);
    }
  });
});

describe('one change is told with the line that it is about', () => {
  it('a line that was changed, wherever in it', async () => {
    await fc.assert(
      fc.asyncProperty(number, fc.nat(), fc.integer({ min: 1, max: 255 }), async (changed, where, by) => {
        const bytes = Buffer.from(at(changed));
        const place = where % bytes.length;
        bytes[place] = (bytes[place] ?? 0) ^ by;
        // A line end within it makes two lines of one.
        fc.pre(bytes[place] !== 0x0a);
        const tampered = [lines.slice(0, changed - 1).map((line) => Buffer.from(`${line}\n`)), bytes, '\n'].flat();
        const rest = lines.slice(changed).map((line) => `${line}\n`);
        const { faults } = await verifyText(Buffer.concat([...tampered, ...rest].map((part) => Buffer.from(part))));
        expect(faults[0]).toMatch(new RegExp(`^line ${changed} is not what was written`));
        // Where its own hash was changed, the next line no longer follows on it either.
        expect(faults.length).toBeLessThanOrEqual(2);
      }),
      { numRuns: 300 },
    );
  });

  it('a line that is missing', async () => {
    await fc.assert(
      fc.asyncProperty(number, async (gone) => {
        expect(await faultsOf(without(gone))).toEqual([`line ${gone} is missing`]);
      }),
    );
  });

  it('a line that was added: one of its own making, another one again, or no line at all', async () => {
    const added = fc.oneof(fc.constant('{}'), fc.constant('x'), fc.constant(''), fc.constant(null), fc.json());
    await fc.assert(
      fc.asyncProperty(number, added, async (behind, put) => {
        const forged = `{"n":${behind + 1},"type":"log-line","text":"ajout","hash":"${lineHashAfter('', 'x')}"}`;
        expect(await faultsOf(withAt(behind, put ?? forged))).toEqual([
          `a line was added behind line ${behind}, at place ${behind + 1}`,
        ]);
      }),
    );
    await fc.assert(
      fc.asyncProperty(number, number, async (behind, again) => {
        const faults = await faultsOf(withAt(behind, at(again)));
        expect(faults).toHaveLength(1);
        expect(faults[0]).toMatch(new RegExp(`^line ${again} stands twice`));
      }),
    );
  });

  it('a line that was moved', async () => {
    await fc.assert(
      fc.asyncProperty(number, number, async (from, to) => {
        fc.pre(from !== to && Math.abs(from - to) > 1);
        const rest = without(from);
        const behind = to > from ? to : to;
        const place = rest.indexOf(at(behind));
        rest.splice(place + 1, 0, at(from));
        fc.pre(rest.join('\n') !== lines.join('\n'));
        expect(await faultsOf(rest)).toEqual([`line ${from} was moved: it stands behind line ${behind}`]);
      }),
    );
  });

  it('two neighbours that changed places', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: RECORDS }), async (first) => {
        const tampered = [...lines];
        tampered.splice(first - 1, 2, at(first + 1), at(first));
        const faults = await faultsOf(tampered);
        expect(faults).toHaveLength(1);
        expect(faults[0]).toMatch(new RegExp(`^line (${first}|${first + 1}) was moved`));
      }),
    );
  });
});

describe('a file that is not whole', () => {
  it('was cut, at any byte', async () => {
    const text = lines.map((line) => `${line}\n`).join('');
    const bytes = Buffer.from(text);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: at(1).length + 1, max: bytes.length - 1 }), async (length) => {
        const { faults, seal } = await verifyText(bytes.subarray(0, length));
        expect(faults.at(-1)).toMatch(/it was cut$/);
        expect(seal).toBeNull();
      }),
    );
    expect((await verifyText('')).faults).toEqual(['the file is empty']);
  });

  it('goes on behind its seal', async () => {
    expect(await faultsOf([...lines, 'x'])).toContain('something stands behind the seal');
  });

  it('was written anew by a program', async () => {
    expect((await verifyText(lines.map((line) => `${line}\r\n`).join(''))).faults[0]).toContain('CR LF');
    expect((await verifyText(`\uFEFF${lines.join('\n')}\n`)).faults[0]).toContain('byte order mark');
    expect(await faultsOf(without(1))).toEqual([
      'line 1 is not the header of an archive of an incident, or is missing',
    ]);
    expect(await faultsOf(['{"format":"other"}'])).toHaveLength(1);
  });
});

describe('a chain that somebody wrote anew as a whole', () => {
  it('has no good signature of the hub', async () => {
    const other = await archiveLines([{ type: 'log-line', text: 'Autre' }]);
    const [seal = ''] = lines.slice(-1);
    const jws = /"jws":"([^"]+)"/.exec(seal)?.[1] ?? '';
    const unsealed = other.slice(0, -1);
    const last = /"hash":"(\w+)"\}$/.exec(unsealed.at(-1) ?? '')?.[1] ?? '';
    const sealedWith = (signature: string) => {
      const text = `{"n":${unsealed.length + 1},"type":"seal","jws":"${signature}"`;
      return [...unsealed, `${text},"hash":"${lineHashAfter(last, text)}"}`];
    };
    expect(await faultsOf(sealedWith(jws))).toEqual(['the signature is good, and is that of another archive']);
    expect(await faultsOf(sealedWith(jws.replace(/.{20}$/, 'A'.repeat(20))))).toEqual(['the signature is not good']);
    expect(await faultsOf(sealedWith(''))).toEqual(['the signature is not good']);
  });
});
