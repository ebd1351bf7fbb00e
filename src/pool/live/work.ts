/** How the function of a task is called, and which callbacks follow. */

import { nameOf } from '../../machines/to-json.ts';
import type { Policy } from '../attempt/policy.ts';
import { type RemoteBehaviour, remoteOf } from '../functions/remote.ts';
import { visibleArguments } from '../functions/sees-context.ts';
import type { AnyFunction } from '../functions/task-types.ts';
import type { GroupOptions, IsCancellation, TaskCallback } from '../options/group-options.ts';

/** What functions have in common that are called in the same way, as those do that one closure makes. */
export interface Work {
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

/** A function with the way in which it is called. */
export interface Callee {
  readonly fn: AnyFunction;
  readonly work: Work;
}

/** What a group calls about its tasks. */
interface Callbacks {
  readonly end: TaskCallback | undefined;
  readonly cancel: TaskCallback | undefined;
  readonly isCancellation: IsCancellation | undefined;
}

/** The works of calls. Most calls repeat the one before, with the same function or with one that is made for each. */
export class Works {
  /** The last one without callbacks, and whose it was. */
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

/** Whether a work, which has no callbacks, is what another function would get. */
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
  // It cannot do without: whether the context is passed on over there is up to it.
  if (remote !== undefined) return Number.POSITIVE_INFINITY;
  return passContext === false ? 0 : visibleArguments(fn);
}

function isPlain({ endCallback, cancelCallback, isCancellation, passContext }: GroupOptions) {
  return (endCallback ?? cancelCallback ?? isCancellation) === undefined && passContext !== false;
}
