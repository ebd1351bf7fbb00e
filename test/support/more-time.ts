/** Timing tests for machines that may be slow. */

/**
 * Runs a test with a time, and with longer ones until it passes: on a busy machine things may happen late, but a real
 * fault fails with each time.
 */
export async function withMoreTime<T>(
  times: readonly [number, ...number[]],
  run: (time: number) => Promise<T>,
): Promise<T> {
  const [time, next, ...rest] = times;
  if (next === undefined) return run(time);
  return run(time).catch(() => withMoreTime([next, ...rest], run));
}
