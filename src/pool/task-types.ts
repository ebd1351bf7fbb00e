/** How the arguments of a task are inferred from its function. */

import type { TaskContext } from './task-context.ts';

/**
 * Any function. `any` because parameters are contravariant: only with it does every function match,
 * and only with it do the parameters of a function written in place get a type from the context.
 */
// biome-ignore lint/suspicious/noExplicitAny: see above
export type AnyFunction = (...args: any[]) => unknown;

/**
 * The arguments that a function takes before the context: all its parameters (a context too many
 * does no harm), or all but the last one if that one accepts the context.
 */
export type TaskArgs<F extends AnyFunction> = WithoutContext<Filled<Parameters<F>>>;

/** Optional parameters must be given, or the context would take the place of the first. */
type Filled<P extends readonly unknown[]> = number extends P['length']
  ? P
  : P extends []
    ? []
    : P extends [infer Head, ...infer Tail]
      ? [Head, ...Filled<Tail>]
      : P extends [(infer Head)?, ...infer Tail]
        ? [Head | undefined, ...Filled<Tail>]
        : P;

type WithoutContext<P extends readonly unknown[]> = P extends [...infer Init, infer Last]
  ? [TaskContext] extends [Last]
    ? [Last] extends [TaskContext]
      ? Init
      : Init | P
    : P
  : P;

/** What a function resolves to. */
export type TaskValue<F extends AnyFunction> = Awaited<ReturnType<F>>;

/** A function of some arguments and the context; says nothing about what the arguments are. */
export type TaskFunction<A extends readonly unknown[], R> = (
  ...args: ArgsAndContext<A>
) => R | PromiseLike<R>;

/** Conditional, so that the arguments are inferred from where they are given and not from here. */
type ArgsAndContext<A extends readonly unknown[]> = A extends readonly unknown[]
  ? [...A, TaskContext]
  : never;

/** Items, all there or still to come. */
export type Items<T> = Iterable<T> | AsyncIterable<T>;
