/** Notifies of the ends of attempts, without an event object for those that have fulfilled. */

import { Code, type EventCode } from '../events/event-codes.ts';
import type { PoolEventOf } from '../events/events.ts';
import type { Subject } from '../machines/pool-state.ts';
import { BasePool } from './base-pool.ts';
import { checkPool } from './check-pool.ts';
import type { Core } from './core.ts';
import type { Witness } from './door/door.ts';
import { observe } from './door/observe.ts';
import type { Task } from './live/live.ts';

/** An event about an attempt. */
export type AttemptEvent = PoolEventOf<
  'task.placed' | 'task.cancelled' | 'task.failed' | 'task.ended'
>;

/** Receives the ends of attempts, in the order in which they are recorded. */
export interface AttemptReader {
  /** A task has fulfilled. */
  fulfilled(id: number): void;
  /** Its attempt has begun elsewhere or was cancelled, has failed and is retried, or has ended without a value. */
  other(event: AttemptEvent): void;
}

const CODES: readonly EventCode[] = [
  Code.taskPlaced,
  Code.taskCancelled,
  Code.taskFailed,
  Code.taskEnded,
];

class AttemptEnds implements Witness {
  readonly allowsRelay = true;
  readonly #core: Core;
  readonly #reader: AttemptReader;
  readonly #unobserve: () => void;
  /** What is not delivered yet; for a task that has fulfilled, its id. */
  #pending: (number | AttemptEvent)[] = [];

  constructor(core: Core, reader: AttemptReader) {
    this.#core = core;
    this.#reader = reader;
    this.#unobserve = observe(core.door, this, CODES);
  }

  see(code: EventCode, subject: Subject, seq: number): void {
    const { door } = this.#core;
    const { id, outcome } = subject as Task;
    const hasFulfilled = code === Code.taskEnded && outcome === 'fulfilled';
    this.#pending.push(hasFulfilled ? id : (door.event(seq) as AttemptEvent));
    door.requestFlush();
  }

  flush(): void {
    if (this.#pending.length === 0) return;
    const pending = this.#pending;
    this.#pending = [];
    this.#core.calling.runOutside(() => {
      for (const end of pending) this.#deliver(end);
    });
  }

  end(): void {
    this.flush();
    this.#unobserve();
  }

  #deliver(end: number | AttemptEvent): void {
    try {
      if (typeof end === 'number') this.#reader.fulfilled(end);
      else this.#reader.other(end);
    } catch (error) {
      this.#core.logger.error('passing on the end of an attempt failed', error);
    }
  }
}

/**
 * Subscribes to the ends of attempts.
 *
 * @returns a function that ends the subscription.
 * @throws TypeError unless `pool` is a pool.
 */
export function attemptEnds(pool: BasePool, reader: AttemptReader): () => void {
  checkPool('pool', pool);
  const ends = new AttemptEnds(BasePool.coreOf(pool), reader);
  return () => ends.end();
}
