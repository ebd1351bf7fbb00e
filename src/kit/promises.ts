/**
 * Awaits values that users return. They are always awaited, and their `then` and `catch` are never called
 * directly: `await` handles native promises with replaced methods and thenables that call back twice.
 */

// As it is when this is loaded.
const { then: promiseThen } = Promise.prototype;

/** Whether `await` throws at once and does not wait: for a promise whose constructor cannot be read. */
export function isRefused(value: unknown): boolean {
  try {
    Reflect.get(Object(value), 'constructor');
    return false;
  } catch {
    return true;
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

/** A promise that rejects, and is no unhandled rejection if no one awaits it. */
export function refusal(error: unknown): Promise<never> {
  const promise = rejected(error);
  markHandled(promise);
  return promise;
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
