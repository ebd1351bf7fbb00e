/** Failures that no caller has received yet, kept until `flush()` or `gatherAndClose()`. */

/** How many failures are kept of a pool that retains no errors; the rest are counted. */
const KEPT_WITHOUT_RETENTION = 1_000;

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

  /** Releases a failure that was delivered. */
  delivered(origin: object): void {
    this.#errors.delete(origin);
  }

  /**
   * Returns or throws the kept failures, and forgets them.
   *
   * @throws unless `returnExceptions` is set: the only error, or an AggregateError of several.
   */
  raise(returnExceptions: boolean): unknown[] {
    const errors = [...this.#errors.values()];
    const dropped = this.#dropped;
    const count = errors.length + dropped;
    this.#errors.clear();
    this.#dropped = 0;
    if (returnExceptions && dropped > 0) {
      errors.push(new Error(`${dropped} more unhandled failures were not kept`));
    }
    if (returnExceptions || count === 0) return errors;
    if (count === 1) throw errors[0];
    const kept = count === errors.length ? '' : `, of which the first ${errors.length} were kept`;
    throw new AggregateError(errors, `${count} unhandled failures${kept}`);
  }
}
