/** A hub reduced to its database: starts it in the folder given, prints its URL, lives until told to end. */
import { forgetPostgresVariables } from '../../../src/config.ts';
import { startEmbedded } from '../../../src/development/embedded/embedded.ts';

forgetPostgresVariables();
const database = await startEmbedded({ dataDir: process.argv[2] ?? '', log: console.log });
console.log(database.url);
process.once('SIGTERM', () => database.stop().then(() => process.exit(0)));
