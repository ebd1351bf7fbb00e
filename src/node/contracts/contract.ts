/** The parts of a contract: test cases for any test runner. */

/** A promise of the contract. Its name is a sentence; `run` rejects if the promise is broken. */
export interface ContractCase {
  /** A sentence that says what is promised. */
  readonly name: string;
  /** Rejects if the promise is broken. */
  readonly run: () => Promise<void>;
}

/** Collects cases under titles. */
export class Contract {
  readonly cases: ContractCase[] = [];
  #title = '';

  about(title: string): void {
    this.#title = title;
  }

  add(name: string, run: () => Promise<void> | void): void {
    this.cases.push({ name: `${this.#title}: ${name}`, run: async () => run() });
  }
}
