/** The build substitutes this for `performance`, which takes Node longer to load than a short run takes. */
export const stopwatch = {
  /** Monotonic time in milliseconds. */
  now(): number {
    const [seconds, nanoseconds] = process.hrtime();
    return seconds * 1e3 + nanoseconds / 1e6;
  },
};
