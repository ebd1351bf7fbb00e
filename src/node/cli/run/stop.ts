/** A run that ends before its input does: first nothing new is begun, then what runs is aborted. */

/** What makes a run stop, and what the process then ends with. */
export interface StopReason {
  readonly exitCode: number;
  /** For people, and for what is aborted. */
  readonly message: string;
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
  readonly #effects: StopEffects;

  constructor(effects: StopEffects) {
    this.#effects = effects;
  }

  get isStopping(): boolean {
    return this.reason !== undefined;
  }

  /** Begins nothing new; what runs goes on to its end. */
  drain(reason: StopReason): void {
    if (this.reason !== undefined) return;
    this.reason = reason;
    this.#effects.onDrain(reason);
  }

  /** Also aborts what runs. */
  cancel(reason: StopReason): void {
    if (this.isCancelling) return;
    this.isCancelling = true;
    this.drain(reason);
    this.#effects.onCancel(reason);
  }
}
