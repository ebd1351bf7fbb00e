/** Schedules jobs without the functions that fake timers of Sinon, Jest and Vitest replace. */

import { monotonicTime } from './time.ts';

/**
 * Runs `job` as a promise job, after the current code. The language itself schedules it, without a function such as
 * `queueMicrotask` or `Promise` that a test may have replaced.
 */
export async function runSoon(job: () => void): Promise<void> {
  await undefined;
  job();
}

/** How many promise jobs replace a turn of the event loop if there is no `MessageChannel`. */
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

/** A port of a channel; the types of Node and of browsers each declare a part of it. */
interface Port {
  on?(name: 'message', heed: () => void): void;
  onmessage?: unknown;
  unref?(): void;
}

/**
 * Calls back for each message. Uses `on` in Node: for `onmessage` Node creates event objects and, before the first
 * one, loads its network modules, which blocks for 30 ms.
 */
export function onMessage(port: Port, heed: () => void): void {
  if (port.on) port.on('message', heed);
  else port.onmessage = heed;
}

/** The longest step, in pieces of work and in milliseconds. */
const STEP = { pieces: 1_024, ms: 4 };
/** Reading the clock costs as much as a small piece of work, so it is read after this many. */
const LOOK = 16;

/** Divides work for {@link stepByStep} into short steps. */
export class Steps {
  #pieces = 0;
  #endsAt: number | undefined = undefined;

  /** Call this after each piece of work: whether the step is over and the next piece begins another one. */
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

/** Runs all steps of an iterator, with a turn of the event loop in between; resolves with its return value. */
export async function stepByStep<R>(steps: Iterator<unknown, R>): Promise<R> {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    await nextTurn();
  }
}
