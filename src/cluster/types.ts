/** The types of remote functions, derived from those of a module. */

import type { RemoteFunction, TaskContext } from '../index.ts';

/** Removes a trailing context from arguments. */
type WithoutContext<A extends readonly unknown[]> = A extends readonly [...infer Rest, TaskContext]
  ? Rest
  : A extends readonly [...infer Rest, TaskContext?]
    ? Rest
    : A;

/** The type of a function when it is called remotely: without context, and with a promise of its result. */
export type Remote<F> = F extends (...args: infer A) => infer R
  ? RemoteFunction<WithoutContext<A>, Awaited<R>>
  : never;

/** The type of a module when it is called remotely. */
export type RemoteModule<M extends object> = {
  readonly [Name in keyof M as M[Name] extends (...args: never) => unknown ? Name : never]: Remote<
    M[Name]
  >;
} & AsyncDisposable & {
    /** Closes the connections. Pending calls fail with `WorkerLost`, and later ones with `PoolIsClosed`. */
    close(): Promise<void>;
  };
