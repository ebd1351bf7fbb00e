/** Failures that were not delivered to anybody yet: kept until `flush` or `gatherAndClose` asks. */

/** How many failures are kept of a pool that retains no errors; the rest are counted. */
const KEPT_WITHOUT_RETENTION = 100;

export class Failures {
  readonly #errors = new Map<object, unknown>();
  readonly #limit: number;
  #dropped = 0;

  constructor(retainsErrors: boolean) {
    this.#limit = retainsErrors ? Number.POSITIVE_INFINITY : KEPT_WITHOUT_RETENTION;
  }

  /** Keeps the failure of a task, of a group's source, or of the journal. */
  keep(origin: object, error: unknown): void {
    if (this.#errors.size < this.#limit) this.#errors.set(origin, error);
    else this.#dropped++;
  }

  /** Lets a failure go, since it was delivered. */
  delivered(origin: object): void {
    this.#errors.delete(origin);
  }

  /** Hands out what is kept: one error as itself, several as an AggregateError. */
  take(): unknown[] {
    // What ends several sources is one error.
    const errors = [...new Set(this.#errors.values())];
    const count = errors.length + this.#dropped;
    this.#errors.clear();
    this.#dropped = 0;
    if (count <= 1) return errors;
    const kept = count === errors.length ? '' : `, of which the first ${errors.length} were kept`;
    return [new AggregateError(errors, `${count} failures that nobody asked for${kept}`)];
  }
}

/** Rejects with what {@link Failures.take} gave, or resolves with the single errors. */
export function raise(taken: readonly unknown[], returnExceptions: boolean): unknown[] {
  const [error] = taken;
  if (returnExceptions) return error instanceof AggregateError ? [...error.errors] : [...taken];
  if (taken.length > 0) throw error;
  return [];
}
