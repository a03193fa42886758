import { migrations } from '../../migrations/list.ts';
import { type SealedPair, sealKeys } from '../accounts/sealed-keys/seal.commands.ts';
import { type Config, forgetPostgresVariables, readConfig } from '../config.ts';
import { type HubRole, makeHubRole } from '../database/owner/hub-role.ts';
import { migrate } from '../database/owner/migrate.ts';
import { openSession, START_MS } from '../database/session.ts';
import { type Sql, sqlOver } from '../database/sql.ts';
import { withHubDatabase } from '../development/databases.ts';
import { type LogVerification, verifyLogs } from '../incident-log/verify-logs.queries.ts';
import { declareRestore } from '../journal/restore.commands.ts';
import { verifyAudit } from '../office/audit.queries.ts';
import { type Signatures, verifySignatures } from '../office/audit-signature.queries.ts';
import { inviteOnMachine } from './account-invite.ts';
import { loadAddressFile } from './load-address-file.ts';
import { takeBounce } from './take-bounce.ts';
import { tryMail } from './try-mail.ts';
import { archivesAsked, verifyArchiveFiles } from './verify-archives.ts';

/** Works on the database at an address, prints the outcome, and answers whether all is well. */
type Command = (url: string, config: Config, args: readonly string[]) => Promise<boolean>;

/** The commands of an operator, by the names that npm knows them by. */
const COMMANDS: Readonly<Record<string, Command>> = {
  migrate: async (url) => {
    const done = await migrate({ url, migrations, log: console.error, waitMs: START_MS });
    console.log(done.length > 0 ? `Applied: ${done.join(', ')}` : 'The database is up to date.');
    return true;
  },
  'database:roles': async (url, { hubDatabaseUrl }) => {
    const role = hubRoleIn(hubDatabaseUrl, url);
    const session = await openSession({ url, name: 'tocsin database:roles', waitMs: START_MS });
    try {
      const isNew = await makeHubRole(session, role);
      console.log(
        `${role.name} ${isNew ? 'is there' : 'was there, and keeps its password'}; it may do what a hub does.`,
      );
      return true;
    } finally {
      await session.end();
    }
  },
  'account:sealed-keys': withSql('account:sealed-keys', async (sql) => {
    console.log(envelopesOf(await sealKeys(sql)));
    return true;
  }),
  'account:invite': async (url, _config, args) => {
    console.log(await inviteOnMachine(url, args));
    return true;
  },
  addresses: async (url, config, args) => {
    console.log(await loadAddressFile(url, config, args));
    return true;
  },
  'archive:verify': async (url, config, args) =>
    withSql('archive:verify', (sql) => verifyArchiveFiles(archivesAsked(args).files, console.log, sql))(
      url,
      config,
      args,
    ),
  'audit:verify': withSql('audit:verify', async (sql) => {
    const tell = (done: number, total: number) => console.error(`${done} of ${total} entries verified`);
    const { sound, fault } = await verifyAudit(sql, tell);
    console.log(
      fault ? `The audit log is broken after ${sound} sound entries: ${fault}.` : `All ${sound} entries are sound.`,
    );
    const signatures = await verifySignatures(sql);
    console.log(toldOf(signatures));
    const logs = await verifyLogs(sql);
    console.log(toldOfLogs(logs));
    return !fault && !signatures.fault && !logs.fault;
  }),
  'mail:bounce': withSql('mail:bounce', async (sql) => {
    console.log(await takeBounce(sql, process.stdin));
    return true;
  }),
  'mail:try': async (_url, config, args) => {
    const { told, isTaken } = await tryMail(config, args);
    console.log(told);
    return isTaken;
  },
  'journal:restored': withSql('journal:restored', async (sql) => {
    const { epoch, position } = await declareRestore(sql);
    console.log(`The journal goes on after position ${position} in a new epoch, ${epoch}: followers start over.`);
    return true;
  }),
};

/**
 * Does one command of an operator on the hub's database, which is started for as long where it is the embedded one. Answers
 * the exit code: 1 after a failure, of which standard error says why, and where something is wrong.
 */
export async function operate(name: string, args: readonly string[] = []): Promise<number> {
  try {
    const command = COMMANDS[name];
    if (!command) throw new Error(`the commands are ${Object.keys(COMMANDS).join(', ')}`);
    // A file is verified on any machine, without settings and without PostgreSQL.
    const archives = name === 'archive:verify' ? archivesAsked(args) : undefined;
    if (archives && !archives.withHub) return (await verifyArchiveFiles(archives.files, console.log)) ? 0 : 1;
    const config = readConfig();
    if (!config.databaseUrl) forgetPostgresVariables();
    return (await withHubDatabase(config, (url) => command(url, config, args))) ? 0 : 1;
  } catch (error) {
    console.error(error instanceof Error && error.message ? error.message : error);
    return 1;
  }
}

/** A command over one session, which PostgreSQL shows by the command's name. */
function withSql(name: string, work: (sql: Sql) => Promise<boolean>): Command {
  return async (url) => {
    const session = await openSession({ url, name: `tocsin ${name}`, waitMs: START_MS });
    try {
      return await work(sqlOver(session));
    } finally {
      await session.end();
    }
  };
}

/** The operator reads here, and never again, the words for two envelopes. */
function envelopesOf({ sealed, withdrawn }: SealedPair): string {
  return [
    'Two sealed keys, shown once. Print each, and keep the two envelopes in two places:',
    ...sealed.map(({ name, key }) => `  ${name}   ${key}`),
    'Each opens the hub once, for 8 hours, to a duty officer whom no issuer can sign in: docs/operations.md.',
    ...(withdrawn > 0 ? [`${withdrawn} that nobody had opened are withdrawn: throw their envelopes away.`] : []),
  ].join('\n');
}

/** Says whose signatures they are, since nothing in the database could: an operator knows the certificates. */
function toldOf({ count, last, fingerprints, fault }: Signatures): string {
  if (fault) return `A signed head of the log is not what stands there: ${fault}.`;
  if (!last) return 'No head of the log has been signed yet.';
  const keys = fingerprints.map((one) => `\n  certificate (SHA-256) ${one}`).join('');
  return `${count} signed heads are those of the log, the last of ${last.at.toISOString()} at entry ${last.position}, by${keys}`;
}

/** Says of how many lines the words cannot be compared any more: each of these is in the audit log. */
function toldOfLogs({ logs, lines, masked, fault }: LogVerification): string {
  if (fault) return `A log of an incident is broken after ${lines} sound lines: ${fault}.`;
  const without = masked > 0 ? `; people were taken out of ${masked} of them, each on record` : '';
  return `All ${lines} lines of the logs of ${logs} incidents are sound${without}.`;
}

/** The role that `HUB_DATABASE_URL` names. Throws where it is no role of its own in the same database. */
function hubRoleIn(hubUrl: string | undefined, ownerUrl: string): HubRole {
  if (!hubUrl) throw new Error('HUB_DATABASE_URL: expected the address at which hubs will enter this database');
  const [hub, owner] = [new URL(hubUrl), new URL(ownerUrl)];
  const name = decodeURIComponent(hub.username);
  if (!name || name === decodeURIComponent(owner.username))
    throw new Error('HUB_DATABASE_URL: expected another user than that of DATABASE_URL, who owns the tables');
  if (hub.pathname !== owner.pathname) throw new Error('HUB_DATABASE_URL: expected the database of DATABASE_URL');
  return { name, password: decodeURIComponent(hub.password) };
}
