/** A task while it lives: its record, and what must not be in a record. */

import { TaskRecord } from '../machines/records.ts';
import type { TaskActor } from './actors.ts';
import type { Group } from './group.ts';

export class Task extends TaskRecord {
  declare readonly group: Group;
  /** What the function is called with; let go when the task ends. */
  item: unknown;
  /** What the function returned or threw, or the reason of the cancellation. */
  value: unknown = undefined;
  /** Whether a consumer has taken the result for good. */
  consumed = false;
  /** Its place in the order in which the tasks of its group ended, from 1. */
  rank = 0;
  /** There once somebody looked. */
  actor: TaskActor | undefined = undefined;
  #controller: AbortController | undefined = undefined;
  #cancellation: { reason: unknown } | undefined = undefined;

  constructor(id: number, group: Group, index: number, item: unknown) {
    super(id, group, index);
    this.item = item;
  }

  /** Made on first use: most functions never look, and it costs more than all else of a task. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#cancellation !== undefined) this.#controller.abort(this.#cancellation.reason);
    }
    return this.#controller.signal;
  }

  /** Aborts the signal; without a reason, with the platform's AbortError. */
  abort(reason: unknown): void {
    this.#cancellation = { reason: reason === undefined ? abortError() : reason };
    this.#controller?.abort(this.#cancellation.reason);
  }

  /** What the task was cancelled with. */
  get abortReason(): unknown {
    return this.#cancellation?.reason;
  }

  /** Whether what the function threw says that it gave in to the cancellation. */
  isAbort(error: unknown): boolean {
    if (this.#cancellation === undefined) return false;
    return error === this.#cancellation.reason || (Object(error) as Error).name === 'AbortError';
  }
}

/** What `AbortController.abort()` aborts with. */
export function abortError(): DOMException {
  return new DOMException('This operation was aborted', 'AbortError');
}
