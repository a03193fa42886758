import type { MigrationObject } from '@mikro-orm/core';

/** Every migration, oldest first. One that has landed is never edited: the next one changes what it did. */
export const migrations: MigrationObject[] = [];
