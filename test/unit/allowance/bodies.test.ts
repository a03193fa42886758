import type { IncomingMessage } from 'node:http';
import { beforeEach, describe, expect, it } from 'vitest';
import { Bodies } from '../../../src/allowance/bodies.ts';
import { Buckets } from '../../../src/allowance/buckets.ts';
import { Payer } from '../../../src/allowance/payer.ts';
import { HubError } from '../../../src/errors.ts';

let bodies: Bodies;
let buckets: Buckets;
let request: IncomingMessage;
/** A client whose bucket holds 20,000 points. */
const payer = () =>
  new Payer([{ bound: 'addressPoints', buckets, key: 'client' }], () => new HubError('TOO_MANY_REQUESTS', 'spent'));
const taken = () => Math.round(buckets.taken('client'));
const come = (bytes: number, pieces = 1) => Object.assign(bodies.begin(request), { bytes, pieces });
beforeEach(() => {
  bodies = new Bodies();
  buckets = new Buckets(1_000, 20, () => 0);
  request = {} as IncomingMessage;
});

describe('a body', () => {
  it('costs its bytes and its pieces to be heard, once', () => {
    come(800, 5);
    bodies.hear(request, payer());
    bodies.hear(request, payer());
    expect(taken()).toBe(10 + 800 / 8 + 5 * 2);
  });

  it('costs half its bytes to be read, whether it was paid to be heard or not', () => {
    come(800);
    bodies.read(request, payer(), 500);
    expect(taken()).toBe(500 + 400);
    request = {} as IncomingMessage;
    come(800);
    bodies.hear(request, payer());
    bodies.read(request, payer(), 500);
    expect(taken()).toBe(2 * (500 + 400));
  });

  it('costs no less to be read than to be heard, however short', () => {
    come(8, 8);
    bodies.read(request, payer(), 0);
    expect(taken()).toBe(10 + 1 + 16);
  });

  it('is counted as it comes, and paid in the end by whom nobody else has paid for', () => {
    const coming = come(0, 0);
    Object.assign(coming, { bytes: 1_600, pieces: 10 });
    bodies.settle(request, payer);
    bodies.settle(request, payer);
    expect(taken()).toBe(10 + 200 + 20);
  });

  it('costs nothing in the end where it was paid, forgiven, or never came', () => {
    come(800);
    bodies.read(request, payer(), 0);
    bodies.settle(request, payer);
    expect(taken()).toBe(400);
    come(800);
    bodies.forgive(request);
    bodies.settle(request, payer);
    come(0, 0);
    bodies.settle(request, payer);
    expect(taken()).toBe(400);
  });

  it('is not paid by a client that is refused', () => {
    payer().spend(30_000);
    come(800);
    expect(() => bodies.read(request, payer(), 0)).toThrow('spent');
    expect(taken()).toBe(30_000);
    bodies.settle(request, payer);
    expect(taken()).toBe(30_000 + 112);
  });

  it('is nobody’s where a request brings none: that costs what else is asked', () => {
    bodies.read(request, payer(), 500);
    bodies.hear(request, payer(), 7);
    expect(taken()).toBe(507);
  });
});
