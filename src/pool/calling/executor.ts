/** Calls the functions of tasks with their context, wrapped in middleware if there is any. */

import { describe } from '../../kit/checks.ts';
import { isThenable, rejected } from '../../kit/promises.ts';
import type { TaskContext } from '../functions/task-context.ts';
import type { AnyFunction } from '../functions/task-types.ts';
import type { Task } from '../live/live.ts';
import type { Middleware } from '../options/pool-options.ts';
import type { Calling } from './calling.ts';
import { Context, type ContextParts } from './context.ts';
import { awaitItem } from './pending-item.ts';
import { WrappedCall } from './wrapped-call.ts';

/** The parts of a pool that calling a function involves. */
interface Parts extends ContextParts {
  readonly calling: Calling;
  readonly admission: {
    /** Undefined if the pool has no limits. */
    readonly limits:
      | {
          /** The function of a task was called. */
          begun(task: Task): void;
        }
      | undefined;
  };
}

export class Executor {
  readonly #parts: Parts;
  /** The middlewares, the innermost first. */
  readonly #middlewares = new Set<Middleware>();
  /** All of them combined; undefined until it is needed. */
  #around: Middleware | undefined;

  constructor(parts: Parts, around: Middleware | undefined) {
    this.#parts = parts;
    if (around !== undefined) this.wrap(around);
  }

  /** Adds an outermost middleware for attempts that start from now on; returns a function that removes it. */
  wrap(around: Middleware): () => void {
    // A wrapper, since the same function may be added twice and must be removed separately.
    const added: Middleware = (task, run) => around(task, run);
    this.#middlewares.add(added);
    this.#around = undefined;
    return () => {
      if (this.#middlewares.delete(added)) this.#around = undefined;
    };
  }

  /**
   * Calls the function of a task once, with its item when that has resolved, and returns its result, which may be
   * anything. Errors are returned as rejected promises, since other tasks are being started now.
   */
  call(task: Task): unknown {
    let isPromised = false;
    try {
      isPromised = isThenable(task.item);
      return isPromised ? this.#callWithAwaited(task) : this.#callNow(task);
    } catch (error) {
      return rejected(error);
    } finally {
      if (!isPromised) this.#parts.admission.limits?.begun(task);
    }
  }

  /** If the item rejects, the function is not called, but the start counts. */
  async #callWithAwaited(task: Task): Promise<unknown> {
    try {
      task.item = await awaitItem(task);
      return this.#callNow(task);
    } finally {
      this.#parts.admission.limits?.begun(task);
    }
  }

  #callNow(task: Task): unknown {
    const { calling } = this.#parts;
    calling.task = task;
    try {
      return this.#middlewares.size === 0 ? this.#call(task) : this.#callAround(task);
    } finally {
      calling.task = undefined;
    }
  }

  #call(task: Task): unknown {
    const { fn, item } = task;
    const { visible, spreads } = task.work;
    if (spreads) {
      const args = tupleOf(task);
      if (!seesContext(task, args)) return args.length === 1 ? fn(args[0]) : fn(...args);
      return functionOf(task)(...args, this.#contextOf(task));
    }
    return visible > 1 ? functionOf(task)(item, this.#contextOf(task)) : fn(item);
  }

  /** The middleware and the function share one context, so that they have the same signal. */
  #callAround(task: Task): unknown {
    this.#around ??= [...this.#middlewares].reduce(within);
    const around = this.#around;
    const { calling } = this.#parts;
    const { fn } = task;
    const { visible, spreads } = task.work;
    const args = spreads ? tupleOf(task) : [task.item];
    const isPassed = spreads ? seesContext(task, args) : visible > 1;
    const context = this.#contextOf(task);
    const wrapped = new WrappedCall();
    const call = (): unknown => {
      calling.task = task;
      try {
        return isPassed ? functionOf(task)(...args, context) : fn(...args);
      } finally {
        calling.task = undefined;
      }
    };
    return wrapped.settle(around(context, () => wrapped.run(call)));
  }

  #contextOf(task: Task): TaskContext {
    return new Context(task, this.#parts) as unknown as TaskContext;
  }
}

/** The function that an attempt calls. Only attempts of remote functions, which have a context, are reattached. */
function functionOf({ run, fn }: Task): AnyFunction {
  return run?.attached ?? fn;
}

/** Combines two middlewares to one. */
function within(inner: Middleware, outer: Middleware): Middleware {
  return (task, run) => outer(task, async () => inner(task, run));
}

/** The arguments of a task. Anything but an array would be spread incorrectly, or shift the context. */
function tupleOf({ item, index }: Task): readonly unknown[] {
  if (Array.isArray(item)) return item;
  throw new TypeError(`expected tuple ${index} to be an array of arguments, got ${describe(item)}`);
}

/**
 * Whether a function that is called with a tuple can see a context after it. If it got a context with other tuples of
 * its group, it expects the context at a fixed position, which an argument of a longer tuple would take.
 */
function seesContext(task: Task, args: readonly unknown[]): boolean {
  const { group, index } = task;
  const { visible, functionName } = task.work;
  if (visible > args.length) {
    if (visible !== Number.POSITIVE_INFINITY) group.hasSeenContext = true;
    return true;
  }
  if (!group.hasSeenContext) return false;
  throw new TypeError(
    `expected tuple ${index} to leave room for the context among the ${visible} parameters of ` +
      `${functionName}, as other tuples do, got ${describe(args)}`,
  );
}
