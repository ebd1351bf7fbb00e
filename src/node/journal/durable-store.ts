/** The base of all stores on disk. */

import { type JournalStore, journaling, type PoolEvent } from '../../index.ts';
import { BaseStore } from '../../journal/base-store.ts';
import type { EventColumns } from '../../journal/columns.ts';
import type { CheckpointInParts } from '../../journal/event-store.ts';
import { WakeUp } from '../../kit/wake-up.ts';
import { checkOpened } from './check-opened.ts';
import type { Durability } from './durability.ts';
import { DurableMedium } from './durable-medium.ts';
import type { Batch, FileMedium } from './file-medium.ts';
import type { LockFile } from './lock-file.ts';
import { PolledWakeUp } from './polled-wake-up.ts';

/** Milliseconds between two checks of a reader for events of another process. */
const POLL_MS = 25;

/** The settings of a store on disk. */
export interface DurableStoreSettings {
  readonly path: string;
  readonly durability: Durability;
  readonly readonly: boolean;
  /** Released when the store is closed. */
  readonly lock?: LockFile;
}

export abstract class DurableStore extends BaseStore<Batch, DurableMedium> implements JournalStore {
  readonly journaling = journaling;
  /** The absolute path. */
  readonly path: string;
  readonly durability: Durability;
  /** Set if the durability is `event`. Throws the errors with which {@link append} rejects. */
  readonly appendSync?: (batch: readonly PoolEvent[]) => void;

  /** @internal */
  protected constructor(files: FileMedium, settings: DurableStoreSettings) {
    checkOpened(new.target, files, settings);
    const { path, durability, readonly } = settings;
    const changes = readonly ? new PolledWakeUp(POLL_MS) : new WakeUp();
    super(new DurableMedium(files, settings), changes, readonly);
    this.path = path;
    this.durability = durability;
    if (durability === 'event' && !readonly) {
      this.appendSync = (batch) => this.appendNow(batch);
    }
  }

  /** @internal */
  protected override get place(): string {
    return this.path;
  }

  /** Like {@link append}, for events given as columns. @throws the same. @internal */
  appendColumns(columns: EventColumns): Promise<unknown> {
    return this.write(() => this.medium.prepareColumns(columns));
  }

  /** Like {@link checkpoint}, while other events are being appended. @throws the same. */
  async checkpointInParts({ seq, parts, prune = false }: CheckpointInParts): Promise<void> {
    await this.keep(seq, prune, (inTurn) => this.medium.putParts(seq, parts, inTurn));
  }
}
