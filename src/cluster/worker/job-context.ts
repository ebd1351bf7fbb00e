/** The context of a task as its function has it in a worker. */

import type { PoolIdentity, TaskContext } from '../../index.ts';
import type { Outbox } from './outbox.ts';
import type { Running } from './running.ts';

export class JobContext implements TaskContext {
  readonly #call: Running;
  declare readonly signal: AbortSignal;
  readonly id: number;
  readonly index: number;
  readonly attempt: number;
  readonly groupName: string;
  readonly functionName: string;
  readonly poolName: string;
  readonly report: (progress: unknown) => void;
  readonly log: (...lines: unknown[]) => void;
  /** What it, or an object that inherits from it, was made of. */
  static readonly callOf = (context: object): Running => {
    let owner = context;
    while (!(#call in owner)) owner = Object.getPrototypeOf(owner) as object;
    return owner.#call;
  };

  constructor(call: Running, outbox: Outbox) {
    const { jobId, functionName, data } = call;
    this.#call = call;
    this.id = data.id;
    this.index = data.index;
    this.attempt = data.attempt;
    this.groupName = data.group;
    this.functionName = functionName;
    this.poolName = data.pool.name;
    this.report = (progress) => outbox.report(jobId, progress);
    this.log = (...lines) => outbox.log(jobId, lines);
    Object.defineProperty(this, 'signal', SIGNAL);
  }

  // As with contexts of pools, these do not go along when it is copied.

  get pool(): PoolIdentity {
    return JobContext.callOf(this).data.pool;
  }

  get isPassed(): boolean {
    return true;
  }

  /** The function is where it runs. */
  placed(): void {}

  /** There is no store. */
  async untilStored(): Promise<void> {}
}

/** Own and enumerable, so that copies have it; one getter for all, so that contexts share their shape. */
const SIGNAL: PropertyDescriptor = {
  enumerable: true,
  configurable: true,
  get(this: object) {
    return JobContext.callOf(this).late.signal;
  },
};
