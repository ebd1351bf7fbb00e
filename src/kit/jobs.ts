/** Schedules jobs without the functions that fake timers of Sinon, Jest and Vitest replace. */

import { monotonicTime } from './time.ts';

/**
 * Runs `job` as a promise job, after the code that runs now. The language itself schedules it: no
 * function is called that a test could have replaced, as it may `queueMicrotask` or `Promise`.
 */
export async function runSoon(job: () => void): Promise<void> {
  await undefined;
  job();
}

/** How many promise jobs stand in for a turn of the event loop where there is no `MessageChannel`. */
const JOBS_IN_PLACE_OF_A_TURN = 100;

/** Resolves in a later turn of the event loop, after the promise jobs of this one. */
export async function nextTurn(): Promise<void> {
  if (typeof MessageChannel === 'function') return messageTurn();
  for (let job = 0; job < JOBS_IN_PLACE_OF_A_TURN; job++) await undefined;
}

function messageTurn(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    onMessage(port1, () => {
      // An open port would keep the process alive.
      port1.close();
      resolve();
    });
    port2.postMessage(undefined);
  });
}

/** A port of a channel; types of Node and of browsers know different parts of it. */
interface Port {
  on?(name: 'message', heed: () => void): void;
  onmessage?: unknown;
  unref?(): void;
}

/**
 * Calls back for each message. Where there is `on`, in Node, it is that: for `onmessage` Node makes an event, and
 * loads all that it has for the network before the first one, which blocks for 30 ms.
 */
export function onMessage(port: Port, heed: () => void): void {
  if (port.on) port.on('message', heed);
  else port.onmessage = heed;
}

/** What one step does at the most: pieces of work, or milliseconds. */
const STEP = { pieces: 1_024, ms: 8 };
/** Reading the clock costs as much as a small piece of work: it is read after this many. */
const LOOK = 16;

/** Divides work into steps that keep no one waiting for long: for what {@link stepByStep} runs. */
export class Steps {
  #pieces = 0;
  #endsAt: number | undefined = undefined;

  /** To be asked after each piece of work: whether the step is over, and what is next begins another. */
  areDue(): boolean {
    this.#pieces++;
    if (this.#pieces % LOOK !== 0) return false;
    const now = monotonicTime();
    this.#endsAt ??= now + STEP.ms;
    if (this.#pieces < STEP.pieces && now < this.#endsAt) return false;
    this.#pieces = 0;
    this.#endsAt = undefined;
    return true;
  }
}

/** Runs all steps of something, with a turn of the event loop between two; gives what it returns. */
export async function stepByStep<R>(steps: Iterator<unknown, R>): Promise<R> {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    await nextTurn();
  }
}
