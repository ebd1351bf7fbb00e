/**
 * Calls functions in the async context (that of `AsyncLocalStorage`) of the call that created their tasks. No Node
 * module is needed: code after an `await` keeps the context in which the async function began.
 */

import { whenResolved } from '../../kit/promises.ts';

/** Where the functions of tasks are called. */
export interface AsyncContext<Task> {
  /** Calls the function of a task that was started, now or in a promise job. */
  run(task: Task): void;
  /** A task was started here: returns the task whose function is to be called next, here and now. */
  next(task: Task): Task;
  /** Whether a loop must be parked here for tasks that may start later. */
  readonly needsLoop: boolean;
  /** The calling loop leaves the event loop a turn, in which tasks of this context may start. */
  keep(): void;
  /** Parks the calling loop until there is a task to {@link take}. */
  park(): Promise<void>;
  /** The task for the loop that was parked; starts further loops for other tasks. */
  take(): Task;
}

/** Where a task is called that has the async context of its call to itself. */
export interface SingleContext<Task> {
  /** An attempt of the task is over: returns the outcome of the task, or a promise of it if there may be another one. */
  outcome(task: Task, runner: Running<Task>): unknown;
}

/** Calls the functions of tasks, see `runner.ts`. */
export interface Running<Task> {
  /** Begins a loop with a task, here and now. */
  loop(context: AsyncContext<Task>, task: Task | undefined): Promise<void>;
  /** Runs an attempt of a task that has started, here and now. Resolves to the outcome of the task. */
  attempt(context: SingleContext<Task>, task: Task): Promise<unknown>;
}

/** No particular context: functions are called in the context of whatever caused them to start. */
export class AnyContext<Task> implements AsyncContext<Task> {
  readonly needsLoop = false;
  /** Neither is called, since no loop is needed. */
  declare readonly park: () => Promise<void>;
  declare readonly take: () => Task;
  readonly #runner: Running<Task>;

  constructor(runner: Running<Task>) {
    this.#runner = runner;
  }

  run(task: Task): void {
    void this.#runner.loop(this, task);
  }

  next(task: Task): Task {
    return task;
  }

  keep(): void {}
}

/** The group or the submission that owns a context. */
interface Owner {
  /** Whether it may start tasks for which no loop runs yet. */
  readonly mayStartMore: boolean;
}

/**
 * The async context in which it was created. It is preserved by a pending promise reaction that runs when there is a
 * task, or by a loop that is parked there.
 */
export class CallContext<Task> implements AsyncContext<Task> {
  readonly #owner: Owner;
  readonly #runner: Running<Task>;
  /** The tasks to run once it is woken. */
  readonly #started: Task[] = [];
  /** Wakes the waiting reaction or loop; defined until that has taken its task. */
  #wake: (() => void) | undefined = undefined;
  /** Created once: with many groups each reaction waits for long, and what it keeps is moved by the garbage collector. */
  readonly #begin = (): void => {
    void this.#runner.loop(this, this.take());
  };

  constructor(runner: Running<Task>, owner: Owner) {
    this.#owner = owner;
    this.#runner = runner;
    this.#wait();
  }

  run(task: Task): void {
    if (this.#wake === undefined) {
      // Should not happen. Running the task in another context is better than not running it.
      void this.#runner.loop(this, task);
      return;
    }
    this.#started.push(task);
    if (this.#started.length === 1) this.#wake();
  }

  /** Functions are called in the order in which their tasks were started. */
  next(task: Task): Task {
    // The usual case.
    if (this.#started.length === 0) return task;
    this.#started.push(task);
    return this.#started.shift() as Task;
  }

  get needsLoop(): boolean {
    return this.#wake === undefined && this.#owner.mayStartMore;
  }

  park(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  take(): Task {
    const last = this.#started.pop() as Task;
    this.#wake = undefined;
    for (const task of this.#started.splice(0)) void this.#runner.loop(this, task);
    this.keep();
    return last;
  }

  keep(): void {
    if (this.needsLoop) this.#wait();
  }

  /** Preserves the context until there is a task, with half the memory of a parked loop. */
  #wait(): void {
    void whenResolved(this.park(), this.#begin);
  }
}

/** The context of a group that is done, in which nothing is called. */
export const NO_CONTEXT: Pick<AsyncContext<unknown>, 'run'> = { run: () => {} };
