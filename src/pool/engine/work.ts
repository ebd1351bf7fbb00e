/** What the tasks of a group do: the function, how it is called, and what is called after it. */

import type { Policy } from '../attempt/policy.ts';
import type { GroupOptions, IsCancellation, TaskCallback } from '../options.ts';
import type { AnyFunction } from '../task-types.ts';
import { nameOf } from '../to-json.ts';
import { visibleArguments } from './sees-context.ts';

export interface Work {
  readonly fn: AnyFunction;
  readonly functionName: string;
  /** How many arguments the function can see: with more than it is given, it gets a context. */
  readonly visible: number;
  /** Whether an item is an array of arguments, and not one. */
  readonly spreads: boolean;
  /** Undefined where there is none, as for most groups. */
  readonly callbacks: Callbacks | undefined;
  /** How long tasks may take, and how often they are run. Undefined for most groups. */
  readonly policy: Policy | undefined;
}

/** What a group calls about its tasks. */
interface Callbacks {
  readonly end: TaskCallback | undefined;
  readonly cancel: TaskCallback | undefined;
  readonly isCancellation: IsCancellation | undefined;
}

/** The work of functions without options: most calls repeat one that came before. */
const plain = new WeakMap<AnyFunction, Work>();
/** The last work of functions with nothing but a policy. */
const limited = new WeakMap<AnyFunction, Work>();

/** The work of a group, shared with earlier calls that ask for the same. */
export function workOf(
  fn: AnyFunction,
  spreads: boolean,
  options: GroupOptions,
  policy: Policy | undefined,
): Work {
  const { endCallback: end, cancelCallback: cancel, isCancellation, passContext } = options;
  if ((end ?? cancel ?? isCancellation) !== undefined || passContext === false) {
    const callbacks = { end, cancel, isCancellation };
    const visible = passContext === false ? 0 : visibleArguments(fn);
    return { fn, functionName: nameOf(fn), visible, spreads, callbacks, policy };
  }
  const cache = policy === undefined ? plain : limited;
  const known = cache.get(fn);
  if (known?.spreads === spreads && known.policy === policy) return known;
  const visible = visibleArguments(fn);
  const functionName = nameOf(fn);
  const work = { fn, functionName, visible, spreads, callbacks: undefined, policy };
  cache.set(fn, work);
  return work;
}
