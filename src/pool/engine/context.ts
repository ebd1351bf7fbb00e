/** The context that a function is called with. */

import type { TaskContext } from '../task-context.ts';
import type { Task } from './live.ts';

/** What a context passes on. */
interface Services {
  report(task: Task, progress: unknown): void;
  log(task: Task, data: readonly unknown[]): void;
}

/** All of a `TaskContext`; the signal is added by the constructor. */
export class Context implements Omit<TaskContext, 'signal'> {
  readonly #task: Task;
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

  /** The task of a context, or of an object that inherits from one. */
  static taskOf(context: object): Task {
    let owner = context;
    while (!(#task in owner)) owner = Object.getPrototypeOf(owner) as object;
    return owner.#task;
  }
}

/**
 * Own and enumerable, so that the signal survives the copies that platform functions make of their
 * options; one getter for all, since V8 gives objects with getters of their own no common shape.
 */
const SIGNAL: PropertyDescriptor = {
  enumerable: true,
  configurable: true,
  get(this: object) {
    return Context.taskOf(this).signal;
  },
};
