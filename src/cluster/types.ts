/** The types of functions that run elsewhere, made of those of the module. */

import type { RemoteFunction, TaskContext } from '../index.ts';

/** Arguments without the context behind them. */
type WithoutContext<A extends readonly unknown[]> = A extends readonly [...infer Rest, TaskContext]
  ? Rest
  : A extends readonly [...infer Rest, TaskContext?]
    ? Rest
    : A;

/** A function as it is called from here. */
export type Remote<F> = F extends (...args: infer A) => infer R
  ? RemoteFunction<WithoutContext<A>, Awaited<R>>
  : never;

/** The functions of a module, as they are called from here. */
export type RemoteModule<M extends object> = {
  readonly [Name in keyof M as M[Name] extends (...args: never) => unknown ? Name : never]: Remote<
    M[Name]
  >;
} & AsyncDisposable & {
    /** Closes the connections. Calls that are on their way fail here with `WorkerLost`. */
    close(): Promise<void>;
  };
