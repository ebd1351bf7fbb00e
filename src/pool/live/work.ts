/** How the function of a task is called, and which callbacks follow. */

import { nameOf } from '../../machines/to-json.ts';
import type { Policy } from '../attempt/policy.ts';
import { type RemoteBehaviour, remoteOf } from '../functions/remote.ts';
import { visibleArguments } from '../functions/sees-context.ts';
import type { AnyFunction } from '../functions/task-types.ts';
import type { GroupOptions, IsCancellation, TaskCallback } from '../options/group-options.ts';

/**
 * How a function is called; shared by functions that are called in the same way, such as the closures of one place.
 */
export interface Work {
  readonly functionName: string;
  /** How many arguments the function can see; if that is more than it is given, it gets a context. */
  readonly visible: number;
  /** Undefined if the function runs here, as most do. */
  readonly remote: RemoteBehaviour | undefined;
  /** Whether an item is an array of arguments instead of one argument. */
  readonly spreads: boolean;
  /** Undefined if there are none, as for most groups. */
  readonly callbacks: Callbacks | undefined;
  /** The option of this name. */
  readonly passContext: boolean;
  /** Time limits and retries. Undefined for most groups. */
  readonly policy: Policy | undefined;
}

/** A function and how it is called. */
export interface Callee {
  readonly fn: AnyFunction;
  readonly work: Work;
}

/** The callbacks of a group. */
interface Callbacks {
  readonly end: TaskCallback | undefined;
  readonly cancel: TaskCallback | undefined;
  readonly isCancellation: IsCancellation | undefined;
}

/** Creates and shares works. Most calls repeat the previous one, with the same function or with a new closure. */
export class Works {
  /** The last work without callbacks, and its function. */
  #last: Work | undefined = undefined;
  #fn: AnyFunction | undefined = undefined;

  of(fn: AnyFunction, spreads: boolean, options: GroupOptions, policy: Policy | undefined): Work {
    if (!isPlain(options)) return workOf(fn, spreads, options, policy);
    const last = this.#last;
    const isAlike = last !== undefined && last.spreads === spreads && last.policy === policy;
    if (isAlike && (fn === this.#fn || isOf(fn, last))) return last;
    this.#fn = fn;
    this.#last = workOf(fn, spreads, options, policy);
    return this.#last;
  }
}

/** Whether another function would get the same work, which has no callbacks. */
function isOf(fn: AnyFunction, { functionName, remote, visible }: Work): boolean {
  if (remote !== undefined || remoteOf(fn) !== undefined) return false;
  return nameOf(fn) === functionName && visibleArguments(fn) === visible;
}

/** The work of a group. */
export function workOf(
  fn: AnyFunction,
  spreads: boolean,
  options: GroupOptions,
  policy: Policy | undefined,
): Work {
  const { endCallback: end, cancelCallback: cancel, isCancellation, passContext } = options;
  const remote = remoteOf(fn);
  const visible = visibleTo(fn, remote, passContext);
  const callbacks = isPlain(options) ? undefined : { end, cancel, isCancellation };
  return {
    functionName: nameOf(fn),
    visible,
    remote,
    spreads,
    callbacks,
    passContext: passContext !== false,
    policy,
  };
}

function visibleTo(
  fn: AnyFunction,
  remote: RemoteBehaviour | undefined,
  passContext: boolean | undefined,
): number {
  // A remote function always needs its context, and decides itself whether to pass it on.
  if (remote !== undefined) return Number.POSITIVE_INFINITY;
  return passContext === false ? 0 : visibleArguments(fn);
}

function isPlain({ endCallback, cancelCallback, isCancellation, passContext }: GroupOptions) {
  return (endCallback ?? cancelCallback ?? isCancellation) === undefined && passContext !== false;
}
