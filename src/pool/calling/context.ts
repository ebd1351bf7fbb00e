/** The task context that a function is called with. */

import { refuse } from '../../kit/checks.ts';
import type { Door } from '../door/door.ts';
import { CONTEXT } from '../functions/remote.ts';
import type { PoolIdentity, TaskContext } from '../functions/task-context.ts';
import type { Task } from '../live/live.ts';
import type { Logger } from '../options/pool-options.ts';
import { identityFor } from './identity.ts';

/** The parts of a pool that a context uses. */
export interface ContextParts {
  readonly door: Door;
  readonly logger: Logger;
  readonly runner: TaskReports;
}

/** Records what a context reports for its task. */
interface TaskReports {
  /** Records the progress of a task. */
  progress(task: Task, progress: unknown): void;
  /** Records that an attempt of a task has started in a thread or on another machine. */
  placed(task: Task, attempt: number, by: string): void;
}

/** The private parts of a context, or of an object that inherits from one. */
let privateOf: (context: object) => { readonly task: Task; readonly parts: ContextParts };

/** Implements `TaskContext`; the signal is added by the constructor. */
export class Context implements Omit<TaskContext, 'signal'> {
  readonly #task: Task;
  readonly #parts: ContextParts;
  readonly id: number;
  readonly index: number;
  readonly attempt: number;
  readonly groupName: string;
  readonly functionName: string;
  readonly poolName: string;
  readonly report: (progress: unknown) => void;
  readonly log: (...data: unknown[]) => void;

  constructor(task: Task, parts: ContextParts) {
    const { name } = parts.door.state;
    this.#task = task;
    this.#parts = parts;
    this.id = task.id;
    this.index = task.index;
    this.attempt = task.attempt;
    this.groupName = task.group.name;
    this.functionName = task.work.functionName;
    this.poolName = name;
    this.report = (progress) => parts.runner.progress(task, progress);
    this.log = (...data) => parts.logger.info(`${name} task ${task.id}:`, ...data);
    Object.defineProperty(this, 'signal', SIGNAL);
  }

  // On the prototype, since only remote functions need these, and other contexts should not pay for them.

  get placed(): (by: string) => void {
    const { task, parts } = privateOf(this);
    // Bound to this attempt, since a later one may be running when it is called.
    const { attempt } = this;
    return (by) => {
      if (typeof by !== 'string' || by === '') refuse('placed() to get a name', by);
      parts.runner.placed(task, attempt, by);
    };
  }

  get onAbort(): (callback: (reason: unknown) => void) => void {
    const { task } = privateOf(this);
    return (callback) => task.ownRun.onAbort(callback);
  }

  get untilStored(): () => Promise<void> {
    const { door } = privateOf(this).parts;
    return async () => door.persister?.stored(door.state.seq);
  }

  get pool(): PoolIdentity {
    const { task, parts } = privateOf(this);
    return identityFor(task, parts.door.state);
  }

  get isPassed(): boolean {
    return Context.taskOf(this).work.passContext;
  }

  get [CONTEXT](): true {
    return true;
  }

  /** The task of a context, or of an object that inherits from one. */
  static taskOf(context: object): Task {
    return privateOf(context).task;
  }

  static {
    privateOf = (context) => {
      let owner = context;
      while (!(#task in owner)) owner = Object.getPrototypeOf(owner) as object;
      return { task: owner.#task, parts: owner.#parts };
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
