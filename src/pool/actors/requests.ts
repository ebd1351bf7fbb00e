/** Events that users send to the actors of a pool, handled as commands. */

import { ACTIVE, DELAYED, QUEUED, TIMED_OUT } from '../../machines/charts.ts';
import { limitFromJson } from '../../machines/limits.ts';
import type { PoolChartEvent } from '../../machines/pool-machine.ts';
import type { TaskEvent } from '../../machines/task-machine.ts';
import type { Attempts } from '../attempt/attempts.ts';
import type { Door } from '../door/door.ts';
import type { Cancelling } from '../engine/cancelling.ts';
import type { Closing } from '../engine/closing.ts';
import type { Runner } from '../engine/runner.ts';
import type { Task } from '../live/live.ts';
import type { ActorRequests } from './actors.ts';

/** The commands that requests can trigger. */
export interface PoolCommands {
  readonly door: Door;
  readonly attempts: Attempts;
  readonly cancelling: Cancelling;
  readonly closing: Closing;
  readonly runner: Runner;
  lock(): void;
  unlock(): void;
  pause(): void;
  resume(): void;
  resize(size: number, reason?: string): void;
}

export class Requests implements ActorRequests {
  readonly #pool: PoolCommands;

  constructor(pool: PoolCommands) {
    this.#pool = pool;
  }

  ofTask(task: Task, event: TaskEvent): void {
    const { attempts, cancelling, runner } = this.#pool;
    const { state } = task;
    if (event.type === 'task.cancelling' && (state === ACTIVE || state === TIMED_OUT)) {
      cancelling.tasks([task], event.reason);
    } else if (event.type === 'task.cancelled' && (state === QUEUED || state === DELAYED)) {
      cancelling.tasks([task], undefined);
    } else if (event.type === 'task.requeued') {
      attempts.requeue(task);
    } else if (event.type === 'task.progressed') {
      runner.progress(task, event.progress);
    }
  }

  ofPool(event: PoolChartEvent): void {
    const pool = this.#pool;
    const { status } = pool.door.state;
    if (event.type === 'pool.locked') pool.lock();
    else if (event.type === 'pool.unlocked' && status === 'locked') pool.unlock();
    else if (event.type === 'pool.paused' && status !== 'closed') pool.pause();
    else if (event.type === 'pool.resumed' && status !== 'closed') pool.resume();
    else if (event.type === 'pool.closing' && status !== 'closing') pool.closing.begin();
    else if (event.type === 'pool.resized' && event.poolSize !== undefined) {
      const size = limitFromJson(event.poolSize);
      if (size >= 0 && (Number.isInteger(size) || size === Number.POSITIVE_INFINITY))
        pool.resize(size, typeof event.reason === 'string' ? event.reason : undefined);
    }
  }

  stopped(): void {
    this.#pool.cancelling.all(undefined);
    this.#pool.closing.begin();
  }
}
