/** The context of a task in the thread or worker that runs its function. */

import type { Json, PoolIdentity, TaskContext } from '../index.ts';
import { toJson } from '../machines/to-json.ts';
import { CONTEXT } from '../pool/functions/remote.ts';
import type { LateSignal } from './late-signal.ts';
import type { TracedCall } from './trace.ts';

/** A call in the thread or worker that runs it, with the channel back to the pool. */
export interface FarCall {
  readonly late: LateSignal;
  readonly pool: PoolIdentity;
  readonly isPassed: boolean;
  report(progress: Json): void;
  log(data: readonly unknown[]): void;
  placed(by: string): void;
  untilStored(): Promise<void>;
}

/** The call of a context, or of an object that inherits from one. */
let callOf: (context: object) => FarCall;

export class FarContext implements TaskContext {
  declare readonly signal: AbortSignal;
  readonly id: number;
  readonly index: number;
  readonly attempt: number;
  readonly groupName: string;
  readonly functionName: string;
  readonly poolName: string;
  readonly report: (progress: unknown) => void;
  readonly log: (...data: unknown[]) => void;
  readonly #call: FarCall;

  constructor(terms: TracedCall, call: FarCall) {
    this.#call = call;
    this.id = terms.id;
    this.index = terms.index;
    this.attempt = terms.attempt;
    this.groupName = terms.groupName;
    this.functionName = terms.functionName;
    this.poolName = terms.poolName;
    this.report = (progress) => call.report(toJson(progress));
    this.log = (...data) => call.log(data);
    Object.defineProperty(this, 'signal', SIGNAL);
  }

  // On the prototype, so that, as in contexts of pools, they are not copied.

  get placed(): (by: string) => void {
    const call = callOf(this);
    return (by) => call.placed(by);
  }

  get untilStored(): () => Promise<void> {
    const call = callOf(this);
    return () => call.untilStored();
  }

  get onAbort(): (callback: (reason: unknown) => void) => void {
    const { late } = callOf(this);
    return (callback) => late.onAbort(callback);
  }

  get pool(): PoolIdentity {
    return callOf(this).pool;
  }

  get isPassed(): boolean {
    return callOf(this).isPassed;
  }

  get [CONTEXT](): true {
    return true;
  }

  static {
    callOf = (context) => {
      let owner = context;
      while (!(#call in owner)) owner = Object.getPrototypeOf(owner) as object;
      return owner.#call;
    };
  }
}

/** Own and enumerable, so that copies have it; one getter for all, so that contexts share a hidden class. */
const SIGNAL: PropertyDescriptor = {
  enumerable: true,
  configurable: true,
  get(this: object) {
    return callOf(this).late.signal;
  },
};
