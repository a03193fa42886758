import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { onRightNode, root } from './runtime.mjs';

// Declares that the database was restored from a backup, before a hub serves it again: docs/operations.md.
if (await onRightNode()) {
  const { build } = await import('./build.mjs');
  await build();
  const load = (name) => import(pathToFileURL(path.join(root, 'dist', 'src', `${name}.js`)).href);
  const { readConfig, forgetPostgresVariables } = await load('config');
  const { startEmbedded } = await load('development/embedded/embedded');
  const { openSession } = await load('database/session');
  const { sqlOver } = await load('database/sql');
  const { declareRestore } = await load('journal/restore.commands');
  let embedded;
  let session;
  try {
    const config = readConfig();
    if (!config.databaseUrl) {
      forgetPostgresVariables();
      embedded = await startEmbedded({ dataDir: config.dataDir });
    }
    session = await openSession({ url: embedded?.url ?? config.databaseUrl, name: 'tocsin journal:restored' });
    const { epoch, position } = await declareRestore(sqlOver(session));
    console.log(`The journal goes on after position ${position} in a new epoch, ${epoch}: followers start over.`);
  } catch (error) {
    console.error(error.message || error);
    process.exitCode = 1;
  } finally {
    await session?.end();
    await embedded?.stop();
  }
}
