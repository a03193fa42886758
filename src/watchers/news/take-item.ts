import { UniqueConstraintViolationException } from '@mikro-orm/core';
import type { Actor } from '../../access/actor.ts';
import { parisTime } from '../../clock.ts';
import { forbiddenCharacter, webAddress } from '../../publications/content/text/plain-text.ts';
import { isVisible } from '../../publications/content/text/visible-text.ts';
import { masking } from '../../reports/personal/personal.rules.ts';
import { Report } from '../../reports/report.entity.ts';
import type { ReportOffice } from '../../reports/report-work.ts';
import { submitReport } from '../../reports/submit.commands.ts';
import type { Territory } from '../../territory/territory.ts';
import type { Fence } from '../../timekeeping/lease.commands.ts';
import type { WatchedFeed } from '../reading/feed.ts';
import type { WatchedItem } from '../reading/watched-item.ts';
import { digest, type MessageRole, roleOf } from '../references.rules.ts';
import { threadBefore } from '../thread.queries.ts';
import { FeedOrigin, Watcher, type WatcherRow } from '../watcher.entity.ts';
import type { NewsItem } from './news.queries.ts';
import type { Novelty } from './novelty.rules.ts';

const MOST_CHARACTERS = 9_900;
const MOST_CATEGORY = 60;

/**
 * The key of a report: the same for all who find the same news at once, so that one of them makes it. The first report of a CAP
 * message has the name of the message.
 */
const keyOf = ({ item, names: { thing, words }, number }: NewsItem): string =>
  item.cap && number === 0 ? thing : digest(`${thing}\n${words}\n${number}`);

/**
 * Makes a report of an item, with where it comes from; false where somebody else reported something of the thing meanwhile.
 * Holds its own transaction.
 */
export async function takeItem(
  { office, actor, territory, fence }: { office: ReportOffice; actor: Actor; territory: Territory; fence: Fence },
  watcher: WatcherRow,
  feed: WatchedFeed,
  news: NewsItem,
): Promise<boolean> {
  const { item, names, novelty, isWanted } = news;
  const input = reportOf(news, watcher.url, territory, office.now);
  try {
    await office.run(actor, { action: 'submitReport' }, (work) =>
      fence(work.em, async () => {
        const report = await submitReport(work, input);
        const [first] = item.cap?.references ? await threadBefore(work.em, item.cap) : [];
        const leadsTo = first?.report ?? (novelty.kind === 'REPLACING' ? null : novelty.earlier);
        const replaced = novelty.kind === 'REPLACING' ? novelty.earlier : null;
        work.em.create(FeedOrigin, {
          key: keyOf(news),
          thing: names.thing,
          words: names.words,
          standsTwice: names.standsTwice,
          wanted: isWanted,
          trusted: item.cap !== null && watcher.trustedSenders.includes(item.cap.sender),
          report,
          watcher: work.em.getReference(Watcher, watcher.id),
          feedUrl: watcher.url,
          feedTitle: feed.title,
          reference: item.cap ? item.identity.replace(/^cap:/, '') : masking([]).mask(item.identity),
          first: leadsTo === null ? null : work.em.getReference(Report, leadsTo),
          replaces: replaced === null ? null : work.em.getReference(Report, replaced),
          publishedAt: item.at,
          takenAt: office.now,
          cap: item.cap,
        });
        await work.em.flush();
        return report;
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof UniqueConstraintViolationException) return false;
    throw error;
  }
}

function reportOf({ item, commune, novelty }: NewsItem, feedUrl: string, territory: Territory, now: Date) {
  const { title, summary, link, at, point, cap } = item;
  const near = point && territory.touchesDepartement({ type: 'Point', coordinates: [point.lon, point.lat] });
  return {
    text: clean(
      [...new Set([STANDINGS[novelty.kind] ?? '', heading(item) ?? '', title, summary])]
        .filter(isVisible)
        .join('\n\n') || item.identity,
      MOST_CHARACTERS,
    ),
    channel: 'FEED',
    url: addressOf(link, feedUrl),
    seenAt: parisTime(at && at < now ? at : now),
    commune,
    point: near ? point : null,
    category: clean(cap?.infos[0]?.event ?? '', MOST_CATEGORY) || null,
    people: [],
  };
}

const STANDINGS: Readonly<Partial<Record<Novelty['kind'], string>>> = {
  CHANGED: 'Nouvel état d’un élément déjà signalé',
  REPLACING: 'Remplace un message reçu d’une source qui n’est pas de confiance',
  CONTRADICTING: 'Autre texte sous les références d’un message déjà reçu',
};

const HEADINGS: Readonly<Partial<Record<MessageRole, string>>> = {
  UPDATE: 'Mise à jour d’un message reçu',
  CANCEL: 'Annulation d’un message reçu',
  ALL_CLEAR: 'Fin d’alerte pour un message reçu',
};

/** The words that tell volunteers how a message bears on an earlier one; null for a first message. */
const heading = ({ cap }: WatchedItem): string | null => (cap && HEADINGS[roleOf(cap)]) ?? null;

/** Text that a report may hold: cut where it is too long, without the characters that plain text may not have. */
function clean(text: string, most: number): string {
  const lines = text.replace(/\r\n?/g, '\n');
  const cut = lines.length > most ? `${lines.slice(0, most - 1)}…` : lines;
  return [...cut]
    .filter((character) => forbiddenCharacter(character) === undefined)
    .join('')
    .trim();
}

function addressOf(link: string | null, feedUrl: string): string | null {
  const url = link ? URL.parse(link, feedUrl)?.href : undefined;
  return url && webAddress.safeParse(url).success ? url : null;
}
