/** Stores events in files of text. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type CheckpointPart,
  JoinedCheckpoint,
  type PoolCheckpoint,
  type PoolEvent,
  splitCheckpoint,
} from '../../index.ts';
import { checkColumns } from '../../journal/check-batch.ts';
import type { EventColumns } from '../../journal/columns.ts';
import type { InTurn, KeptCheckpoint, Medium } from '../../journal/medium.ts';
import { checkSize } from './check-size.ts';
import {
  type Batch,
  type FileMedium,
  SnapshotReplaced,
  type StoredSnapshot,
} from './file-medium.ts';
import { batchOf, batchOfColumns } from './form/write-batch.ts';
import type { LockFile } from './lock-file.ts';
import { slices } from './slices.ts';

export class DurableMedium implements Medium<Batch> {
  readonly #files: FileMedium;
  readonly #isReadonly: boolean;
  readonly #lock: LockFile | undefined;

  constructor(
    files: FileMedium,
    settings: { readonly readonly: boolean; readonly lock?: LockFile },
  ) {
    this.#files = files;
    this.#isReadonly = settings.readonly;
    this.#lock = settings.lock;
  }

  get firstSeq(): number {
    return this.#files.firstSeq;
  }

  get nextSeq(): number | undefined {
    return this.#files.nextSeq;
  }

  get pool(): string | undefined {
    return this.#files.pool;
  }

  get checkpointSeq(): number {
    return this.#files.snapshotSeq;
  }

  /** A writable journal has no other writers, so there is nothing to refresh. */
  refresh(): Promise<void> | void {
    if (this.#isReadonly) return this.#files.refresh();
  }

  /**
   * @throws RangeError for a batch that is too large.
   */
  prepare(events: readonly PoolEvent[]): Batch {
    const batch = batchOf(events, this.#files.separator);
    checkSize(batch);
    return batch;
  }

  /** Prepares events given as columns. @throws StoreGap, TypeError unless they are the next ones. */
  prepareColumns(columns: EventColumns): Batch {
    checkColumns(columns, this);
    const batch = batchOfColumns(columns, this.#files.separator);
    checkSize(batch);
    return batch;
  }

  async append(batch: Batch): Promise<void> {
    // Writing blocks, so each batch gets its own turn: other work runs in between, and events recorded meanwhile are
    // written in one batch.
    await nextTurn();
    await this.#files.append(batch);
  }

  /** Like {@link append}, but synchronous. */
  appendSync(batch: Batch): void {
    this.#files.appendSync(batch);
  }

  read(fromSeq: number, toSeq: number): AsyncGenerator<readonly PoolEvent[]> {
    return slices(this.#files, fromSeq, toSeq);
  }

  async putCheckpoint(seq: number, state: PoolCheckpoint, inTurn: InTurn): Promise<void> {
    await this.putParts(seq, splitCheckpoint(state), inTurn);
  }

  /** Stores a checkpoint part by part. */
  async putParts(seq: number, parts: Iterable<CheckpointPart>, inTurn: InTurn): Promise<void> {
    const draft = await inTurn(() => this.#files.draftSnapshot(seq));
    try {
      for (const part of parts) {
        // Yields between two parts, so that events can be appended and other work can run.
        await inTurn(() => draft.add(JSON.stringify(part)));
        await nextTurn();
      }
      await inTurn(() => draft.commit());
      while (!(await inTurn(() => draft.tidy()))) await nextTurn();
    } catch (error) {
      await inTurn(() => draft.discard()).catch(() => {});
      throw error;
    }
  }

  async latestCheckpoint(): Promise<KeptCheckpoint | undefined> {
    for (;;) {
      const stored = await this.#files.latestCheckpoint();
      if (stored === undefined) return undefined;
      try {
        return { seq: stored.seq, state: await stateOf(stored) };
      } catch (error) {
        if (!(error instanceof SnapshotReplaced)) throw error;
      }
    }
  }

  /** Prunes step by step, so that appends are not blocked for long. */
  async prune(firstSeq: number, inTurn: InTurn): Promise<void> {
    while (!(await inTurn(() => this.#files.prune(firstSeq)))) await nextTurn();
  }

  async close(): Promise<void> {
    try {
      await this.#files.close();
    } finally {
      this.#lock?.release();
    }
  }
}

/** Joins the parts of a checkpoint, yielding in between. */
async function stateOf({ parts }: StoredSnapshot): Promise<PoolCheckpoint> {
  const joined = new JoinedCheckpoint();
  for await (const part of parts) {
    joined.add(JSON.parse(part) as CheckpointPart);
    await nextTurn();
  }
  return joined.end();
}
