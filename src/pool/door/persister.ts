/** The interface between the door and a store. */

import type { EventCode } from '../../events/event-codes.ts';
import type { Prune } from '../../journal/event-store.ts';
import type { Capture } from '../../machines/capture.ts';
import type { Subject } from '../../machines/pool-state.ts';
import type { CheckpointPlan } from '../persistence/checkpoint-plan.ts';

/** An event of a group or a pool in its compact form, and what it is about. */
export interface Recording {
  readonly code: EventCode;
  readonly subject: Subject;
  readonly n: number;
  readonly detail: unknown;
}

/** Writes what a pool records. */
export interface Persister {
  /**
   * Whether events are taken from memory after they were recorded: of several that are recorded in one step, the
   * first is all that it has to be notified of.
   */
  readonly writesLater: boolean;
  /**
   * This event is about to be recorded: the chart allows it. One that is to be durable before anyone
   * is notified of it is written here; others are taken from memory later.
   */
  persist(seq: number, at: number, code: EventCode, id: number, n: number, detail: unknown): void;
  /**
   * The same for events that happen together or not at all, from a `seq` on. Of those that are
   * written here, all are, before the first is recorded.
   */
  persistTogether(seq: number, at: number, together: readonly Recording[]): void;
  /** Whether nothing more should be started: too much waits to be written, or nothing can be. */
  readonly isBehind: boolean;
  /** What the store failed with; nothing is written after it. */
  readonly failure: { readonly cause: unknown } | undefined;
  /** Writes nothing of what is recorded from now on. */
  seal(): void;
  /**
   * Resolves when the event with this `seq` is written, and all before it.
   *
   * @throws what the store fails with, or has failed with.
   */
  stored(seq: number): Promise<void>;
  /** Resolves when everything recorded so far is written, or writing has failed. */
  drained(): Promise<void>;
  /**
   * Stores a checkpoint once the events up to it are written, and ends the capture.
   *
   * @throws what the store fails with, or has failed with.
   */
  checkpoint(capture: Capture, prune: Prune): Promise<void>;
  /** The pool is closed: what is in memory can go once everything is written. */
  release(): Promise<void>;
}

/** What a writer asks of the pool whose events it writes. */
export interface WriterOptions {
  /** Called after each batch. */
  onProgress(): void;
  /** Called once; nothing is written after it. */
  onFailure(error: unknown): void;
  /** Begins to take down the state as of the last event recorded. */
  capture(): Capture;
  /** When to do that without a call of `flush`. */
  readonly checkpoints: CheckpointPlan | undefined;
}
