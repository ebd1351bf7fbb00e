/** Predicts whether a failed item is retried: by the policy of the pool, except for errors that cannot go away. */

import { isInstance } from '../../../kit/realms.ts';
import { ProgramMissing } from '../exec/programs.ts';
import type { EarlierRun } from '../journal/earlier-run.ts';
import { ResultError } from '../output/result-format.ts';

export class Retrying {
  readonly #limit: number;
  /** The number of failed attempts of each open task. */
  readonly #failures: Map<number, number>;

  constructor(limit: number, { open }: Pick<EarlierRun, 'open'>) {
    this.#limit = limit;
    const failed = open.filter(({ failures }) => failures > 0);
    this.#failures = new Map(failed.map(({ id, failures }) => [id, failures]));
  }

  /** Records that an attempt has failed and a retry follows. */
  note(id: number): void {
    this.#failures.set(id, (this.#failures.get(id) ?? 0) + 1);
  }

  /** Called when the task has ended. */
  forget(id: number): void {
    this.#failures.delete(id);
  }

  /** Whether a retry follows, provided that the deadline leaves time for it. */
  follows(id: number, error: unknown): boolean {
    return (this.#failures.get(id) ?? 0) < this.#limit && isWorthwhile(error);
  }
}

/** A retry is pointless without the program, and for a result that cannot be printed. */
export function isWorthwhile(error: unknown): boolean {
  return !(isInstance(error, ProgramMissing) || isInstance(error, ResultError));
}
