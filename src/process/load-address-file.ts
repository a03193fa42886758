import { loadAddresses } from '../addresses/file/load-addresses.ts';
import { openAddressFile } from '../addresses/file/read-lines.ts';
import type { Config } from '../config.ts';
import { openSession, START_MS } from '../database/session.ts';
import { loadTerritory } from '../territory/load.ts';

/** Loads the file that the operator names, in place of the one before. Answers how much it held, in words. */
export async function loadAddressFile(
  url: string,
  { territoryFile }: Pick<Config, 'territoryFile'>,
  args: readonly string[],
): Promise<string> {
  const [path, ...more] = args;
  if (path === undefined || more.length > 0) throw new Error('say which file: npm run addresses -- adresses-91.csv.gz');
  const territory = loadTerritory(territoryFile);
  const session = await openSession({ url, name: 'tocsin addresses', waitMs: START_MS });
  try {
    const { numbers, streets } = await loadAddresses(session, await openAddressFile(path), territory);
    return `${numbers} addresses of ${streets} streets and places: hubs find these from now on.`;
  } finally {
    await session.end();
  }
}
