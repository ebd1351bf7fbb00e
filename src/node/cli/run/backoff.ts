/** How long to wait before trying again. */

/** No wait is longer, in milliseconds. */
const MAX_DELAY = 60_000;

/**
 * The milliseconds to wait after so many failures: twice as long each time, and by chance up to a
 * half less, so that what failed together is not tried again together.
 */
export function backoff(first: number, failures: number, random = Math.random): number {
  const longest = Math.min(MAX_DELAY, first * 2 ** (failures - 1));
  return longest * (1 - random() / 2);
}
