/** How the arguments of a task are inferred from its function. */

import type { TaskContext } from './task-context.ts';

/**
 * Any function. `any` because parameters are contravariant: only with it does every function match,
 * and only with it do the parameters of a function written in place get a type from the context.
 */
// biome-ignore lint/suspicious/noExplicitAny: see above
export type AnyFunction = (...args: any[]) => unknown;

/** A function of some arguments and the context; says nothing about what the arguments are. */
export type TaskFunction<A extends readonly unknown[], R> = (...args: ArgsAndContext<A>) => R;

/** A function that takes some arguments with or without the context. */
export type TolerantFunction<A extends readonly unknown[], R> = (
  ...args: [...A, context?: TaskContext]
) => R;

/** Conditional, so that the arguments are inferred from where they are given and not from here. */
type ArgsAndContext<A extends readonly unknown[]> = A extends readonly unknown[]
  ? [...A, TaskContext]
  : never;

/** Items, all there or still to come. */
export type Items<T> = Iterable<T> | AsyncIterable<T>;

/** A value, or a promise of one. */
export type Awaitable<T> = T | PromiseLike<T>;

/**
 * A tuple with an argument for each parameter of a function that takes no context: it would come
 * where one is missing, and among the rest of them.
 */
export type TupleFor<A extends readonly unknown[]> = number extends A['length']
  ? never
  : Readonly<Required<A>>;

/** Functions by the names that a journal is to know them by. */
export type TaskFunctions = Readonly<Record<string, AnyFunction>>;
