import type { Actor } from '../access/actor.ts';
import type { Deed } from '../office/audit.commands.ts';
import type { ReportDesk } from './report-desk.ts';
import type { SubmitDesk } from './submit.commands.ts';

/** What the resolvers of reports need of whoever holds the database: one transaction around each command, and reads. */
export interface ReportRoom {
  run<T>(actor: Actor | null, deed: Deed, command: (desk: SubmitDesk) => Promise<T>): Promise<T>;
  /** A unit of work that only reads. */
  read(): ReportDesk['em'];
  readonly now: Date;
}
