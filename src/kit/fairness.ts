/**
 * Yields to timers, I/O and signals: an endless chain of promise jobs would starve the event loop. It does not use
 * the pool's clock, so an injected clock cannot disable it.
 */

import { nextTurn, onMessage } from './jobs.ts';
import { monotonicTime } from './time.ts';

/**
 * Whether the event loop has had a turn is found out by a message, which is posted when the last turn is
 * as long ago as this, and the jobs are interrupted when it has not arrived after as long again. So what waits
 * for I/O, one turn for each job, posts hardly any.
 */
const PROBE = { ms: 7, jobs: 4_096 };
const LONGEST = { ms: 7, jobs: 8_192 };
/** Reading the clock costs a tenth of a quick job: it is read after this many of them, or this much time. */
const LOOK = { jobs: 32, ms: 1 };
/** After a turn no one knows how long jobs take. */
const FIRST_LOOK = 8;

/** Jobs until the next look. */
let left = FIRST_LOOK;
let lookAfter = FIRST_LOOK;
/** Jobs since the last turn that is known of, when that was, and when the last look was. */
let jobs = 0;
let turnAt = Number.NEGATIVE_INFINITY;
let last = 0;
/** When the message was posted that is on its way; undefined if none is. */
let probedAt: number | undefined;
/** The turn that is being waited for. */
let pause: Promise<void> | undefined;
/** Posts the message. */
let post: (() => void) | undefined;

/**
 * To be called after each job; gives what is to be awaited before the next one, if the event loop has
 * had no turn for too long.
 */
export function turnIfDue(): Promise<void> | undefined {
  if (pause !== undefined) return pause;
  if (--left > 0) return undefined;
  return look(monotonicTime());
}

/**
 * Resolves in a later turn of the event loop, when no promise jobs are left: those included that were
 * interrupted to leave others a turn.
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
    if (now - turnAt >= PROBE.ms || jobs >= PROBE.jobs) probe(now);
  } else if (now - probedAt >= LONGEST.ms || jobs >= LONGEST.jobs) return interrupt();
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
 * By a channel of its own: what runs on when a message has arrived runs within the delivery of that
 * channel's messages, and would get the next one without a turn in between.
 */
function interrupt(): Promise<void> {
  pause = nextTurn().then(() => {
    pause = undefined;
    reset();
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

/** What opens the one channel that there is; it keeps no process alive. */
function connect(): () => void {
  if (typeof MessageChannel !== 'function') return () => {};
  const { port1, port2 } = new MessageChannel();
  onMessage(port1, reset);
  (port1 as { unref?: () => void }).unref?.();
  return () => port2.postMessage(undefined);
}
