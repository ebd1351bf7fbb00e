/** Stores the results of items in the journal of a run. */

import type { Json, TaskContext, TaskPool } from '../../../index.ts';
import type { CommandOutput } from '../output/command-output.ts';
import { type StoredForm, storedFailure, storedResult } from '../output/stored-result.ts';

/** How results get into a journal. */
export interface Keeping {
  /**
   * Returns the value that the task should return, so that the pool stores it with the end of the task.
   *
   * @throws ResultError for a value that is not JSON.
   */
  result(value: unknown, context: TaskContext): Promise<Json | undefined>;
  /** Reports the output of a failed attempt. */
  failure(output: CommandOutput, context: TaskContext): Promise<void>;
}

/** For runs without a journal. */
export const KEEPS_NOTHING: Keeping = {
  result: async () => undefined,
  failure: async () => {},
};

/** For runs with a journal. */
export class JournalKeeping implements Keeping {
  readonly #pool: TaskPool;
  readonly #keeps: (group: string) => boolean;

  /**
   * @param keeps whether the pool stores the results of a group; earlier versions had tasks report them.
   */
  constructor(pool: TaskPool, keeps: (group: string) => boolean) {
    this.#pool = pool;
    this.#keeps = keeps;
  }

  async result(value: unknown, context: TaskContext): Promise<Json | undefined> {
    const { parts, last } = storedResult(value);
    await this.#report(parts, context);
    if (this.#keeps(context.groupName)) return last;
    context.report(last);
    return undefined;
  }

  async failure(output: CommandOutput, context: TaskContext): Promise<void> {
    if (output.length === 0) return;
    const { parts, last }: StoredForm = storedFailure(output);
    await this.#report(parts, context);
    context.report(last);
  }

  /**
   * Reports parts one by one, each after the journal has stored the one before, so that they are never all in memory.
   */
  async #report(parts: Iterable<Json>, { report }: TaskContext): Promise<void> {
    for (const part of parts) {
      report(part);
      // A failure of the journal is an event, and handled as such.
      await this.#pool.untilDurable().catch(() => {});
    }
  }
}
