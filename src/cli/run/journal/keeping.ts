/** What the journal of a run gets to know of what items came to. */

import type { Json, TaskContext, TaskPool } from '../../../index.ts';
import type { CommandOutput } from '../output/command-output.ts';
import { type StoredForm, storedFailure, storedResult } from '../output/stored-result.ts';

/** How what items came to gets into a journal. */
export interface Keeping {
  /**
   * Returns what the task of an item is to return, so that the pool keeps it with the end of the task.
   *
   * @throws ResultError for what JSON cannot hold.
   */
  result(value: unknown, context: TaskContext): Promise<Json | undefined>;
  /** Reports what a command has printed in an attempt that failed. */
  failure(output: CommandOutput, context: TaskContext): Promise<void>;
}

/** Of a run without a journal. */
export const KEEPS_NOTHING: Keeping = {
  result: async () => undefined,
  failure: async () => {},
};

/** Of a run with a journal. */
export class JournalKeeping implements Keeping {
  readonly #pool: TaskPool;
  readonly #keeps: (group: string) => boolean;

  /** @param keeps whether the pool keeps the results of a group: earlier versions had them reported. */
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
   * What comes in parts is never in memory as a whole: the next one is made when the journal has the one
   * before.
   */
  async #report(parts: Iterable<Json>, { report }: TaskContext): Promise<void> {
    for (const part of parts) {
      report(part);
      // What has become of the journal is an event, and reported as such.
      await this.#pool.untilDurable().catch(() => {});
    }
  }
}
