import cluster, { type Worker } from 'node:cluster';
import { AggregatorRegistry, type Registry } from 'prom-client';

/**
 * A scraper reaches one worker, and does not choose which: each answers for all. It asks the primary, which asks every
 * worker and combines their answers, metric by metric as its `aggregator` says.
 */
type Message =
  | { metrics: 'ask all' | 'ask own'; id: number }
  | { metrics: 'own'; id: number; values: object }
  | { metrics: 'all'; id: number; text: string };

/** A worker that is busy for longer is left out of one answer. */
const PATIENCE_MS = 2_000;

/** In the primary: answers workers that ask for the metrics of all. */
export function answerForAllWorkers(): void {
  cluster.on('message', async (asking, message: Partial<Message>) => {
    if (message.metrics !== 'ask all' || message.id === undefined) return;
    const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
    const told = await Promise.all(workers.map(metricsOf));
    const text = await AggregatorRegistry.aggregate(told.filter((values) => values !== undefined)).metrics();
    tell(asking, { metrics: 'all', id: message.id, text });
  });
}

/** In a worker: lends its own registry to the primary, and answers a function that gives the metrics of all. */
export function metricsOfAllWorkers(own: Registry): () => Promise<string> {
  const waiting = new Map<number, (text: string) => void>();
  let asked = 0;
  process.on('message', async (message: Message) => {
    if (message.metrics === 'all') waiting.get(message.id)?.(message.text);
    if (message.metrics !== 'ask own') return;
    const values = await own.getMetricsAsJSON();
    process.send?.({ metrics: 'own', id: message.id, values } satisfies Message);
  });
  return async () => {
    asked += 1;
    const id = asked;
    const answer = new Promise<string>((resolve, reject) => {
      waiting.set(id, resolve);
      // The primary leaves out who is late, and so is there before.
      setTimeout(reject, 2 * PATIENCE_MS, new Error('the primary does not answer')).unref();
    });
    process.send?.({ metrics: 'ask all', id } satisfies Message);
    return answer.finally(() => waiting.delete(id));
  };
}

let questions = 0;

/** The metrics of a worker, or undefined where it does not answer. */
function metricsOf(worker: Worker): Promise<object | undefined> {
  questions += 1;
  const id = questions;
  return new Promise((resolve) => {
    const done = (values?: object) => {
      clearTimeout(timer);
      worker.off('message', hear);
      worker.off('exit', leave);
      resolve(values);
    };
    const hear = (message: Message) => message.metrics === 'own' && message.id === id && done(message.values);
    const leave = () => done();
    const timer = setTimeout(done, PATIENCE_MS);
    worker.on('message', hear);
    worker.on('exit', leave);
    tell(worker, { metrics: 'ask own', id });
  });
}

/** Says something to a worker that may be gone. */
function tell(worker: Worker, message: Message): void {
  if (worker.isConnected()) worker.send(message, () => undefined);
}
