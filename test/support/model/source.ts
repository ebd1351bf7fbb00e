/** An iterable that follows its script, and checks that it is used correctly. */

import { hasRoom, headOf } from './facts.ts';
import type { Job } from './job.ts';
import { meddle } from './meddling.ts';
import type { SourceScript } from './scripts.ts';

export class SourceProbe {
  readonly script: SourceScript;
  readonly #job: Job;
  /** The error that it threw. */
  failure: { readonly error: unknown } | undefined = undefined;
  /** Whether a pull is pending. */
  isPending = false;
  /** Whether it has ended or thrown. */
  isSpent = false;
  isOpened = false;
  numReturns = 0;
  #pulls = 0;

  constructor(job: Job, script: SourceScript) {
    this.#job = job;
    this.script = script;
  }

  /** The iterable for the pool. */
  get items(): Iterable<unknown> | AsyncIterable<unknown> {
    const { kind, length } = this.script;
    if (kind === 'array') return Array.from({ length }, (_, index) => this.#job.item(index));
    if (kind === 'sync') return { [Symbol.iterator]: () => this.#open(() => this.#next()) };
    return { [Symbol.asyncIterator]: () => this.#open(() => this.#nextLater()) };
  }

  #open<T>(next: () => T): { next: () => T; return: () => never } {
    this.#job.world.enterUserCode(`the iterator of ${this.#job.label}`);
    if (this.isOpened) this.#job.world.report(`${this.#job.label} opens its source twice`);
    this.isOpened = true;
    if (this.script.failsAt === -1) this.#fail();
    return { next, return: () => this.#return() as never };
  }

  #next(): IteratorResult<unknown> {
    this.#checkPull();
    return this.#give(this.#pulls++);
  }

  async #nextLater(): Promise<IteratorResult<unknown>> {
    this.#checkPull();
    const pull = this.#pulls++;
    this.isPending = true;
    if (this.script.kind === 'late') {
      await this.#job.world.pauses.pause(`item ${pull} of ${this.#job.label}`).opened;
    }
    this.isPending = false;
    return this.#give(pull);
  }

  #give(pull: number): IteratorResult<unknown> {
    const { failsAt, length, meddles } = this.script;
    if (meddles?.at === pull) meddle(this.#job, undefined, meddles.how);
    if (pull === failsAt) this.#fail();
    if (pull < length) return { done: false, value: this.#job.item(pull) };
    this.isSpent = true;
    return { done: true, value: undefined };
  }

  #fail(): never {
    this.isSpent = true;
    const error = new RangeError(`the source of ${this.#job.label} failed`);
    this.failure = { error };
    throw error;
  }

  #return(): unknown {
    this.#job.world.enterUserCode(`return() of the source of ${this.#job.label}`);
    this.numReturns++;
    if (this.numReturns > 1) this.#job.world.report(`${this.#job.label} stops its source twice`);
    if (this.script.returnFails) throw new Error('return() failed');
    const result = { done: true, value: undefined };
    return this.script.kind === 'sync' ? result : Promise.resolve(result);
  }

  /** Items must be pulled one at a time, and only when one more task may run. */
  #checkPull(): void {
    const { world, facts, label } = this.#job;
    world.enterUserCode(`next() of the source of ${label}`);
    if (this.isPending) world.report(`${label} pulls while a pull is under way`);
    if (this.isSpent || this.numReturns > 0) world.report(`${label} pulls from a spent source`);
    if (facts.source !== 'open') world.report(`${label} pulls though it is ${facts.source}`);
    if (headOf(facts) !== undefined) world.report(`${label} pulls though its head waits`);
    if (!hasRoom(facts)) world.report(`${label} pulls though it may not run another task`);
  }
}
