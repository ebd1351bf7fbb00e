/** Runs cancel and end callbacks, and tracks the unfinished ones. */

import { Code } from '../../events/event-codes.ts';
import { errorData } from '../../machines/to-json.ts';
import type { Door } from '../door/door.ts';
import type { Task } from '../live/live.ts';
import type { TaskCallback } from '../options/group-options.ts';
import type { Logger } from '../options/pool-options.ts';
import type { Conditions } from '../waits/conditions.ts';
import type { Calling } from './calling.ts';

/** The parts of a pool that calling callbacks involves. */
interface Parts {
  readonly door: Door;
  readonly logger: Logger;
  readonly conditions: Conditions;
  readonly calling: Calling;
}

export class Callbacks {
  readonly #parts: Parts;
  /** Whether callbacks are skipped, since the work continues in another process. */
  areSilent = false;
  readonly #pending = new Set<Promise<void>>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** How many callbacks have not finished. */
  get pending(): number {
    return this.#pending.size;
  }

  /**
   * Runs a callback in a microtask, then calls `next`. An error of the callback is recorded and logged, and never
   * becomes the error of the task.
   */
  run(kind: 'end' | 'cancel', callback: TaskCallback, task: Task, next: () => void): void {
    if (this.areSilent) {
      next();
      return;
    }
    const call = this.#call(kind, callback, task).then(() => {
      this.#pending.delete(call);
      next();
      this.#parts.conditions.notify();
    });
    this.#pending.add(call);
  }

  /** Resolves when the current callbacks and those that follow them have finished. */
  async settled(): Promise<void> {
    await Promise.all(this.#pending);
    // A cancel callback is followed by an end callback, which is the last.
    await Promise.all(this.#pending);
  }

  async #call(kind: 'end' | 'cancel', callback: TaskCallback, task: Task): Promise<void> {
    const { id } = task;
    try {
      await undefined;
      await this.#begin(kind, callback, task);
    } catch (error) {
      const { door, logger } = this.#parts;
      const detail = { id, callback: kind, error: errorData(error) };
      door.record(Code.callbackFailed, undefined, 0, detail);
      logger.error(`the ${kind} callback of task ${id} threw`, error);
    }
  }

  #begin(kind: 'end' | 'cancel', callback: TaskCallback, task: Task): unknown {
    const { calling } = this.#parts;
    calling.callback = { task, kind };
    try {
      return callback(task.id);
    } finally {
      calling.callback = undefined;
    }
  }
}
