import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { onRightNode, root } from './runtime.mjs';

// Follows the chain of the audit log from its first entry to its last; the exit code is 1 where it is broken.
if (await onRightNode()) {
  const { build } = await import('./build.mjs');
  await build();
  const load = (name) => import(pathToFileURL(path.join(root, 'dist', 'src', `${name}.js`)).href);
  const { readConfig, forgetPostgresVariables } = await load('config');
  const { startEmbedded } = await load('development/embedded/embedded');
  const { openSession } = await load('database/session');
  const { sqlOver } = await load('database/sql');
  const { verifyAudit } = await load('office/audit.queries');
  let embedded;
  let session;
  try {
    const config = readConfig();
    if (!config.databaseUrl) {
      forgetPostgresVariables();
      embedded = await startEmbedded({ dataDir: config.dataDir });
    }
    session = await openSession({ url: embedded?.url ?? config.databaseUrl, name: 'tocsin audit:verify' });
    const { sound, fault } = await verifyAudit(sqlOver(session), (done, total) =>
      console.error(`${done} of ${total} entries verified`),
    );
    console.log(
      fault ? `The audit log is broken after ${sound} sound entries: ${fault}.` : `All ${sound} entries are sound.`,
    );
    process.exitCode = fault ? 1 : 0;
  } catch (error) {
    console.error(error.message || error);
    process.exitCode = 1;
  } finally {
    await session?.end();
    await embedded?.stop();
  }
}
