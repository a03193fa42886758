import { ClientError } from 'graphql-request';
import { afterAll, expect, it } from 'vitest';
import { type Clock, parisTime } from '../../../src/clock.ts';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, draft, publishNew, step, type Written } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';
import { PATIENCE_MS } from '../../support/patience.ts';

const SECOND = 1_000;
const HOUR = 3600_000;

/** Ten seconds pass after it was read so many times. */
class PassingClock implements Clock {
  #at = Date.now();
  #readings = Number.POSITIVE_INFINITY;
  now(): Date {
    this.#readings -= 1;
    return new Date(this.#readings >= 0 ? this.#at : this.#at + 10 * SECOND);
  }
  set(at: number, readings: number): void {
    this.#at = at;
    this.#readings = readings;
  }
}

const { url } = await testDatabase();
const clock = new PassingClock();
const hub = await startHub({ url, clock });
afterAll(() => hub.close());
const { situation } = await hub
  .as()
  .request<{ situation: { asOf: string } }>('{ situation(place: { commune: "91345" }) { asOf } }');

const told = async (id: string): Promise<string[]> => {
  const { changes } = await hub
    .as()
    .request<{ changes: { nodes: { type: string; publication: { id: string } }[] } }>(
      `query ($after: Cursor!) { changes(after: $after, first: 300) { nodes { type publication { id } } } }`,
      { after: situation.asOf },
    );
  return changes.nodes.filter(({ publication }) => publication.id.startsWith(id)).map(({ type }) => type);
};

/** Deeds on an alert that was public already, and the publication itself. */
const DEEDS = {
  verifyPublication: 'mutation ($id: ID!) { verifyPublication(id: $id) { publication { id } } }',
  publishDossier:
    'mutation ($id: ID!, $version: Int!) { publishDossier(id: $id, version: $version) { dossier { id } } }',
};

it.each(Object.keys(DEEDS) as (keyof typeof DEEDS)[])(
  'an end that passes while %s runs is announced all the same, once',
  async (deed) => {
    for (let readings = 0; readings < 12; readings += 1) {
      const start = clock.now().getTime() + HOUR;
      clock.set(start, Number.POSITIVE_INFINITY);
      const input = alertInput({ endsAt: parisTime(new Date(start + 5 * SECOND)) });
      const written = deed === 'publishDossier' ? await approved(input) : await publishNew(hub, 'Alert', input);
      clock.set(start, readings);
      const done = await hub
        .as('validator')
        .request<unknown, object>(
          DEEDS[deed],
          deed === 'publishDossier' ? { id: written.id, version: written.version } : { id: written.id },
        )
        .then(() => true)
        .catch((error) => {
          if (!(error instanceof ClientError)) throw error;
          return false;
        });
      if (!done && deed === 'publishDossier') continue;
      const ends = async () => (await told(written.id)).filter((type) => type === 'ENDED').length;
      await expect.poll(ends, { timeout: PATIENCE_MS, message: `after ${readings} readings` }).toBe(1);
    }
  },
);

async function approved(input: object): Promise<Written> {
  const submitted = await step(hub, 'submitDossier', 'editor', await draft(hub, 'Alert', input));
  return step(hub, 'approveDossier', 'validator', submitted);
}
