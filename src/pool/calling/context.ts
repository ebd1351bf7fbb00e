/** The task context that a function is called with. */

import { CONTEXT } from '../functions/remote.ts';
import type { PoolIdentity, TaskContext } from '../functions/task-context.ts';
import type { Task } from '../live/live.ts';

/** The services of a pool that a context calls. */
interface Services {
  report(task: Task, progress: unknown): void;
  log(task: Task, data: readonly unknown[]): void;
  placed(task: Task, attempt: number, by: string): void;
  untilStored(): Promise<void>;
  identityFor(task: Task): PoolIdentity;
}

/** The private parts of a context, or of an object that inherits from one. */
let partsOf: (context: object) => { readonly task: Task; readonly services: Services };

/** Implements `TaskContext`; the signal is added by the constructor. */
export class Context implements Omit<TaskContext, 'signal'> {
  readonly #task: Task;
  readonly #services: Services;
  readonly id: number;
  readonly index: number;
  readonly attempt: number;
  readonly groupName: string;
  readonly functionName: string;
  readonly poolName: string;
  readonly report: (progress: unknown) => void;
  readonly log: (...data: unknown[]) => void;

  constructor(task: Task, poolName: string, services: Services) {
    this.#task = task;
    this.#services = services;
    this.id = task.id;
    this.index = task.index;
    this.attempt = task.attempt;
    this.groupName = task.group.name;
    this.functionName = task.work.functionName;
    this.poolName = poolName;
    this.report = (progress) => services.report(task, progress);
    this.log = (...data) => services.log(task, data);
    Object.defineProperty(this, 'signal', SIGNAL);
  }

  // On the prototype, since only remote functions need these, and other contexts should not pay for them.

  get placed(): (by: string) => void {
    const { task, services } = partsOf(this);
    // Bound to this attempt, since a later one may be running when it is called.
    const { attempt } = this;
    return (by) => services.placed(task, attempt, by);
  }

  get onAbort(): (callback: (reason: unknown) => void) => void {
    const { task } = partsOf(this);
    return (callback) => task.ownRun.onAbort(callback);
  }

  get untilStored(): () => Promise<void> {
    const { services } = partsOf(this);
    return () => services.untilStored();
  }

  get pool(): PoolIdentity {
    const { task, services } = partsOf(this);
    return services.identityFor(task);
  }

  get isPassed(): boolean {
    return Context.taskOf(this).work.passContext;
  }

  get [CONTEXT](): true {
    return true;
  }

  /** The task of a context, or of an object that inherits from one. */
  static taskOf(context: object): Task {
    return partsOf(context).task;
  }

  static {
    partsOf = (context) => {
      let owner = context;
      while (!(#task in owner)) owner = Object.getPrototypeOf(owner) as object;
      return { task: owner.#task, services: owner.#services };
    };
  }
}

/**
 * Own and enumerable, so that the signal survives when platform functions copy their options; one getter for all,
 * since objects with different getters would have different hidden classes in V8.
 */
const SIGNAL: PropertyDescriptor = {
  enumerable: true,
  configurable: true,
  get(this: object) {
    return Context.taskOf(this).signal;
  },
};
