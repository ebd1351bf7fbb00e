/** Where the code that a program gives to a pool waits, until the test lets it go on. */

/** One place in the program's code that waits. */
export interface Pause {
  /** Resolves when the test lets it go on. */
  readonly opened: Promise<void>;
  /** Nobody waits here any more. */
  drop(): void;
}

/** Makes pauses: opened by commands, or by fast-check's scheduler. */
export interface Pauses {
  pause(label: string): Pause;
}

/** Pauses that are opened one by one, in any order. */
export class Gates implements Pauses {
  readonly #waiting = new Map<() => void, string>();
  #isOver = false;

  /** What waits, in the order of arrival. */
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

  /** Lets one that waits go on, and says which. */
  open(pick: number): string {
    const [open, label] = [...this.#waiting][pick % this.#waiting.size] ?? [];
    if (open === undefined || label === undefined) return 'nothing';
    this.#waiting.delete(open);
    open();
    return label;
  }

  /** From now on nothing waits. */
  openAll(): void {
    this.#isOver = true;
    for (const open of this.#waiting.keys()) open();
    this.#waiting.clear();
  }
}
