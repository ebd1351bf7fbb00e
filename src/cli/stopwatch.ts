/** What the build puts in place of `performance`, which takes Node longer to load than short runs take. */
export const stopwatch = {
  /** Milliseconds since some moment in the past. */
  now(): number {
    const [seconds, nanoseconds] = process.hrtime();
    return seconds * 1e3 + nanoseconds / 1e6;
  },
};
