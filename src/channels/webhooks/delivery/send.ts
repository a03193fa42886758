import { Agent, request } from 'undici';
import { errorCodeOf } from '../../../errors.ts';
import { AddressRefused } from '../../../outgoing/checked-connection.ts';
import { checkedConnector } from '../../../outgoing/checked-connector.ts';
import { urlFault, type WebhookTargets } from '../target.ts';

export interface Message {
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** The result of an attempt: a status, or the reason why there is none, in French. */
export interface AttemptResult {
  status: number | null;
  fault: string | null;
  retryAfter: string | null;
}

const TIMEOUT_MS = 15_000;
/** The hub reads this much of an answer, so that the receiver can finish it, and keeps nothing. */
const ANSWER_BYTES = 16_384;
const LINGER_MS = 1_000;

/**
 * Makes one attempt: checks the address once more, follows no redirect, and takes 15 seconds at most. Throws only where
 * `signal` broke it off.
 */
export async function send(
  { url, headers, body }: Message,
  targets: WebhookTargets,
  signal: AbortSignal,
): Promise<AttemptResult> {
  const fault = urlFault(url, targets);
  if (fault) return failed('adresse refusée');
  // An agent of its own for each attempt: a connection kept alive would be used again without a new look at its address.
  const dispatcher = new Agent({ connect: checkedConnector(targets), maxHeaderSize: ANSWER_BYTES });
  const both = AbortSignal.any([signal, AbortSignal.timeout(targets.timeoutMs ?? TIMEOUT_MS)]);
  try {
    const options = { dispatcher, signal: both, headers: { ...FIXED, ...headers }, body };
    const answer = await Promise.race([request(url, { method: 'POST', ...options }), aborted(both)]);
    const rest = AbortSignal.any([signal, AbortSignal.timeout(LINGER_MS)]);
    await answer.body.dump({ limit: ANSWER_BYTES, signal: rest }).catch(() => undefined);
    const { statusCode: status } = answer;
    const asked = answer.headers['retry-after'];
    return {
      status,
      fault: status >= 200 && status < 300 ? null : `le serveur répond ${status}`,
      retryAfter: typeof asked === 'string' ? asked : null,
    };
  } catch (error) {
    if (signal.aborted) throw error;
    return failed(reasonOf(error));
  } finally {
    // Not waited for: it would wait for a connection under way.
    dispatcher.destroy().catch(() => undefined);
  }
}

const FIXED = { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'Tocsin (webhooks)' };

/** Rejects when a signal aborts: undici hears it only once there is a connection. */
const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

const failed = (fault: string): AttemptResult => ({ status: null, fault, retryAfter: null });

function reasonOf(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause)
    if (at instanceof AddressRefused) return `adresse refusée : ${at.hostname} n’est pas public`;
  if (error instanceof Error && error.name === 'TimeoutError') return 'le serveur ne répond pas à temps';
  const code = errorCodeOf(error);
  return `le serveur ne peut être joint${code && ` (${code})`}`;
}
