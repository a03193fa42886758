/**
 * The names in a column of the table of a page whose first heading is that text; a cell may hold several, each in backticks.
 * Throws where the page has no such table.
 */
export function namesInTable(page: string, heading: string, column = 0): string[] {
  const lines = page.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`| ${heading} |`));
  if (start < 0) throw new Error(`the page has no table of ${heading}`);
  const rows = lines.slice(start + 2);
  const end = rows.findIndex((line) => !line.startsWith('|'));
  return rows
    .slice(0, end < 0 ? undefined : end)
    .flatMap((row) => [...(row.split('|')[column + 1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
}
