/** Places at which the user code of a program waits until the test lets it continue. */

/** A place at which user code waits. */
export interface Pause {
  /** Resolves when the test lets it continue. */
  readonly opened: Promise<void>;
  /** Removes the pause, since nothing waits here any more. */
  drop(): void;
}

/** Creates pauses, which are opened by commands or by fast-check's scheduler. */
export interface Pauses {
  pause(label: string): Pause;
}

/** Pauses that are opened one by one, in any order. */
export class Gates implements Pauses {
  readonly #waiting = new Map<() => void, string>();
  #isOver = false;

  /** The waiting pauses, in the order of arrival. */
  get labels(): string[] {
    return [...this.#waiting.values()];
  }

  pause(label: string): Pause {
    let open = () => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    if (this.#isOver) open();
    else this.#waiting.set(open, label);
    return { opened, drop: () => this.#waiting.delete(open) };
  }

  /** Opens a waiting pause, and returns its label. */
  open(pick: number): string {
    const [open, label] = [...this.#waiting][pick % this.#waiting.size] ?? [];
    if (open === undefined || label === undefined) return 'nothing';
    this.#waiting.delete(open);
    open();
    return label;
  }

  /** Opens all pauses, now and from now on. */
  openAll(): void {
    this.#isOver = true;
    for (const open of this.#waiting.keys()) open();
    this.#waiting.clear();
  }
}
