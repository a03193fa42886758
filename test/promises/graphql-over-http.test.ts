import { serverAudits } from 'graphql-http';
import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../support/database/database.ts';
import { startHub } from '../support/hub/hub.ts';

/** The audits of the GraphQL-over-HTTP specification, as the graphql-http project keeps them. */
const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

const audits = serverAudits({ url: `${hub.url}/graphql`, fetchFn: fetch });

/**
 * SHOULDs that are not met, by id, explained in docs/errors.md: with the media type application/json, a document that is
 * wrong in itself is answered 400 by Apollo, where the specification would rather have 200. This list may only shrink.
 */
const EXPLAINED: readonly string[] = ['572B', 'FDE2', '7B9B'];

describe('GraphQL over HTTP', () => {
  it('is audited by more than 50 checks', () => {
    expect(audits.length).toBeGreaterThan(50);
  });

  it.each(audits.filter(({ name }) => name.startsWith('MUST')))('$name', async (audit) => {
    const result = await audit.fn();
    if (result.status !== 'ok') expect.fail(`${result.status}: ${result.reason}`);
  });

  it('meets every SHOULD but the explained ones', async () => {
    const unmet: string[] = [];
    for (const audit of audits.filter(({ name }) => !name.startsWith('MUST'))) {
      const result = await audit.fn();
      if (result.status !== 'ok') unmet.push(audit.id);
    }
    expect(unmet).toEqual(EXPLAINED);
  });
});
