/**
 * Awaiting values of others. They are awaited, and never asked for `then` or `catch`: `await` takes a
 * promise as it is, whatever was done to its methods, and listens to one answer of anything else.
 */

// Both as they are when this is loaded, since they have to fit together.
const NativePromise = Promise;
const { then: promiseThen } = Promise.prototype;

/** A promise of what `await` would give or throw for a value; none of it is taken before it is awaited. */
export function promiseOf(value: unknown): Promise<unknown> {
  try {
    return NativePromise.resolve(value);
  } catch (error) {
    // A promise whose constructor cannot be read.
    return rejected(error);
  }
}

/** What `then` gives, whatever was done to the method. */
export function whenResolved<T, R>(
  promise: Promise<T>,
  next: (value: T) => R,
): Promise<Awaited<R>> {
  return promiseThen.call(promise, next as (value: unknown) => unknown) as Promise<Awaited<R>>;
}

/** A promise that rejects. */
export async function rejected(error: unknown): Promise<never> {
  throw error;
}

/**
 * Calls a function and awaits what it returns. What it throws, and what that rejects with, goes to
 * `onError`, which must not throw.
 */
export async function attempt(
  call: () => unknown,
  onError: (error: unknown) => void,
): Promise<void> {
  try {
    await call();
  } catch (error) {
    onError(error);
  }
}

/** Whether `await` would wait for a value: it has a `then`. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  if ((typeof value !== 'object' || value === null) && typeof value !== 'function') return false;
  return typeof (value as { readonly then?: unknown }).then === 'function';
}

/**
 * Keeps a promise that is to be awaited later from being reported as unhandled if it rejects before.
 * Anything else is left alone: to ask a thenable may be what starts its work.
 */
export function markHandled(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  try {
    if (isThenable(value)) promiseThen.call(value, undefined, () => {});
  } catch {
    // No promise: its `then` is not that of promises, or cannot be read.
  }
}
