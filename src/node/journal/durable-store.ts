/** What all stores on the disk have in common. */

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

/** How often a reader looks for what another process has written, in milliseconds. */
const POLL_MS = 25;

/** What a store on the disk was opened with. */
export interface DurableStoreSettings {
  readonly path: string;
  readonly durability: Durability;
  readonly readonly: boolean;
  /** Released when the store is closed. */
  readonly lock?: LockFile;
}

export abstract class DurableStore extends BaseStore<Batch, DurableMedium> implements JournalStore {
  readonly journaling = journaling;
  /** Where it is. */
  readonly path: string;
  readonly durability: Durability;
  /** There if the durability is `event`. Throws what {@link append} rejects with. */
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

  /** As {@link append}, of events of which there are no objects. @throws the same. @internal */
  appendColumns(columns: EventColumns): Promise<unknown> {
    return this.write(() => this.medium.prepareColumns(columns));
  }

  /** As {@link checkpoint}, while other events are appended. @throws the same. */
  async checkpointInParts({ seq, parts, prune = false }: CheckpointInParts): Promise<void> {
    await this.keep(seq, prune, (inTurn) => this.medium.putParts(seq, parts, inTurn));
  }
}
