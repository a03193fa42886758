import path from 'node:path';
import { environment, onRightNode, root, runInPlace } from './runtime.mjs';

/** These compare the entities with what the migrations make: in a new database, so that no other one has a say. */
const COMPARING = ['migration:check', 'migration:create'];

// MikroORM's own command line on this project's database: `npm run orm -- migration:check`, `npm run orm -- --help`.
if (await onRightNode()) {
  const args = process.argv.slice(2);
  try {
    process.exitCode = await onDatabaseFor(args, (url) => mikroOrm(args, url));
  } catch (error) {
    console.error(error.message || error);
    process.exitCode = 1;
  }
}

async function onDatabaseFor(args, work) {
  if (args.length === 0 || args.includes('--help') || args.includes('-h')) return work('');
  const { readConfig, forgetPostgresVariables } = await import('../src/config.ts');
  const { withHubDatabase, withMigratedScratch } = await import('../src/development/databases.ts');
  const { migrations } = await import('../migrations/list.ts');
  if (args.some((arg) => COMPARING.includes(arg))) {
    forgetPostgresVariables();
    return withMigratedScratch({ server: process.env.TEST_DATABASE_URL, migrations }, work);
  }
  const config = readConfig();
  if (!config.databaseUrl) forgetPostgresVariables();
  return withHubDatabase(config, work);
}

function mikroOrm(args, url) {
  const program = path.join(root, 'node_modules', '.bin', 'mikro-orm');
  // without this it would look for a loader of TypeScript, which Node.js needs no more
  const env = { ...process.env, PATH: environment.PATH, DATABASE_URL: url, MIKRO_ORM_CLI_PREFER_TS: '0' };
  return runInPlace(program, [...args, '--config', path.join(root, 'mikro-orm.config.ts')], { env, cwd: root });
}
