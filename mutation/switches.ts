/** The switches that the instrumented sources ask: which mutant is active, and which are reached. */

/** A mutant that is reached so much more often than in the original has made a loop endless. */
const ENDLESS = 10;
const MANY = 100_000;

class Switches {
  #active = '';
  #left = 0;
  /** How often each mutant was reached since this was set. */
  counts: Map<number, number> | undefined = new Map();

  activate(id: number, usual: number): void {
    this.#active = String(id);
    this.#left = ENDLESS * usual + MANY;
  }

  deactivate(): void {
    this.#active = '';
  }

  readonly isActive = (id: string): boolean => {
    if (id !== this.#active) return false;
    if (this.#left-- <= 0) throw new Error('the mutant was reached too often');
    return true;
  };

  readonly reached = (...ids: string[]): void => {
    const { counts } = this;
    if (counts === undefined) return;
    for (const id of ids) counts.set(Number(id), (counts.get(Number(id)) ?? 0) + 1);
  };
}

export const switches = new Switches();
Object.assign(globalThis, { __mutation__: switches });
