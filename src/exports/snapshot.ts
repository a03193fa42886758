import { type EntityManager, IsolationLevel } from '@mikro-orm/postgresql';
import type { SheetColumn } from '../formats/sheet/sheet.ts';
import type { Page } from '../paging/page.rules.ts';
import { cellsOf, type OpenedExport } from './exported-list.ts';

/** Rows of the desk change while others are sent: one transaction reads them all as they stood when it began. */
export async function inSnapshot(
  em: EntityManager,
  open: () => Promise<Omit<OpenedExport, 'close'>>,
): Promise<OpenedExport> {
  await em.begin({ isolationLevel: IsolationLevel.REPEATABLE_READ, readOnly: true });
  // PostgreSQL may have ended the session: then nothing is held any more.
  const close = () => em.rollback().catch(() => undefined);
  try {
    return { ...(await open()), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A list of the desk from its first page on: `read` answers the page behind a cursor. */
export async function openPages<Row>(
  read: (after: string | null) => Promise<Page<Row>>,
  columns: readonly SheetColumn<Row>[],
): Promise<Omit<OpenedExport, 'close'>> {
  const first = await read(null);
  return { total: await first.totalCount(), pages: () => pagesFrom(first, read, columns) };
}

async function* pagesFrom<Row>(
  first: Page<Row>,
  read: (after: string | null) => Promise<Page<Row>>,
  columns: readonly SheetColumn<Row>[],
): ReturnType<OpenedExport['pages']> {
  for (let page = first; ; page = await read(page.pageInfo.endCursor())) {
    yield cellsOf(columns, page.nodes);
    if (!page.pageInfo.hasNextPage) return;
  }
}
