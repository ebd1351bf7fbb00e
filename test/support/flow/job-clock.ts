/**
 * What jobs take, in place of the clock of this machine: nothing, but for those that are to keep the thread busy.
 * So a program that fails does so each time, and a thread is busy after a few jobs.
 */

let now = 0;

export const jobClock = {
  now: (): number => now,
  /** A job has taken so long that few of them keep the event loop waiting. */
  onLongJob: (): void => {
    now += 4;
  },
};
