/**
 * Awaiting values of others. They are awaited, and never asked for `then` or `catch`: `await` takes a
 * promise as it is, whatever was done to its methods, and listens to one answer of anything else.
 */

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
