/** How events get from the recorder to a store. */

import type { EventCode } from '../../event-table.ts';
import type { Prune } from '../../journal/event-store.ts';
import type { PoolCheckpoint } from '../../machines/checkpoint.ts';
import type { CheckpointPlan } from '../options.ts';

/** Writes what a recorder records. */
export interface EventWriter {
  /**
   * The recorder is about to record this event. One that is to be durable before anybody is told of
   * it is written here; others are taken from memory later.
   */
  expect(seq: number, at: number, code: EventCode, id: number, n: number, detail: unknown): void;
  /** Whether nothing more should be started: too much waits to be written, or nothing can be. */
  readonly isBehind: boolean;
  /** What the store failed with; nothing is written after it. */
  readonly failure: { readonly cause: unknown } | undefined;
  /** Resolves when everything recorded so far is written, or writing has failed. */
  drained(): Promise<void>;
  /**
   * Stores a checkpoint once the events up to it are written.
   *
   * @throws what the store fails with, or has failed with.
   */
  checkpoint(state: PoolCheckpoint, prune: Prune): Promise<void>;
}

/** What a writer asks of the pool whose events it writes. */
export interface WriterOptions {
  /** Called after each batch. */
  onProgress(): void;
  /** Called once; nothing is written after it. */
  onFailure(error: unknown): void;
  /** The state as of the last event recorded. */
  takeCheckpoint(): PoolCheckpoint;
  /** When to do that without being told. */
  readonly checkpoints: CheckpointPlan | undefined;
}
