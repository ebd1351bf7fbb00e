/** What has to be done before a timer, on machines that may be late. */

/**
 * Runs something with a time, and with longer ones until it passes: what has to happen before the time is over
 * may be late on a busy machine, and what is wrong fails with each of them.
 */
export async function withMoreTime<T>(
  times: readonly [number, ...number[]],
  run: (time: number) => Promise<T>,
): Promise<T> {
  const [time, next, ...rest] = times;
  if (next === undefined) return run(time);
  return run(time).catch(() => withMoreTime([next, ...rest], run));
}
