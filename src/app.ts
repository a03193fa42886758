// type-graphql's decorators want it there before any class is read.
import 'reflect-metadata';
import type { PublicReads } from './board/public-reads.ts';
import { listen, reserveAddress } from './hub/address.ts';
import { ClosingStack } from './hub/closing-stack.ts';
import { openJournal } from './hub/open-journal.ts';
import { beginWork, openOffice } from './hub/open-office.ts';
import { openWaysOut } from './hub/open-ways-out.ts';
import type { AppOptions, Start } from './hub/options.ts';
import type { HubOffice } from './resolvers.ts';
import { DatabaseClock } from './timekeeping/database-clock.ts';

export interface App {
  url: string;
  /** Where operators have a port of their own. */
  operatorsUrl: string | undefined;
  office: HubOffice;
  reads: PublicReads;
  /**
   * Is not ready from now on, sends followers away spread over the drain window, answers what is under way, closes every
   * connection, leaves nothing running. Throws what failed on the way, after everything else has closed. May be called again.
   */
  close(): Promise<void>;
}

/**
 * One hub process, opened in the order in which the street runs: journal, office, ways out. Each opener pushes its own end
 * on one stack; a start that fails closes what was opened, and so does `close`.
 */
export async function createApp(options: AppOptions): Promise<App> {
  const { logger } = options;
  const closing = new ClosingStack();
  const warn: Start['warn'] = (what) => (error) => logger.warn({ err: error }, what);
  try {
    const address = await reserveAddress(closing, options);
    const start: Start = { options, closing, ...clocksOf(options), publicUrl: options.publicUrl ?? address.url, warn };
    const journal = await openJournal(start);
    const desk = openOffice(start, journal);
    const { server, operatorsUrl } = await openWaysOut(start, journal, desk);
    await journal.readable;
    await listen(server, address);
    await beginWork(start, journal, desk);
    const close = () => closing.close();
    return { url: address.url, operatorsUrl, office: desk.office, reads: journal.reads, close };
  } catch (error) {
    await closing.close().catch(warn('what was opened before the start failed did not close'));
    throw error;
  }
}

/** PostgreSQL's time, unless a test or a demo brings a clock of its own: that one is right by definition. */
function clocksOf({ clock }: AppOptions): Pick<Start, 'clock' | 'databaseClock'> {
  const databaseClock = new DatabaseClock();
  return { clock: clock ?? databaseClock, databaseClock: clock ? undefined : databaseClock };
}
