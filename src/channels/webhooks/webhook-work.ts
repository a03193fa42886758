import type { Office } from '../../office/office.ts';
import type { AfterCommit, UnitOfWork } from '../../office/unit-of-work.ts';
import type { Territory } from '../../territory/territory.ts';

export interface WebhookResources {
  territory: Territory;
  /** Has this hub's courier look for messages that are due. */
  wakeCourier(): void;
}

export type WebhookWork = UnitOfWork & Pick<WebhookResources, 'territory'>;

/** The work of a command that makes a message due: the courier is woken once that is committed. */
export type SendingWork = WebhookWork & Pick<WebhookResources, 'wakeCourier'> & AfterCommit;

export type WebhookOffice = Office<WebhookResources>;
