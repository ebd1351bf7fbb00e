/** A run that ends before its input does: first nothing new is begun, then what runs is aborted. */

import { ExitCode, type ExitStatus } from '../../exit.ts';

/** What makes a run stop, and what the process then ends with. */
export interface StopReason {
  readonly status: ExitStatus;
  /** For people, and for what is aborted. */
  readonly message: string;
}

export function failing(message: string): StopReason {
  return { status: ExitCode.failed, message };
}

/** What the signals of items are aborted with. */
export class RunStopped extends Error {
  override readonly name = 'AbortError';
}

/** What follows from stopping. Each is called once at the most, `onDrain` always before. */
export interface StopEffects {
  readonly onDrain: (reason: StopReason) => void;
  readonly onCancel: (reason: StopReason) => void;
}

export class Stop {
  /** Why the run stops; the first reason counts. */
  reason: StopReason | undefined = undefined;
  isCancelling = false;
  /** Whether what is aborted is done again by another process. */
  isResumable = false;
  /** The signal that stopped the run. It is what the process dies of in the end. */
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

  /** Begins nothing new; what runs is finished. */
  drain(reason: StopReason): void {
    if (typeof reason.status === 'string') this.signal ??= reason.status;
    if (this.reason !== undefined) return;
    this.reason = reason;
    this.#effects.onDrain(reason);
    this.#begin();
  }

  /** Also aborts what runs. */
  cancel(reason: StopReason): void {
    if (this.isCancelling) return;
    this.isCancelling = true;
    this.drain(reason);
    this.#effects.onCancel(reason);
  }
}
