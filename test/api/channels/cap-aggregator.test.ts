import { DOMParser, type Document } from '@xmldom/xmldom';
import fc from 'fast-check';
import { parseAtomFeed } from 'feedsmith';
import { afterAll, expect, it } from 'vitest';
import { budget } from '../../support/budget.ts';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, publishNew, release, revise, type Written } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';
import { signingPair } from '../../support/hub/signing.ts';
import { xmlCryptoAccepts } from '../../support/receivers/xml-signature.ts';

/** An aggregator that knows nothing of the hub but its feed: RFC 4287, CAP 1.2 and the certificate. */
const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

interface Heard {
  live: boolean;
  expires: number;
}

class Aggregator {
  readonly #seen = new Map<string, Heard>();
  #etag = '';
  unchanged = 0;

  /** Asks for the feed once, fetches what is new there, and answers the identifiers of what holds now. */
  async poll(): Promise<string[]> {
    const answer = await fetch(`${hub.url}/feeds/alerts.atom`, { headers: { 'if-none-match': this.#etag } });
    if (answer.status === 304) this.unchanged += 1;
    else {
      this.#etag = answer.headers.get('etag') ?? '';
      for (const { id } of parseAtomFeed(await answer.text()).entries ?? []) await this.#fetch(id ?? '');
    }
    const now = Date.now();
    return [...this.#seen].filter(([, { live, expires }]) => live && expires > now).map(([identifier]) => identifier);
  }

  async #fetch(address: string): Promise<void> {
    const answer = await fetch(address);
    const xml = await answer.text();
    expect([answer.headers.get('content-type'), xmlCryptoAccepts(xml, signingPair.certificate)]).toEqual([
      'application/cap+xml',
      true,
    ]);
    const message = new DOMParser().parseFromString(xml, 'text/xml');
    const identifier = textOf(message, 'identifier');
    if (this.#seen.has(identifier)) return;
    const ends = textOf(message, 'msgType') === 'Cancel' || textOf(message, 'responseType') === 'AllClear';
    this.#seen.set(identifier, { live: !ends, expires: Date.parse(textOf(message, 'expires')) });
    for (const reference of textOf(message, 'references').split(' ').filter(Boolean)) {
      const [, earlier = ''] = reference.split(',');
      this.#seen.set(earlier, { live: false, expires: 0 });
    }
  }
}

const textOf = (message: Document, name: string): string => message.getElementsByTagName(name)[0]?.textContent ?? '';

const END =
  'mutation ($id: ID!, $version: Int!) { cancelPublication(id: $id, version: $version, reason: "Erreur") { publication { state } } }';
const CLEAR = `mutation ($id: ID!, $version: Int!) {
  giveAllClear(id: $id, version: $version, texts: [{ language: "fr-FR", headline: "Fin", description: "C’est fini." }]) { publication { state } } }`;

async function liveByGraphql(): Promise<string[]> {
  const { alerts } = await hub
    .as()
    .request<{ alerts: { nodes: { capIdentifier: string }[] } }>('{ alerts(first: 100) { nodes { capIdentifier } } }');
  return alerts.nodes.map(({ capIdentifier }) => capIdentifier);
}

const anyStory = fc.array(fc.constantFrom('new', 'new', 'revise', 'cancel', 'clear', 'poll'), {
  minLength: 5,
  maxLength: 14,
});

it('knows at each poll exactly the alerts that hold, whatever happened in between', { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(anyStory, async (story) => {
      const aggregator = new Aggregator();
      const open: Written[] = [];
      for (const [index, step] of story.entries()) {
        const thread = open.shift();
        if (step === 'poll') expect((await aggregator.poll()).sort()).toEqual((await liveByGraphql()).sort());
        if (step === 'revise' && thread) {
          const input = alertInput({ contact: `Mairie, ${index}` });
          open.push(await release(hub, await revise(hub, 'Alert', thread, input)));
        } else if ((step === 'cancel' || step === 'clear') && thread)
          await hub.as('validator').request(step === 'cancel' ? END : CLEAR, { ...thread });
        else if (thread) open.push(thread);
        if (step === 'new') open.push(await publishNew(hub));
      }
      expect((await aggregator.poll()).sort()).toEqual((await liveByGraphql()).sort());
      await aggregator.poll();
      expect(aggregator.unchanged).toBeGreaterThan(0);
    }),
    budget(4),
  );
});
