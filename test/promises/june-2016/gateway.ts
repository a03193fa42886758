import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { expect } from 'vitest';
import type { Clock } from '../../../src/clock.ts';
import type { Hub } from '../../support/hub/hub.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import type { startReceiver } from '../../support/receivers/receiver.ts';

/** The secret that a hub and the operator's gateway share. */
export const GATEWAY_SECRET = `whsec_${Buffer.alloc(32, 91).toString('base64')}`;

/** A text as the gateway was told to send it. */
interface GivenText {
  id: string;
  to: string;
  text: string;
  answers: string[];
}

/** The operator's gateway for texts, which believes what is signed alone. */
export class Gateway {
  readonly #receiver: Awaited<ReturnType<typeof startReceiver>>;
  readonly #clock: Clock;

  constructor(receiver: Awaited<ReturnType<typeof startReceiver>>, clock: Clock) {
    this.#receiver = receiver;
    this.#clock = clock;
  }

  get texts(): GivenText[] {
    return this.#receiver.received.map(({ body, signed }) => {
      // Not by `verify`, which looks at the time of the machine.
      const at = new Date(Number(signed['webhook-timestamp']) * 1000);
      const right = new Webhook(GATEWAY_SECRET).sign(signed['webhook-id'] ?? '', at, body);
      if (signed['webhook-signature'] !== right) throw new Error('a text was not signed as it should be');
      return JSON.parse(body).data as GivenText;
    });
  }

  /** Waits for the first text with these words. */
  async text(words: RegExp): Promise<GivenText> {
    const found = () => this.texts.find(({ text }) => words.test(text));
    await expect.poll(() => found() !== undefined, { timeout: PATIENCE_MS }).toBe(true);
    return found() as GivenText;
  }

  /** Tells a hub that the person who got a text has sent « 1 » back. */
  async takes({ url }: Pick<Hub, 'url'>, { id: message }: GivenText): Promise<void> {
    const [id, at] = [randomUUID(), this.#clock.now()];
    const data = { id: message, answer: '1' };
    const body = JSON.stringify({ type: 'message.answered', timestamp: at.toISOString(), data });
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(GATEWAY_SECRET).sign(id, at, body),
    };
    const answer = await fetch(`${url}/gateway/answers`, { method: 'POST', headers, body });
    expect([answer.status, await answer.text()]).toEqual([204, '']);
  }
}
