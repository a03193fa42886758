import { expect } from 'vitest';
import type { Hub } from '../../support/hub/hub.ts';
import { PATIENCE_MS } from '../../support/patience.ts';

/** A CAP message as a reader finds it. */
export interface FoundMessage {
  identifier: string;
  text: string;
  /** The values of its parameters, by their names. */
  values: Record<string, string[]>;
}

const ASKED = 'query ($id: ID!) { publication(id: $id) { revision ... on AlertPublication { capIdentifier } } }';
type Answer = { publication: { revision: number; capIdentifier: string } | null };

/** The CAP message of a revision, which is the same byte for byte by every hub. */
export async function messageOf(hubs: readonly Hub[], id: string, revision: number): Promise<FoundMessage> {
  const found = hubs.map(async (hub) => {
    const now = () => hub.as().request<Answer>(ASKED, { id });
    await expect.poll(async () => (await now()).publication?.revision, { timeout: PATIENCE_MS }).toBe(revision);
    const identifier = (await now()).publication?.capIdentifier ?? '';
    const answer = await fetch(`${hub.url}/cap/${identifier}.xml`);
    return { identifier, bytes: Buffer.from(await answer.arrayBuffer()) };
  });
  const [one, ...others] = await Promise.all(found);
  if (!one) throw new Error('there is no hub');
  for (const other of others) expect(other.bytes.equals(one.bytes)).toBe(true);
  const text = one.bytes.toString();
  const values: Record<string, string[]> = {};
  for (const [, name = '', value = ''] of text.matchAll(/<valueName>([^<]*)<\/valueName>\s*<value>([^<]*)<\/value>/g))
    if (!values[name]?.includes(value)) values[name] = [...(values[name] ?? []), value];
  return { identifier: one.identifier, text, values };
}
