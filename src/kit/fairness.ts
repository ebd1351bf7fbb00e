/**
 * Yields to timers, I/O and signals: an endless chain of promise jobs would starve the event loop. It does not use
 * the pool's clock, so an injected clock cannot disable it.
 */

import { nextTurn, onMessage } from './jobs.ts';
import { monotonicTime } from './time.ts';

/**
 * A message detects whether the event loop has had a turn. It is posted when the last known turn is this long ago,
 * and jobs are interrupted if it has not arrived after the same time again. So jobs that wait for I/O, with one turn
 * each, post hardly any messages.
 */
const PROBE = { ms: 7, jobs: 4_096 };
const LONGEST = { jobs: 8_192 };
/** How long a run should last at most, with the jobs that are under way when it is interrupted: 20 ms with a margin. */
const RUN_MS = 18;
/** Reading the clock costs a tenth of a short job, so it is read after this many jobs or this much time. */
const LOOK = { jobs: 32, ms: 1 };
/** After a turn it is unknown how long jobs take. */
const FIRST_LOOK = 8;

/** Jobs until the next check. */
let left = FIRST_LOOK;
let lookAfter = FIRST_LOOK;
/** Jobs since the last known turn, the time of that turn, and the time of the last check. */
let jobs = 0;
let turnAt = Number.NEGATIVE_INFINITY;
let last = 0;
/** When the pending message was posted; undefined if there is none. */
let probedAt: number | undefined;
/** How long after the last turn, and after the message, the next step follows. */
let probeAfter = PROBE.ms;
/** The pending wait for a turn. */
let pause: Promise<void> | undefined;
/** Posts the message. */
let post: (() => void) | undefined;

/**
 * Call this after each job; returns a promise to await before the next one if the event loop has had no turn for too
 * long.
 */
export function turnIfDue(): Promise<void> | undefined {
  if (pause !== undefined) return pause;
  if (--left > 0) return undefined;
  return look(monotonicTime());
}

/** A promise to await before more jobs are started, if the event loop is to have a turn first. */
export function pendingTurn(): Promise<void> | undefined {
  return pause;
}

/**
 * Resolves in a later turn of the event loop when no promise jobs are left, including those that were interrupted.
 */
export async function untilQuiet(): Promise<void> {
  await nextTurn();
  while (pause !== undefined) {
    await pause;
    await nextTurn();
  }
}

function look(now: number): Promise<void> | undefined {
  jobs += lookAfter;
  if (probedAt === undefined) {
    if (now - turnAt >= probeAfter || jobs >= PROBE.jobs) probe(now);
  } else if (now - probedAt >= probeAfter || jobs >= LONGEST.jobs) return interrupt(now);
  const perJob = (now - last) / lookAfter;
  lookAfter = Math.max(1, Math.min(LOOK.jobs, Math.floor(LOOK.ms / perJob)));
  last = now;
  left = lookAfter;
  return undefined;
}

function probe(now: number): void {
  probedAt = now;
  post ??= connect();
  post();
}

/**
 * With separate channels: jobs that continue after a message run while its channel delivers messages, and would receive
 * the next one without a turn in between. Two messages, since those jobs also keep the rest of the turn waiting: what
 * comes after messages, such as immediates.
 */
function interrupt(now: number): Promise<void> {
  pause = nextTurn()
    .then(nextTurn)
    .then(() => {
      pause = undefined;
      reset();
      // The jobs under way, and what follows from them, will take as long next time.
      probeAfter = Math.max(1, Math.min(PROBE.ms, (RUN_MS - (turnAt - now)) / 2));
    });
  return pause;
}

/** The event loop has had a turn. */
function reset(): void {
  left = FIRST_LOOK;
  lookAfter = FIRST_LOOK;
  jobs = 0;
  turnAt = monotonicTime();
  probedAt = undefined;
}

/** Opens the channel, which does not keep the process alive. */
function connect(): () => void {
  if (typeof MessageChannel !== 'function') return () => {};
  const { port1, port2 } = new MessageChannel();
  onMessage(port1, reset);
  (port1 as { unref?: () => void }).unref?.();
  return () => port2.postMessage(undefined);
}
