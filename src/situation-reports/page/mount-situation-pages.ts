import type { IncomingMessage } from 'node:http';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { FastifyInstance } from 'fastify';
import type { Authenticated } from '../../access/authenticate.ts';
import { demand } from '../../access/permissions.rules.ts';
import type { Allowance } from '../../allowance/allowance.ts';
import { POINTS, pointsToAsk } from '../../allowance/points.rules.ts';
import type { Clock } from '../../clock.ts';
import type { Territory } from '../../territory/territory.ts';
import { pageHeaders } from '../../web/page-headers.ts';
import { shownReport } from './shown-report.queries.ts';
import { situationPage } from './situation-page.ts';
import { SITUATION_SHEET } from './situation-sheet.ts';

export interface SituationPagesOptions {
  /** A fresh unit of work. */
  em(): EntityManager;
  clock: Clock;
  territory: Pick<Territory, 'communesOf'>;
  allowance: Allowance;
  /** The sender, by a token or by a session of the desk from a page of the hub; null for nobody. */
  enter(request: IncomingMessage): Promise<Authenticated | null>;
}

const HEADERS = { ...pageHeaders(SITUATION_SHEET), 'cache-control': 'no-store' };

/** The pages of situation reports, for staff to read and to print; nobody else learns whether there is one. */
export function mountSituationPages(server: FastifyInstance, options: SituationPagesOptions): void {
  const { em, clock, territory, allowance, enter } = options;
  server.get<{ Params: { id: string } }>(
    '/desk/situation-reports/:id',
    {
      exposeHeadRoute: false,
      onRequest: async (_request, reply) => void reply.header('cache-control', 'no-store'),
    },
    async ({ params, raw }, reply) => {
      const actor = (await enter(raw))?.actor ?? null;
      demand(actor, 'readSituationReports');
      allowance.identity(actor.id, actor.pointsPerSecond).admit(pointsToAsk(raw) + POINTS.address);
      const shown = await shownReport(em(), params.id, clock.now(), territory);
      return reply.headers(HEADERS).send(situationPage(shown));
    },
  );
}
