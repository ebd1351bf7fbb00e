/** A task while it lives: its record, and what must not be in a record. */

import { TaskRecord } from '../../machines/records.ts';
import type { TaskActor } from '../actors/actors.ts';
import type { Group } from './group.ts';

/** In place of a result that a consumer has taken for good. */
export const CONSUMED: unique symbol = Symbol('consumed');

/** In place of a result of an earlier process: no journal holds what functions return. */
export const FORMER: unique symbol = Symbol('former');

export class Task extends TaskRecord {
  declare readonly group: Group;
  /** What the function is called with; let go when the task ends. */
  item: unknown;
  /** What the function returned or threw, or the reason of the cancellation. */
  value: unknown = undefined;
  /** Its place in the order in which the tasks of its group ended, from 1. */
  rank = 0;
  /** There once somebody looked. */
  actor: TaskActor | undefined = undefined;
  #abortion: Abortion | undefined = undefined;

  constructor(id: number, group: Group, index: number, item: unknown) {
    super(id, group, index);
    this.item = item;
  }

  get signal(): AbortSignal {
    this.#abortion ??= new Abortion();
    return this.#abortion.signal;
  }

  /** Lets go of what only a task that has not ended needs. */
  letGo(): void {
    this.item = undefined;
    this.#abortion?.letGo();
  }

  /** Aborts the signal. */
  abort(reason: unknown): void {
    this.#abortion ??= new Abortion();
    this.#abortion.abort(reason);
  }

  /** Whether its signal was aborted. */
  get isAborted(): boolean {
    return this.#abortion?.isAborted === true;
  }

  /** What the task was cancelled with. */
  get abortReason(): unknown {
    return this.#abortion?.reason;
  }
}

/**
 * The signal of a task, or what it will be. The controller is made when somebody looks at the
 * signal: most functions never do, and it costs more than all else of a task.
 */
class Abortion {
  isAborted = false;
  reason: unknown = undefined;
  #controller: AbortController | undefined = undefined;

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.isAborted) this.#controller.abort(this.reason);
    }
    return this.#controller.signal;
  }

  abort(reason: unknown): void {
    this.isAborted = true;
    this.reason = reason;
    this.#controller?.abort(reason);
  }

  /** Whoever looks again gets another signal in the same state. */
  letGo(): void {
    this.#controller = undefined;
  }
}
