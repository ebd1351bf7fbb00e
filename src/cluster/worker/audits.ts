/**
 * Compares from time to time what Redis says that a worker has with what it has: a job may have been given to it while
 * its connection broke, and Redis may have lost one that it runs.
 */

// Not the global ones, which a test may have replaced.
import { clearInterval, clearTimeout, setInterval, setTimeout } from 'node:timers';
import type { RedisClient } from '../../node/redis/connection.ts';
import { run } from '../scripts.ts';
import { AUDIT } from './scripts.ts';

/** Milliseconds between two audits. */
const PERIOD = 30_000;
/** A job may be on its way to the worker for so many milliseconds. */
const ON_ITS_WAY = 6000;

export interface AuditParts {
  readonly client: RedisClient;
  /** What the keys of the queue begin with. */
  readonly queue: string;
  /** What the worker is called. */
  readonly by: string;
  /** The jobs that it has, as far as it knows. */
  readonly held: () => readonly string[];
  /** So many jobs were given back that it never got. */
  readonly onReturned: (count: number) => void;
  /** Redis does not have these jobs any more. */
  readonly onMissing: (ids: readonly string[]) => void;
}

/** How many jobs were given back, those that Redis does not know, and those that the worker does not. */
type Answer = readonly [returned: number, missing: readonly string[], unknown: readonly string[]];

export class Audits {
  readonly #parts: AuditParts;
  readonly #timer = setInterval(() => this.soon(), PERIOD);
  #next: NodeJS.Timeout | undefined = undefined;
  /** What the worker did not know a while ago. */
  #unknown: readonly string[] = [];

  constructor(parts: AuditParts) {
    this.#parts = parts;
  }

  /** There is one when all has arrived that is on its way now. */
  soon(): void {
    this.#next ??= setTimeout(() => void this.#audit(), ON_ITS_WAY).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#next);
  }

  async #audit(): Promise<void> {
    const { client, queue, by, held, onReturned, onMissing } = this.#parts;
    this.#next = undefined;
    const args = [by, this.#unknown.length, ...this.#unknown, ...held()];
    this.#unknown = [];
    // Once the connection is there again, there is another one.
    if (client.status !== 'ready') return;
    const answer = await run(client, AUDIT, [queue], args).catch(() => [0, [], []]);
    const [returned, missing, unknown] = answer as Answer;
    if (returned > 0) onReturned(returned);
    if (missing.length > 0) onMissing(missing);
    this.#unknown = unknown;
    if (unknown.length > 0) this.soon();
  }
}
