import { resolveAccount } from '../access/account.queries.ts';
import type { Visitor } from '../access/account-directory.ts';
import { HUB_ISSUER } from '../access/own-issuers.rules.ts';
import { openCallOn } from '../calling/open-call.commands.ts';
import { webhookCarrier } from '../channels/webhooks/delivery/webhook-carrier.ts';
import type { WebhookTargets } from '../channels/webhooks/target.ts';
import { untilThere } from '../database/until-there.ts';
import { sealEarlier } from '../editorial/publishing/seal.commands.ts';
import { sealCap } from '../formats/cap/seal.ts';
import { logDeed } from '../incident-log/deeds/log-deed.commands.ts';
import { Office } from '../office/office.ts';
import { PUBLIC_TARGETS, TARGETS_WITH_LOOPBACK } from '../outgoing/checked-connection.ts';
import { Courier } from '../outgoing/courier.ts';
import { Heartbeat } from '../outgoing/heartbeat.ts';
import { PicturePress } from '../pictures/picture-press.ts';
import type { HubOffice, OfficeResources } from '../resolvers.ts';
import { Timekeeper } from '../timekeeping/timekeeper.ts';
import { Watchkeeper } from '../watchers/watchkeeper.ts';
import { type OpenMessages, openMessages } from './desk/open-messages.ts';
import { fillEmpty } from './fill-empty.ts';
import { type TimedWork, timedWork } from './keep-time.ts';
import type { OpenJournal } from './open-journal.ts';
import { type OpenMail, openMail } from './open-mail.ts';
import { type OpenPush, openPush } from './open-push.ts';
import type { EmptyHub, Start } from './options.ts';
import { type WriteCursors, writeCursors } from './write-cursors.ts';

/** Everything that writes: staff by their commands, and the hub by itself. */
export interface OpenOffice extends Pick<EmptyHub, 'office' | 'accountOf'> {
  cursors: WriteCursors;
  /** Where webhooks may lead. */
  targets: WebhookTargets;
  timekeeper: Timekeeper;
  /** Letters to institutions. */
  mail: OpenMail;
  /** Pushes to closed apps. */
  push: OpenPush;
  /** To people's contact points. */
  messages: OpenMessages;
  /** Of webhooks. */
  courier: Pick<Courier, 'wake' | 'counts'>;
  /** Reads pictures of strangers. */
  press: PicturePress;
  /** Whether the hub has begun its own work: an empty database is filled by then. */
  progress: { begun: boolean };
}

/** In whose name reports of feeds stand. */
const WATCH: Visitor = { issuer: HUB_ISSUER, subject: 'veille', name: 'Veille', roles: ['VOLUNTEER'] };

/** Opens the office. What the hub does by itself begins with `beginWork`. */
export function openOffice(start: Start, journal: OpenJournal): OpenOffice {
  const { options, closing, clock, warn } = start;
  const { em } = journal.database;
  const { allowLoopback = false } = options;
  const reachable = allowLoopback ? TARGETS_WITH_LOOPBACK : PUBLIC_TARGETS;
  const { webhookTargets: targets = { ...reachable, http: allowLoopback } } = options;
  const accountOf: EmptyHub['accountOf'] = async (person) => (await resolveAccount(em(), person, person.roles)).id;
  const onError = warn('webhooks could not be served');
  const carrier = webhookCarrier({ em, source: { ...journal.reads, clock }, targets });
  const courier = new Courier({ carrier, onError });
  closing.pushEarly(() => courier.close());
  const showChanges = async () => {
    await journal.reads.journal.tail.refresh();
    await journal.shelf.keepUp();
  };
  const mail = openMail(start, journal);
  const { sendsLetters, wakeLetters } = mail;
  const messages = openMessages(start, journal, {
    mailer: mail.mailer,
    targets: { ...reachable, http: allowLoopback },
  });
  const { sendsBy, wakeMessages } = messages;
  const wakeCourier = () => courier.wake();
  const letters = { sendsLetters, wakeLetters };
  const office = staff(start, journal, { showChanges, wakeCourier, ...letters, sendsBy, wakeMessages });
  const cursors = writeCursors(office, journal.reads.journal.tail, showChanges);
  const watchkeeper = new Watchkeeper({
    office,
    territory: options.territory,
    account: async () => ({ id: await accountOf(WATCH), name: WATCH.name, roles: WATCH.roles }),
    targets: options.watcherTargets ?? reachable,
    onError: warn('a feed could not be looked at'),
  });
  // The timekeeper calls it: it ends after the timekeeper.
  closing.push(() => watchkeeper.close());
  const timekeeper = openTimekeeper(start, { em, office, watchkeeper, heartbeat: openHeartbeat(start) });
  return {
    office,
    cursors,
    accountOf,
    targets,
    timekeeper,
    courier,
    mail,
    push: openPush(start, journal),
    messages,
    press: openPress(start),
    progress: { begun: false },
  };
}

/** Nobody is told where the operator named nobody. */
function openHeartbeat({ options: { heartbeat: told, logger }, closing }: Start): Pick<Heartbeat, 'beat'> {
  if (!told) return { beat: () => undefined };
  const onFault = (fault: string) => logger.warn({ fault }, 'the heartbeat could not be told');
  const heartbeat = new Heartbeat({ targets: PUBLIC_TARGETS, ...told, onFault });
  closing.push(() => heartbeat.close());
  return heartbeat;
}

function openPress({ closing, options: { logger } }: Start): PicturePress {
  const press = new PicturePress({
    onDeath: (how) => logger.warn({ how }, 'a picture ended the process that read it'),
  });
  closing.push(() => press.close());
  return press;
}

/** The office, with what commands need of the rest of the hub. */
function staff(
  { options, clock, publicUrl }: Start,
  { database }: OpenJournal,
  effects: Omit<OfficeResources, 'territory' | 'capSender' | 'seal'>,
): HubOffice {
  const { territory, capSender, signing, rolesFrom = 'accounts' } = options;
  return new Office({
    em: database.em,
    clock,
    holdsRoles: rolesFrom === 'accounts',
    // Both lock the incident: the log's line last, as everywhere.
    onDone: async (em, done) => {
      await openCallOn(em, done);
      await logDeed(em, done);
    },
    resources: {
      territory,
      capSender,
      seal: (document) => sealCap(document, { territory, publicUrl }, signing),
      ...effects,
    },
  });
}

function openTimekeeper(start: Start, work: TimedWork): Timekeeper {
  const { options, closing, databaseClock, warn } = start;
  const timekeeper = new Timekeeper({
    url: options.databaseUrl,
    ...timedWork(start, work),
    onTime: (now, roundTripMs) => databaseClock?.hear(now, roundTripMs),
    isFit: () => databaseClock?.isFit ?? true,
    onError: warn('the timekeeper stopped for a moment'),
  });
  // Early, so that another hub may keep time while this one sends its followers away.
  closing.pushEarly(() => timekeeper.close());
  return timekeeper;
}

/** Begins what the hub does by itself: at once, or as soon as the database is there. */
export async function beginWork(start: Start, journal: OpenJournal, desk: OpenOffice): Promise<void> {
  const { closing, warn } = start;
  const { database, reads } = journal;
  const { office, accountOf, timekeeper, courier, mail, messages, push } = desk;
  const { tail } = reads.journal;
  const begin = async () => {
    if (!database.isOpen) await journal.arrive();
    const probed = journal.probe.start();
    await office
      .run(null, { action: 'sealEarlier' }, sealEarlier)
      .catch(warn('earlier CAP messages are not sealed yet'));
    await fillEmpty(start, journal, { office, accountOf });
    await probed;
    desk.progress.begun = true;
    timekeeper.start();
    for (const wake of [() => courier.wake(), mail.wakeLetters, messages.wakeMessages, push.wake]) {
      tail.onRead(wake);
      wake();
    }
  };
  if (database.isOpen) return begin();
  const begun = untilThere(begin, closing.signal, warn('the database is waited for'));
  closing.push(() => begun);
}
