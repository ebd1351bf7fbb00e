/** What the tasks of a group do: the function, how it is called, and what is called after it. */

import { nameOf } from '../../machines/to-json.ts';
import type { Policy } from '../attempt/policy.ts';
import { type RemoteBehaviour, remoteOf } from '../functions/remote.ts';
import { visibleArguments } from '../functions/sees-context.ts';
import type { AnyFunction } from '../functions/task-types.ts';
import type { GroupOptions, IsCancellation, TaskCallback } from '../options/group-options.ts';

export interface Work {
  readonly fn: AnyFunction;
  readonly functionName: string;
  /** How many arguments the function can see: with more than it is given, it gets a context. */
  readonly visible: number;
  /** Undefined where the function runs here, as most do. */
  readonly remote: RemoteBehaviour | undefined;
  /** Whether an item is an array of arguments, and not one. */
  readonly spreads: boolean;
  /** Undefined where there is none, as for most groups. */
  readonly callbacks: Callbacks | undefined;
  /** What the option of this name says. */
  readonly passContext: boolean;
  /** How long tasks may take, and how often they are run. Undefined for most groups. */
  readonly policy: Policy | undefined;
}

/** What a group calls about its tasks. */
interface Callbacks {
  readonly end: TaskCallback | undefined;
  readonly cancel: TaskCallback | undefined;
  readonly isCancellation: IsCancellation | undefined;
}

/** The works of calls. Most calls repeat the one before; functions that are made for each call are many. */
export class Works {
  /** The last one without callbacks. */
  #last: Work | undefined = undefined;

  of(fn: AnyFunction, spreads: boolean, options: GroupOptions, policy: Policy | undefined): Work {
    if (!isPlain(options)) return workOf(fn, spreads, options, policy);
    const last = this.#last;
    if (last?.fn === fn && last.spreads === spreads && last.policy === policy) return last;
    this.#last = workOf(fn, spreads, options, policy);
    return this.#last;
  }
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
    fn,
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
  // It cannot do without: whether the context is passed on over there is up to it.
  if (remote !== undefined) return Number.POSITIVE_INFINITY;
  return passContext === false ? 0 : visibleArguments(fn);
}

function isPlain({ endCallback, cancelCallback, isCancellation, passContext }: GroupOptions) {
  return (endCallback ?? cancelCallback ?? isCancellation) === undefined && passContext !== false;
}
