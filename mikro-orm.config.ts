import { existsSync } from 'node:fs';
import path from 'node:path';
import { UnderscoreNamingStrategy } from '@mikro-orm/core';
import { Migrator, TSMigrationGenerator } from '@mikro-orm/migrations';
import { defineConfig } from '@mikro-orm/postgresql';
import { migrations } from './migrations/list.ts';
import { migrationSettings, ormSettings } from './src/database/settings.ts';
import { entities } from './src/entities.ts';

/** `m0011-place` → `M0011Place`. MikroORM would put the time of day in front, which the number says already. */
class NumberedNames extends UnderscoreNamingStrategy {
  override classToMigrationName(_timestamp: string, name = ''): string {
    return name.replace(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase());
  }
}

/** Writes migrations as the ones in `migrations/` look: forward only, since `down` would lose what people wrote since. */
class ForwardOnly extends TSMigrationGenerator {
  override generateMigrationFile(className: string, diff: { up: string[] }): string {
    const statements = diff.up.filter((sql) => sql !== '').map((sql) => this.createStatement(sql.replace(/;$/, ''), 4));
    return `import { Migration } from '@mikro-orm/migrations';

export class ${className} extends Migration {
  override async up(): Promise<void> {
${statements.join('')}  }
}
`;
  }
}

/** The name of the new file, as it was given. Throws for one that would not come last, or is there already. */
function fileName(_timestamp: string, name = ''): string {
  const last = migrations.at(-1)?.name ?? '';
  if (!/^m\d{4}(-[a-z0-9]+)+$/.test(name)) throw new Error(`Give the migration a name like ${last}, with -n`);
  if (name.slice(0, 5) <= last.slice(0, 5)) throw new Error(`${name} would not come after ${last}`);
  if (existsSync(path.join(import.meta.dirname, 'migrations', `${name}.ts`)))
    throw new Error(`${name} is there already`);
  return name;
}

/**
 * For MikroORM's own command line: `npm run orm -- migration:create -n m0011-place` (docs/contributing.md). The hub does
 * without this file: it migrates by itself at every start, under a lock that this command line does not take.
 */
export default defineConfig({
  ...ormSettings(process.env.DATABASE_URL ?? '', { application_name: 'tocsin orm' }),
  entities,
  extensions: [Migrator],
  namingStrategy: NumberedNames,
  migrations: { ...migrationSettings(migrations), path: 'migrations', emit: 'ts', generator: ForwardOnly, fileName },
});
