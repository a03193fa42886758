import type { Office } from '../office/office.ts';
import type { UnitOfWork } from '../office/unit-of-work.ts';
import type { Territory } from '../territory/territory.ts';

export interface LogResources {
  territory: Pick<Territory, 'byCode'>;
}

export type LogWork = UnitOfWork & LogResources;
export type LogOffice = Office<LogResources>;
