/**
 * Signals that carry the id of the task that they belong to, out of sight: the owner of a signal is found
 * without a search. A WeakMap would cost more for each signal, and the task itself would be held by it.
 */

class Itself {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: a subclass adds its private field to what this returns.
    return object;
  }
}

class Mark extends Itself {
  readonly #id: number;

  constructor(signal: AbortSignal, id: number) {
    super(signal);
    this.#id = id;
  }

  static idOf(signal: AbortSignal): number | undefined {
    return #id in signal ? signal.#id : undefined;
  }
}

/** Marks the signal of a task. Once for each signal. */
export function markSignal(signal: AbortSignal, id: number): void {
  new Mark(signal, id);
}

/** The id of the task that a signal was made for; undefined of any other signal. */
export function taskIdOf(signal: AbortSignal): number | undefined {
  return Mark.idOf(signal);
}
