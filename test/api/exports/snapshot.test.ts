import { expect, it } from 'vitest';
import { exportedReports } from '../../../src/exports/reports.queries.ts';
import { fillReports } from '../../support/desk/exporting.ts';
import { reportDesk } from '../../support/desk/report-desk.ts';

const { url, em, territory, pool } = await reportDesk();
const list = exportedReports(territory);
const open = () => list.open({ states: ['NEW'], search: null }, { em: em(), at: new Date() });
const cellsOf = async (pages: AsyncGenerator<readonly (readonly string[])[]>) => {
  const sizes: number[] = [];
  const rows: string[][] = [];
  for await (const page of pages) {
    sizes.push(page.length);
    rows.push(...page.map((cells) => [...cells]));
  }
  return { sizes, rows };
};

it('shows all rows as they stood when it was opened, whatever changes meanwhile', async () => {
  await fillReports(url, 700);
  const opened = await open();
  expect(opened.total).toBe(700);
  // Every report leaves the filter, and others come into it.
  await pool.query(`update report set state = 'NOT_USEFUL', closed_at = now()`);
  await fillReports(url, 20);
  const { sizes, rows } = await cellsOf(opened.pages());
  await opened.close();
  expect(sizes).toEqual([300, 300, 100]);
  expect(new Set(rows.map(([id]) => id)).size).toBe(700);
  expect(new Set(rows.map(([, state]) => state))).toEqual(new Set(['Nouveau']));
  expect(rows.map((cells) => cells[list.headings.indexOf('Texte')]).at(-1)).toBe('Signalement 700');
  const again = await open();
  expect(again.total).toBe(20);
  await again.close();
});

it('holds no transaction once it is closed, and none where it cannot be opened', async () => {
  const held = async () => {
    const { rows } = await pool.query(
      `select count(*)::int as held from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`,
    );
    return rows[0].held;
  };
  const opened = await open();
  expect(await held()).toBe(1);
  await opened.close();
  await expect(list.open({ states: [], search: 12 }, { em: em(), at: new Date() })).rejects.toThrow();
  expect(await held()).toBe(0);
});
