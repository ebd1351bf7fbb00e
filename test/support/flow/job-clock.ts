/**
 * Replaces the clock of this machine for measuring jobs: they take no time, except those that should keep the thread
 * busy. So failing programs fail each time, and a thread is busy after a few jobs.
 */

let now = 0;

export const jobClock = {
  now: (): number => now,
  /** Called for a job that takes so long that a few of them delay the event loop. */
  onLongJob: (): void => {
    now += 4;
  },
};
