/** The last argument of every task function. */

import type { Task } from './task.ts';

/** What a running task knows and can do; an options bag as the platform's functions take it. */
export interface TaskContext {
  /** Aborted when the task is cancelled. */
  readonly signal: AbortSignal;
  /** The id of the task in its pool. */
  readonly id: number;
  /** The place of the task in its group, from 0. */
  readonly index: number;
  /** 1, or more for a task that a resumed pool runs again. */
  readonly attempt: number;
  readonly groupName: string;
  readonly poolName: string;
  /** Records how far the task is: any JSON value. Ignored once the task has ended. */
  readonly report: (progress: unknown) => void;
  /** Writes to the pool's logger, with the names of pool and task in front. */
  readonly log: (...data: unknown[]) => void;
}

/** What the context asks of the pool. */
export interface TaskServices {
  readonly poolName: string;
  report(task: Task, progress: unknown): void;
  log(task: Task, data: readonly unknown[]): void;
}

class Context {
  readonly #task: Task;
  readonly id: number;
  readonly index: number;
  readonly attempt: number;
  readonly groupName: string;
  readonly poolName: string;
  readonly report: (progress: unknown) => void;
  readonly log: (...data: unknown[]) => void;

  constructor(task: Task, services: TaskServices) {
    this.#task = task;
    this.id = task.id;
    this.index = task.index;
    this.attempt = task.attempt;
    this.groupName = task.group.name;
    this.poolName = services.poolName;
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

/** Makes the context of a task. */
export function makeContext(task: Task, services: TaskServices): TaskContext {
  return new Context(task, services) as unknown as TaskContext;
}
