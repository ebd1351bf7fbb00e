/**
 * Marks the signal of a task with its id, invisibly, so that the task is found without a search. A WeakMap would
 * cost more per signal, and holding the task would keep it in memory.
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

/** The id of the task that a signal belongs to; undefined for any other signal. */
export function taskIdOf(signal: AbortSignal): number | undefined {
  return Mark.idOf(signal);
}
