/**
 * Awaits values that users return. They are always awaited, and their `then` and `catch` are never called
 * directly: `await` handles native promises with replaced methods and thenables that call back twice.
 */

// The original methods at load time.
const { then: promiseThen } = Promise.prototype;
const { resolve: promiseResolve } = Promise;

/** Whether `await` throws synchronously: for a promise whose `constructor` cannot be read. */
export function isRefused(value: unknown): boolean {
  try {
    Reflect.get(Object(value), 'constructor');
    return false;
  } catch {
    return true;
  }
}

/** Calls the original `then`, even if the method was replaced. */
export function whenResolved<T, R>(
  promise: Promise<T>,
  next: (value: T) => R,
): Promise<Awaited<R>> {
  return promiseThen.call(promise, next as (value: unknown) => unknown) as Promise<Awaited<R>>;
}

/** Calls one of two functions when a value has settled, as after an `await`, with half its memory. */
export function whenSettled<R>(
  value: unknown,
  onFulfilled: (value: unknown) => R,
  onRejected: (error: unknown) => R,
): Promise<Awaited<R>> {
  let promise: Promise<unknown>;
  try {
    promise = promiseThen.call(promiseResolve.call(Promise, value), onFulfilled, onRejected);
  } catch (error) {
    // A promise whose `constructor` cannot be read.
    promise = promiseThen.call(rejected(error), onFulfilled, onRejected);
  }
  return promise as Promise<Awaited<R>>;
}

/** A promise that rejects. */
export async function rejected(error: unknown): Promise<never> {
  throw error;
}

/** A rejected promise that is no unhandled rejection. */
export function refusal(error: unknown): Promise<never> {
  const promise = rejected(error);
  markHandled(promise);
  return promise;
}

/** Calls a function and awaits its result. Errors and rejections go to `onError`, which must not throw. */
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
 * Prevents a promise that is awaited later from being reported as an unhandled rejection. Other thenables are left
 * alone, since calling `then` may start their work.
 */
export function markHandled(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  try {
    if (isThenable(value)) promiseThen.call(value, undefined, () => {});
  } catch {
    // Not a native promise, or its `then` cannot be read.
  }
}
