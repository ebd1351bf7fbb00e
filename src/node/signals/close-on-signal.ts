/** `closeOnSignal()`: closes a pool gracefully when its process gets a signal. */

import { constants } from 'node:os';
import type { BasePool } from '../../index.ts';
import {
  checkArray,
  checkFlag,
  checkGrace,
  checkString,
  hasMethods,
  refuse,
} from '../../kit/checks.ts';
import { later } from '../../kit/later.ts';
import { OptionBag } from '../../kit/option-bag.ts';
import { checkFunction } from '../../pool/options/check-function.ts';
import { dieOf } from './die-of.ts';
import { type Stages, stopInStages } from './stop-in-stages.ts';

/** Options of {@link closeOnSignal}. */
export interface CloseOnSignalOptions {
  /** The signals that close the pool. Default: `['SIGINT', 'SIGTERM', 'SIGHUP']`. */
  readonly signals?: readonly NodeJS.Signals[];
  /** Milliseconds for running tasks to finish before they are aborted. Default: 10,000. */
  readonly grace?: number;
  /**
   * Whether the process ends after the pool is closed, as if by the signal: a shell sees `128 +` its number. Default:
   * true.
   */
  readonly exit?: boolean;
  /** Gets the error of closing the pool: failures that nobody has read. Default: `console.error`. */
  readonly onError?: (error: unknown) => void;
}

const OPTIONS = new OptionBag<CloseOnSignalOptions>({
  signals: [checkSignals, 'signal', 'events'],
  grace: [checkGrace, 'timeout', 'delay'],
  exit: [checkFlag, 'kill'],
  onError: [checkFunction, 'logger'],
});

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const GRACE = 10_000;
/** Milliseconds for aborted functions to settle. */
const PATIENCE = 1_000;

/**
 * Closes a pool gracefully when the process gets a signal. Nothing starts any more, and running tasks have `grace`
 * milliseconds to finish before they are aborted. A durable pool is suspended, so that the next process resumes its
 * work; in any other pool queued tasks are cancelled, and it is closed. A second signal aborts running tasks
 * immediately, a third ends the process immediately.
 *
 * @throws TypeError, RangeError, NotAFunction for invalid arguments.
 * @returns a function that removes the handlers. Closing the pool removes them too.
 */
export function closeOnSignal(pool: BasePool, options: CloseOnSignalOptions = {}): () => void {
  if (!hasMethods(pool, 'suspend', 'gatherAndClose', 'on')) refuse('pool to be a pool', pool);
  OPTIONS.check('closeOnSignal()', options);
  const { signals = SIGNALS, grace = GRACE, exit = true, onError = console.error } = options;
  const ending = new Ending(pool, grace, onError);
  const undoSignals = stopInStages(signals, ending);
  const undo = () => {
    off();
    undoSignals();
  };
  ending.onOver = (signal) => {
    undo();
    if (exit && numEnding === 0) dieOf(signal);
  };
  const off = pool.on('pool.closed', () => ending.stage === 'running' && undo(), { once: true });
  return undo;
}

/** The number of closing pools, of all calls: the process ends after the last one. */
let numEnding = 0;

/** A pool that is closed by signals. */
class Ending implements Stages {
  stage: Stages['stage'] = 'running';
  /** Called when the pool is closed. */
  onOver: (signal: NodeJS.Signals) => void = () => {};
  readonly #pool: BasePool;
  readonly #grace: number;
  readonly #abort = new AbortController();
  readonly #onError: (error: unknown) => void;

  constructor(pool: BasePool, grace: number, onError: (error: unknown) => void) {
    this.#pool = pool;
    this.#grace = grace;
    this.#onError = onError;
  }

  stop(signal: NodeJS.Signals): void {
    this.stage = 'stopping';
    void this.#end(signal);
  }

  abort(signal: NodeJS.Signals): void {
    this.stage = 'aborting';
    this.#abort.abort(reasonOf(signal));
  }

  async #end(received: NodeJS.Signals): Promise<void> {
    const pool = this.#pool;
    const grace = this.#grace;
    const reason = reasonOf(received);
    numEnding++;
    try {
      const { signal } = this.#abort;
      if (pool.isDurable) await pool.suspend({ grace, signal, reason });
      else await close(pool, grace, this.#abort, reason);
    } catch (error) {
      this.#onError(error);
    }
    numEnding--;
    this.onOver(received);
  }
}

/** Waits for running tasks up to the grace period, and abandons functions that ignore the abort. */
async function close(
  pool: BasePool,
  grace: number,
  abort: AbortController,
  reason: Error,
): Promise<void> {
  pool.cancelQueued(reason);
  const stop = later(grace, () => abort.abort(reason), pool.clock);
  try {
    await pool.gatherAndClose({ signal: abort.signal, grace: PATIENCE });
  } finally {
    stop();
  }
}

/**
 * @throws TypeError, RangeError unless it is a list of signals that a process can handle.
 */
function checkSignals(name: string, signals: unknown): void {
  checkArray(name, signals);
  for (const signal of signals as readonly string[]) {
    checkString(`each of ${name}`, signal);
    if (signal in constants.signals && signal !== 'SIGKILL' && signal !== 'SIGSTOP') continue;
    throw new RangeError(`expected signals that a process can handle, got '${signal}'`);
  }
}

function reasonOf(signal: NodeJS.Signals): Error {
  return new Error(`the process got ${signal}`);
}
