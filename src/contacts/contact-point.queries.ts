import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor } from '../access/actor.ts';
import { demand } from '../access/permissions.rules.ts';
import { parisTimeIf } from '../clock.ts';
import { present } from '../office/present.rules.ts';
import type { PointWay } from './contact.rules.ts';
import { ContactPoint, type ContactPointRow } from './contact-point.entity.ts';
import type { QuietHours } from './messages/sending-time.rules.ts';

/** A contact point as its person sees it. */
export interface ContactPointView {
  id: string;
  version: number;
  way: PointWay;
  label: string;
  address: string;
  confirmedAt: string | null;
  quietHours: QuietHours | null;
}

const viewOf = ({
  id,
  version,
  way,
  label,
  address,
  confirmedAt,
  quietFrom: from,
  quietTo: to,
}: ContactPointRow): ContactPointView => ({
  ...{ id, version, way, label, address },
  confirmedAt: parisTimeIf(confirmedAt),
  quietHours: from && to ? { from, to } : null,
});

/** The actor's own contact points, the first one first. */
export async function contactPoints(em: EntityManager, actor: Actor | null): Promise<ContactPointView[]> {
  demand(actor, 'readContactPoints');
  const orderBy = { createdAt: 'asc', id: 'asc' } as const;
  return (await em.find(ContactPoint, { account: actor.id }, { orderBy })).map(viewOf);
}

/** A contact point as a command of the same request left it. */
export async function writtenPoint(em: EntityManager, id: string): Promise<ContactPointView> {
  const row: ContactPointRow | null = await em.findOne(ContactPoint, { id });
  return viewOf(present(row ?? undefined, 'contact point', id));
}
