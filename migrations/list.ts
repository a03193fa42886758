import type { MigrationObject } from '@mikro-orm/core';
import { M0001Street } from './m0001-street.ts';

/** Every migration, oldest first. One that has landed is never edited: the next one changes what it did. */
export const migrations: MigrationObject[] = [{ name: 'm0001-street', class: M0001Street }];
