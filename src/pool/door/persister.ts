/** The interface between the door and a store. */

import type { PoolSuspended } from '../../errors.ts';
import type { EventCode } from '../../events/event-codes.ts';
import type { Prune } from '../../journal/event-store.ts';
import type { Capture } from '../../machines/capture.ts';
import type { Subject } from '../../machines/pool-state.ts';
import type { CheckpointPlan } from '../persistence/checkpoint-plan.ts';

/** An event of a group or a pool in its compact form, with its subject. */
export interface Recording {
  readonly code: EventCode;
  readonly subject: Subject;
  readonly n: number;
  readonly detail: unknown;
}

/** Writes what a pool records. */
export interface Persister {
  /**
   * Whether it reads events from memory after they were recorded. Then it only needs to be notified of the first of
   * several events that are recorded in one step.
   */
  readonly writesLater: boolean;
  /**
   * Called before an event is recorded, after the chart has allowed it. A store that must be durable before
   * subscribers are notified writes the event here; others read it from memory later.
   */
  persist(seq: number, at: number, code: EventCode, id: number, n: number, detail: unknown): void;
  /**
   * The same for events that are recorded atomically, starting with `seq`: if they are written here, all are before
   * the first is recorded.
   */
  persistTogether(seq: number, at: number, together: readonly Recording[]): void;
  /** Whether no more tasks should start: too many events wait to be written, or writing has failed. */
  readonly isBehind: boolean;
  /** The error that waits reject with, if the pool is suspended. */
  readonly suspension?: PoolSuspended;
  /** The error of the store; nothing is written after it. */
  readonly failure: { readonly cause: unknown } | undefined;
  /** Stops writing: events recorded from now on are not written. */
  seal(): void;
  /**
   * Resolves when the event with this `seq` and all earlier ones are written.
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
  /** The pool is closed: releases events in memory once everything is written. */
  release(): Promise<void>;
}

/** The callbacks of a writer to its pool. */
export interface WriterOptions {
  /** Called after each batch. */
  onProgress(): void;
  /** Called once; nothing is written after it. */
  onFailure(error: unknown): void;
  /** Starts to capture the state as of the last recorded event. */
  capture(): Capture;
  /** When to store checkpoints automatically. */
  readonly checkpoints: CheckpointPlan | undefined;
}
