import { median } from '../../harness.mjs';

const MOST_CPU_MS = 50;
const MOST_BYTES = 8_000_000;
/** A stream is work in turns: after the first 50 ms it may take this share of a core, for as long as it lasts. */
const STREAM_SHARE = 0.25;
const SECOND = 1_000;

/** What was measured of one kind: a row, with whether it is over what the issue allows. */
export function rowOf(name, { isStream = false, isDrawn = false }, samples) {
  const of = (pick) => samples.map(pick);
  const cpu = median(of((one) => (isDrawn ? one.main : one.cpu)));
  const lasted = median(of((one) => one.lasted));
  const bytes = Math.max(...of(({ answer }) => answer.bytes));
  const share = isStream ? lasted * STREAM_SHARE : 0;
  const perSecond = isStream ? Math.max(1, lasted / SECOND) : 1;
  const last = samples.at(-1).answer;
  return {
    name,
    cpu,
    worst: Math.max(...of((one) => (isDrawn ? one.main : one.cpu))),
    main: median(of((one) => one.main)),
    all: median(of((one) => one.cpu)),
    bytes,
    lasted,
    said: `${last.status} ${last.refusal ?? ''}`.trim(),
    isOver: cpu > MOST_CPU_MS + share || bytes / perSecond > MOST_BYTES,
    isDrawn,
  };
}

const WIDTHS = [4, 9, 9, 9, 12, 9];
const HEADS = ['', 'median', 'worst', 'main', 'bytes', 'lasted'];
const line = (cells, rest) => `${cells.map((cell, at) => String(cell).padStart(WIDTHS[at])).join('')}  ${rest}`;

/** The rows, the dearest first; CPU in ms. Marks: `!` over the bound, `w` its worst alone is, `c` a card's drawing, in its worker. */
export function print(rows) {
  console.log(line(HEADS, 'kind (answer)'));
  for (const row of rows.toSorted((a, b) => b.cpu - a.cpu)) {
    const mark = row.isOver ? '!' : row.worst > MOST_CPU_MS ? 'w' : row.isDrawn ? 'c' : '';
    const note = row.isDrawn ? `, ${row.all.toFixed(0)} ms with its worker` : '';
    const figures = [row.cpu.toFixed(1), row.worst.toFixed(1), row.main.toFixed(1), row.bytes, row.lasted.toFixed(0)];
    console.log(line([mark, ...figures], `${row.name} (${row.said}${note})`));
  }
}
