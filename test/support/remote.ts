/** A remote function as users could write one; the test decides what happens there. */

import {
  isTaskContext,
  REMOTE,
  type RemoteBehaviour,
  type RemoteFunction,
  type TaskContext,
} from 'xstate-taskpool';

/** A call that was forwarded. */
export interface Forwarded {
  readonly args: readonly unknown[];
  readonly context: TaskContext | undefined;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export interface Elsewhere {
  readonly fn: RemoteFunction<[item: unknown], unknown>;
  /** All calls so far. */
  readonly calls: Forwarded[];
}

/** Runs a function that stops as soon as its signal is aborted, or else when the test decides. */
export function elsewhere(behaviour: Partial<RemoteBehaviour> = {}): Elsewhere {
  const calls: Forwarded[] = [];
  const forward = (...args: unknown[]): Promise<unknown> => {
    const context = args.at(-1);
    const isOfPool = isTaskContext(context);
    return new Promise((resolve, reject) => {
      calls.push({
        args: isOfPool ? args.slice(0, -1) : args,
        context: isOfPool ? context : undefined,
        resolve,
        reject,
      });
    });
  };
  const fn = Object.assign(forward, { [REMOTE]: { functionName: 'far', ...behaviour } });
  Object.defineProperty(fn, 'name', { value: 'far' });
  return { fn: fn as Elsewhere['fn'], calls };
}
