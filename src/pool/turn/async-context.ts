/**
 * Calls functions in the async context (that of `AsyncLocalStorage`) of the call that created their tasks. No Node
 * module is needed: code after an `await` keeps the context in which the async function began.
 */

import { whenResolved } from '../../kit/promises.ts';

/** Where the functions of tasks are called. */
export interface AsyncContext<Task> {
  /** Calls the function of a task that was started, now or in a promise job. */
  run(task: Task): void;
  /** A task was started here: gives the one whose function is next, which is called here and now. */
  next(task: Task): Task;
  /** Whether a loop has to be parked here, for what may be started later. */
  readonly needsLoop: boolean;
  /** Parks the loop that calls it, until there is something to {@link take}. */
  park(): Promise<void>;
  /** The task that the loop which was parked runs, if any; there are further loops for others. */
  take(): Task | undefined;
  /** What a loop here resolves to. */
  result(): unknown;
}

/** Runs tasks in loops, see `runner.ts`. */
export interface Looping<Task> {
  /** Begins a loop with a task, here and now. */
  loop(context: AsyncContext<Task>, task: Task): Promise<unknown>;
}

/** Any context will do: functions are called in that of whatever let them start. */
export class AnyContext<Task> implements AsyncContext<Task> {
  readonly needsLoop = false;
  readonly park = noLoop;
  readonly take = noLoop;
  readonly #runner: Looping<Task>;

  constructor(runner: Looping<Task>) {
    this.#runner = runner;
  }

  run(task: Task): void {
    void this.#runner.loop(this, task);
  }

  next(task: Task): Task {
    return task;
  }

  result(): void {}
}

/** What runs in a context: loops, one for each slot. */
interface Owner {
  /** Whether a task of it may be started that no loop has begun to run. */
  readonly mayStartMore: boolean;
}

/**
 * The context in which it was made, kept by what follows a promise that resolves when there is a task, or by a loop
 * that is parked there.
 */
export class CallContext<Task> implements AsyncContext<Task> {
  readonly #owner: Owner;
  readonly #runner: Looping<Task>;
  /** What is to be run once it is woken. */
  #started: Task[] = [];
  /** Wakes what waits here; there until that has taken what it was woken for. */
  #wake: (() => void) | undefined = undefined;

  constructor(runner: Looping<Task>, owner: Owner) {
    this.#owner = owner;
    this.#runner = runner;
    this.#wait();
  }

  run(task: Task): void {
    if (this.#wake === undefined) {
      // Not expected: in another context is better than not at all.
      void this.#runner.loop(this, task);
      return;
    }
    this.#started.push(task);
    if (this.#started.length === 1) this.#wake();
  }

  /** Functions are called in the order in which their tasks were started. */
  next(task: Task): Task {
    // Hardly ever any.
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
    const tasks = this.#started;
    const last = tasks.pop() as Task;
    this.#wake = undefined;
    this.#started = [];
    for (const task of tasks) void this.#runner.loop(this, task);
    if (this.needsLoop) this.#wait();
    return last;
  }

  /** Keeps the context until there is a task. Takes half the memory of a loop that is parked. */
  #wait(): void {
    void whenResolved(this.park(), () => this.#runner.loop(this, this.take()));
  }

  result(): void {}
}

/** Of a group that is done. */
export const NO_CONTEXT = {
  run: () => {},
  next: (task) => task,
  needsLoop: false,
  park: noLoop,
  take: noLoop,
  result: () => {},
} satisfies AsyncContext<unknown>;

function noLoop(): never {
  throw new Error('expected a context that needs a loop to be parked');
}
