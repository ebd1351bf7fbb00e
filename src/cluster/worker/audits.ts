/**
 * Compares periodically the jobs that Redis assigns to a worker with those that it has: a job may have been assigned
 * while the connection broke, and Redis may have lost a running one.
 */

// Imported, since tests may replace the global timers.
import { clearInterval, clearTimeout, setInterval, setTimeout } from 'node:timers';
import type { RedisClient } from '../../node/redis/connection.ts';
import { run } from '../scripts.ts';
import { AUDIT } from './scripts.ts';

/** Milliseconds between two audits. */
const PERIOD = 30_000;
/** Milliseconds that a job may take from Redis to the worker. */
const ON_ITS_WAY = 6000;

export interface AuditParts {
  readonly client: RedisClient;
  /** The prefix of the keys of the queue. */
  readonly queue: string;
  /** The id of the worker. */
  readonly by: string;
  /** Returns the ids of the jobs that the worker has. */
  readonly held: () => readonly string[];
  /** Called with the number of jobs given back that never arrived. */
  readonly onReturned: (count: number) => void;
  /** Called with jobs that Redis does not have any more. */
  readonly onMissing: (ids: readonly string[]) => void;
}

/** The number of jobs given back, those that Redis does not know, and those that the worker does not know. */
type Answer = readonly [returned: number, missing: readonly string[], unknown: readonly string[]];

export class Audits {
  readonly #parts: AuditParts;
  readonly #timer = setInterval(() => this.soon(), PERIOD);
  #next: NodeJS.Timeout | undefined = undefined;
  /** The jobs that the worker did not know in the last audit. */
  #unknown: readonly string[] = [];

  constructor(parts: AuditParts) {
    this.#parts = parts;
  }

  /** Schedules an audit, after jobs under way have arrived. */
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
    // The next audit follows once the connection is restored.
    if (client.status !== 'ready') return;
    const answer = await run(client, AUDIT, [queue], args).catch(() => [0, [], []]);
    const [returned, missing, unknown] = answer as Answer;
    if (returned > 0) onReturned(returned);
    if (missing.length > 0) onMissing(missing);
    this.#unknown = unknown;
    if (unknown.length > 0) this.soon();
  }
}
