import { demand } from '../../access/permissions.rules.ts';
import type { DeskFeed } from '../../editorial/desk-changes/desk-feed.ts';
import { wokenByReturn } from '../../editorial/desk-changes/waking-return.ts';
import type { Context } from '../../graphql/context.ts';
import { loadFound } from '../../graphql/loaders.ts';
import { notFound } from '../../office/lock.queries.ts';
import type { Office } from '../../office/office.ts';
import type { Territory } from '../../territory/territory.ts';
import { LogLineLoaders } from '../log-line.loaders.ts';
import { type LogLineView, type LogSearch, logConditions } from '../log-lines.queries.ts';
import type { LogChange } from './log-change.types.ts';
import { demandSameLog, encodeLogCursor, type LogPosition, startingNumber } from './log-cursor.rules.ts';
import { idsInPart, LogHeadLoaders, type LogPart } from './log-position.queries.ts';

export interface AskedLog {
  incident: string;
  after?: string | null;
  where?: LogSearch | null;
}

const PAGE = 200;

/**
 * The lines of a log as they are written, for followers. A line and its audit entry are committed together, so the feed of the
 * desk rings for it in every process; a follower then reads the log itself, from where it stands. Numbers follow the order of
 * commits: none comes late.
 */
export class LogFollowers {
  readonly #office: Pick<Office, 'read'>;
  readonly #territory: Pick<Territory, 'byCode'>;
  readonly #feed: Pick<DeskFeed, 'listen'>;
  readonly #heads: LogHeadLoaders;
  readonly #lines: LogLineLoaders;

  constructor(office: Pick<Office, 'read'>, territory: Pick<Territory, 'byCode'>, feed: Pick<DeskFeed, 'listen'>) {
    this.#office = office;
    this.#territory = territory;
    this.#feed = feed;
    this.#heads = new LogHeadLoaders(office);
    this.#lines = new LogLineLoaders(office);
  }

  /** Opens a log for one person. Throws NOT_FOUND, INVALID_INPUT for a filter, RESYNC_REQUIRED for a cursor. */
  async open({ actor, load }: Context, { incident, after, where }: AskedLog): Promise<LogEvents> {
    demand(actor, 'readLog');
    const conditions = logConditions(where ?? null, this.#territory);
    const headNow = async (): Promise<LogPosition> => {
      const head = await load(this.#heads.head).load(incident);
      if (!head) throw notFound('incident', incident);
      return head;
    };
    const bell = new Bell();
    // It listens before it looks: what is written in between rings.
    const stop = await this.#feed.listen((deeds) => bell.ring(deeds.map(({ subject }) => subject)));
    try {
      const head = await headNow();
      const from = { ...head, number: startingNumber(after ?? null, head) };
      const linesIn = async (part: Omit<LogPart, 'conditions' | 'incident'>) => {
        const ids = await idsInPart(this.#office.read(), { ...part, incident: head.incident, conditions }, PAGE);
        return loadFound(load(this.#lines.view), ids);
      };
      const maskedAmong = async (subjects: readonly string[], upTo: number) => {
        const lines = await loadFound(load(this.#lines.view), subjects);
        const masked = lines.filter((line) => line.maskedAt && line.incident === head.incident && line.number <= upTo);
        return (await Promise.all(masked.map((line) => linesIn({ after: line.number - 1, upTo: line.number })))).flat();
      };
      return wokenByReturn(follow({ from, headNow, linesIn, maskedAmong, bell, stop }), () => {
        stop();
        bell.end();
      });
    } catch (error) {
      stop();
      throw error;
    }
  }
}

/** The last event of a follower who cannot go on, and why. */
export class LogFailure {
  constructor(readonly error: unknown) {}
}

export type LogEvents = AsyncGenerator<LogChange | LogFailure, void>;

interface Following {
  from: LogPosition;
  headNow(): Promise<LogPosition>;
  linesIn(part: { after: number; upTo: number }): Promise<LogLineView[]>;
  /** Of what deeds were done to, the lines up to a number from whose words people were taken out. */
  maskedAmong(subjects: readonly string[], upTo: number): Promise<LogLineView[]>;
  bell: Bell;
  stop(): void;
}

/**
 * A checkpoint, then each line once; a checkpoint also where lines came that the follower does not want. A line from whose words
 * people were taken out comes again.
 */
async function* follow({ from, headNow, linesIn, maskedAmong, bell, stop }: Following): LogEvents {
  let { number } = from;
  const changeAt = (line: LogChange['line']): LogChange => ({ cursor: encodeLogCursor({ ...from, number }), line });
  try {
    yield changeAt(null);
    while (!bell.isEnded) {
      const head = await headNow();
      demandSameLog(head, { epoch: from.epoch, number });
      while (number < head.number) {
        const lines = await linesIn({ after: number, upTo: head.number });
        for (const line of lines) {
          number = line.number;
          yield changeAt(line);
        }
        if (lines.length === PAGE || number === head.number) continue;
        number = head.number;
        yield changeAt(null);
      }
      for (const line of await maskedAmong(await bell.rung(), number)) yield changeAt(line);
    }
  } catch (error) {
    yield new LogFailure(error);
  } finally {
    stop();
  }
}

/** Rings once for all that happened since somebody last waited; what it happened to waits at most once. */
class Bell {
  #rang = false;
  #subjects = new Set<string>();
  #wake: () => void = () => undefined;
  isEnded = false;

  ring(subjects: readonly string[] = []): void {
    for (const subject of subjects) this.#subjects.add(subject);
    this.#rang = true;
    this.#wake();
  }

  end(): void {
    this.isEnded = true;
    this.ring();
  }

  async rung(): Promise<string[]> {
    if (!this.#rang)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    this.#rang = false;
    const subjects = [...this.#subjects];
    this.#subjects.clear();
    return subjects;
  }
}
