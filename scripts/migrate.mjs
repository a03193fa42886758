import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { onRightNode, root } from './runtime.mjs';

// Brings the database up to date without starting the hub, which does it by itself at every start.
if (await onRightNode()) {
  const { build } = await import('./build.mjs');
  await build();
  const load = (name) => import(pathToFileURL(path.join(root, 'dist', `${name}.js`)).href);
  const { readConfig, forgetPostgresVariables } = await load('src/config');
  const { startEmbedded } = await load('src/development/embedded/embedded');
  const { migrate } = await load('src/database/migrate');
  const { migrations } = await load('migrations/list');
  let embedded;
  try {
    const config = readConfig();
    if (!config.databaseUrl) {
      forgetPostgresVariables();
      embedded = await startEmbedded({ dataDir: config.dataDir });
    }
    const done = await migrate({ url: embedded?.url ?? config.databaseUrl, migrations, log: console.error });
    console.log(done.length > 0 ? `Applied: ${done.join(', ')}` : 'The database is up to date.');
  } catch (error) {
    console.error(error.message || error);
    process.exitCode = 1;
  } finally {
    await embedded?.stop();
  }
}
