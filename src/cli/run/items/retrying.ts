/** Whether an item that has failed is tried again: by the policy of the pool, but for what cannot succeed. */

import { isInstance } from '../../../kit/realms.ts';
import { ProgramMissing } from '../exec/programs.ts';
import type { EarlierRun } from '../journal/earlier-run.ts';
import { ResultError } from '../output/result-format.ts';

export class Retrying {
  readonly #limit: number;
  /** How many attempts have failed of tasks that have not ended. */
  readonly #failures: Map<number, number>;

  constructor(limit: number, { open }: Pick<EarlierRun, 'open'>) {
    this.#limit = limit;
    const failed = open.filter(({ failures }) => failures > 0);
    this.#failures = new Map(failed.map(({ id, failures }) => [id, failures]));
  }

  /** An attempt has failed, and another one follows. */
  note(id: number): void {
    this.#failures.set(id, (this.#failures.get(id) ?? 0) + 1);
  }

  /** The task has ended. */
  forget(id: number): void {
    this.#failures.delete(id);
  }

  /** Whether another attempt follows, unless there is no time left for it. */
  follows(id: number, error: unknown): boolean {
    return (this.#failures.get(id) ?? 0) < this.#limit && isWorthwhile(error);
  }
}

/** Without its program no item can succeed, and a result that cannot be printed comes again. */
export function isWorthwhile(error: unknown): boolean {
  return !(isInstance(error, ProgramMissing) || isInstance(error, ResultError));
}
