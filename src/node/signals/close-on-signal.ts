/** Ends a pool in good order when its process gets a signal to end. */

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
  /** Which signals end the pool. Default: `['SIGINT', 'SIGTERM', 'SIGHUP']`. */
  readonly signals?: readonly NodeJS.Signals[];
  /** How many milliseconds what runs has to finish before it is aborted. Default: 10,000. */
  readonly grace?: number;
  /**
   * Whether the process ends when the pool has, in the way in which the signal would have ended it: a shell
   * sees `128 +` its number. Default: true.
   */
  readonly exit?: boolean;
  /** Gets what the pool ended with: failures that no one asked for. Default: `console.error`. */
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
/** How long functions may take to settle once they are aborted, in milliseconds. */
const PATIENCE = 1_000;

/**
 * Ends a pool in good order when the process gets a signal. Nothing starts any more, and what runs has
 * `grace` milliseconds to finish before it is aborted: a durable pool is suspended, so that the next
 * process continues with its work; of any other what waits is cancelled, and it is closed. A second signal
 * aborts what runs at once, a third ends the process at once.
 *
 * @throws TypeError, RangeError, NotAFunction for invalid arguments.
 * @returns what undoes that. It is undone when the pool is closed, too.
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

/** How many pools are ending, of all calls: the process ends with the last. */
let numEnding = 0;

/** A pool that signals end. */
class Ending implements Stages {
  stage: Stages['stage'] = 'running';
  /** Called when the pool has ended. */
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

/** Finishes what runs, unless it takes too long, and gives up on what ignores that it is aborted. */
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

/** @throws TypeError, RangeError unless it is a list of signals that a process may handle. */
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
