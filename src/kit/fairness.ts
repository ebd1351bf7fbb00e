/**
 * Leaving timers, I/O and signals a turn: promise jobs that beget promise jobs would keep the event loop
 * from all of them for as long as there is work. No clock that is given to a pool has a say in this.
 */

import { nextTurn } from './jobs.ts';

/** A run of promise jobs is interrupted after so many milliseconds or jobs, whichever comes first. */
const LONGEST = { ms: 15, jobs: 8_192 };
/** After so many jobs it is found out whether they belong to one run. */
const FIRST_LOOK = 8;
/** Reading the clock costs a tenth of a quick job: it is read after so many of them, or this much time. */
const NEXT_LOOK = { jobs: 32, ms: 1 };

/** Jobs until the next look. */
let left = FIRST_LOOK;
let lookAfter = FIRST_LOOK;
/** Jobs since the run was first looked at. */
let jobs = 0;
/** When the run was first looked at, and the last time; undefined for a run that was not. */
let since: number | undefined;
let last = 0;
/** The turn that is being waited for. */
let pause: Promise<void> | undefined;
/** Ends it. */
let resume: (() => void) | undefined;

/** Messages that arrive when the event loop has its turn. */
interface Channel {
  /** Whether messages arrive at all. */
  readonly hasPorts: boolean;
  post(): void;
  /** Lets a message that is on its way keep the process alive, or no longer. */
  keepAlive(isPaused: boolean): void;
}

let channel: Channel | undefined;

/**
 * To be called after each job; gives what is to be awaited before the next one, if the event loop has
 * had no turn for too long.
 */
export function turnIfDue(): Promise<void> | undefined {
  if (pause !== undefined) return pause;
  if (--left > 0) return undefined;
  jobs += lookAfter;
  const now = performance.now();
  if (since === undefined) begin(now);
  else if (now - since >= LONGEST.ms || jobs >= LONGEST.jobs) return interrupt();
  else {
    const perJob = (now - last) / lookAfter;
    lookAfter = Math.max(1, Math.min(NEXT_LOOK.jobs, Math.floor(NEXT_LOOK.ms / perJob)));
  }
  last = now;
  left = lookAfter;
  return undefined;
}

/** A run may have begun. If not, the message says so before it matters. */
function begin(now: number): void {
  since = now;
  channel ??= connect();
  channel.post();
}

/** Waits for the message that was posted when the run began: the event loop has not come to it yet. */
function interrupt(): Promise<void> {
  pause = channel?.hasPorts === true ? arrival(channel) : nextTurn().then(reset);
  return pause;
}

function arrival({ keepAlive }: Channel): Promise<void> {
  keepAlive(true);
  return new Promise((resolve) => {
    resume = () => {
      keepAlive(false);
      resolve();
    };
  });
}

/** The event loop has had a turn. */
function reset(): void {
  left = FIRST_LOOK;
  lookAfter = FIRST_LOOK;
  jobs = 0;
  since = undefined;
  pause = undefined;
  resume?.();
  resume = undefined;
}

/** Opens the one channel that there is; it keeps no process alive but in a pause. */
function connect(): Channel {
  if (typeof MessageChannel !== 'function') {
    return { hasPorts: false, post: () => {}, keepAlive: () => {} };
  }
  const { port1, port2 } = new MessageChannel();
  // The types of Node know no `onmessage`, those of browsers no `ref`.
  const port = port1 as unknown as { onmessage: () => void; ref?(): void; unref?(): void };
  port.onmessage = reset;
  port.unref?.();
  return {
    hasPorts: true,
    post: () => port2.postMessage(undefined),
    keepAlive: (isPaused) => (isPaused ? port.ref?.() : port.unref?.()),
  };
}
