/** How the arguments of a task are inferred from its function. */

import type { TaskContext } from './task-context.ts';

/**
 * Any function. `any` because parameters are contravariant: only with it does every function match,
 * and only with it do the parameters of a function written in place get a type from the context.
 */
// biome-ignore lint/suspicious/noExplicitAny: see above
export type AnyFunction = (...args: any[]) => unknown;

/** The option `passContext`, as a type. */
export type PassContext = boolean | undefined;

/** The last parameter of a function, by the option `passContext`. */
export type ContextOf<P> = [P] extends [false]
  ? []
  : [false] extends [P]
    ? [context?: TaskContext]
    : [context: TaskContext];

/**
 * A function that takes the arguments `A` and, unless the option `passContext` is `false`, the context; `A` is not
 * inferred from it.
 */
export type TaskFunction<A extends readonly unknown[], R, P = true> = (
  ...args: ArgsAndContext<A, P>
) => R;

/** Conditional, so that `A` is inferred from the given arguments and not from the function. */
type ArgsAndContext<A extends readonly unknown[], P> = A extends readonly unknown[]
  ? [...A, ...ContextOf<P>]
  : never;

/** Items from a sync or async source, such as an array or a stream. */
export type Items<T> = Iterable<T> | AsyncIterable<T>;

/** A value, or a promise of one. */
export type Awaitable<T> = T | PromiseLike<T>;

/**
 * A tuple with one argument for each parameter of a function that takes no context. Optional parameters are required
 * and rest parameters excluded, since the context would be passed in their place.
 */
export type TupleFor<A extends readonly unknown[]> = number extends A['length']
  ? never
  : Readonly<Required<A>>;

/** Functions by the names under which a journal stores them. */
export type TaskFunctions = Readonly<Record<string, AnyFunction>>;
