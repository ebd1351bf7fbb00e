/** Stops a run before its input ends: first no new items are started, then running ones are aborted. */

import { ExitCode, type ExitStatus } from '../../exit.ts';

/** Why a run stops, and its exit status. */
export interface StopReason {
  readonly status: ExitStatus;
  /** For people, and for the error of aborted items. */
  readonly message: string;
}

export function failing(message: string): StopReason {
  return { status: ExitCode.failed, message };
}

/** The reason with which the signals of items are aborted. */
export class RunStopped extends Error {
  override readonly name = 'AbortError';
}

/** The effects of stopping. Each is called at most once, `onDrain` always first. */
export interface StopEffects {
  readonly onDrain: (reason: StopReason) => void;
  readonly onCancel: (reason: StopReason) => void;
}

export class Stop {
  /** Why the run stops; the first reason wins. */
  reason: StopReason | undefined = undefined;
  isCancelling = false;
  /** Whether another process can repeat the aborted items. */
  isResumable = false;
  /** The signal that stopped the run, by which the process ends. */
  signal: NodeJS.Signals | undefined = undefined;
  /** Resolves when the run begins to stop. */
  readonly began: Promise<void>;
  readonly #effects: StopEffects;
  #begin!: () => void;

  constructor(effects: StopEffects) {
    this.#effects = effects;
    this.began = new Promise((resolve) => {
      this.#begin = resolve;
    });
  }

  get isStopping(): boolean {
    return this.reason !== undefined;
  }

  /** Starts nothing new; running items are completed. */
  drain(reason: StopReason): void {
    if (typeof reason.status === 'string') this.signal ??= reason.status;
    if (this.reason !== undefined) return;
    this.reason = reason;
    this.#effects.onDrain(reason);
    this.#begin();
  }

  /** Also aborts running items. */
  cancel(reason: StopReason): void {
    if (this.isCancelling) return;
    this.isCancelling = true;
    this.drain(reason);
    this.#effects.onCancel(reason);
  }
}
