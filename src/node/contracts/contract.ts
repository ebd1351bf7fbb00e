/** What all contracts are made of: cases for any test runner. */

/** One thing that is promised. Its name is a sentence; `run` rejects where it does not hold. */
export interface ContractCase {
  readonly name: string;
  readonly run: () => Promise<void>;
}

/** Collects cases, under the title that is given last. */
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
