/** A journal in a folder of text files, which needs nothing but Node. */

import { accessSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Check, checkFlag, checkFrom } from '../../../kit/checks.ts';
import { OptionBag } from '../../../kit/option-bag.ts';
import { checkDurability, type Durability } from '../durability.ts';
import { DurableStore, type DurableStoreSettings } from '../durable-store.ts';
import { journalPath } from '../journal-path.ts';
import { LockFile } from '../lock-file.ts';
import { type TakeOverOptions, untilFree } from '../take-over.ts';
import type { TornTail } from './journal-end.ts';
import { JsonlMedium } from './jsonl-medium.ts';
import { makeFolder } from './make-folder.ts';

/** The default size in bytes at which a new segment is started. */
const SEGMENT_BYTES = 16 * 1024 * 1024;

/** Options of {@link JsonlStore.open}. */
export interface JsonlStoreOptions {
  /** What an event survives once it is appended. Default: `'os'`. */
  readonly durability?: Durability;
  /** Open read-only, without a lock; events that another process writes can be read too. Default: false. */
  readonly readonly?: boolean;
  /** The size in bytes at which a new file is started, at least 1. Default: 16,777,216 (16 MiB). */
  readonly segmentBytes?: number;
}

/** A file has at least one batch, whatever its size. */
const checkSegmentBytes: Check = (name, value) => checkFrom(name, value, 1, true);

const OPTIONS = new OptionBag<JsonlStoreOptions>({
  durability: [checkDurability, 'sync', 'fsync'],
  readonly: [checkFlag],
  segmentBytes: [checkSegmentBytes, 'segmentSize', 'maxSegmentSize'],
});

/** A journal in a folder of text files, which needs nothing but Node. Only one process can write to it at a time. */
export class JsonlStore extends DurableStore {
  /**
   * The incomplete batch that was removed when the store was opened: a process died while writing, or there was a
   * power loss. It had not been confirmed.
   */
  readonly tornTail: TornTail | undefined;
  #options: JsonlStoreOptions = {};

  private constructor(medium: JsonlMedium, settings: DurableStoreSettings) {
    super(medium, settings);
    this.tornTail = medium.tornTail;
  }

  /**
   * Opens the journal in a folder, which is created if it does not exist; for a read-only store it must exist. An
   * incomplete batch at the end is removed.
   *
   * @throws StoreLocked if another process writes to it, StoreCorrupt if opening finds it damaged, TypeError,
   *   RangeError for invalid options.
   */
  static async open(path: string, options: JsonlStoreOptions = {}): Promise<JsonlStore> {
    OPTIONS.check('JsonlStore.open()', options);
    const { durability = 'os', readonly = false, segmentBytes = SEGMENT_BYTES } = options;
    const folder = journalPath(path);
    checkFolder(folder);
    if (readonly) {
      accessSync(folder);
      const settings = { path: folder, durability, readonly };
      const reader = new JsonlStore(new JsonlMedium(folder), settings);
      reader.#options = options;
      return reader;
    }
    makeFolder(folder, durability !== 'none');
    const lock = LockFile.take(join(folder, 'lock'));
    const settings = { durability, segmentBytes };
    const medium = await lock.guard(async () => new JsonlMedium(folder, settings));
    return new JsonlStore(medium, { path: folder, durability, readonly, lock });
  }

  /**
   * Opens the same journal for writing, as soon as no process of this machine is writing it. A suspended process
   * still counts as writing. This store, which must be read-only, stays open.
   *
   * @throws the reason of the signal, TypeError for a store that is not read-only, and the errors of {@link open}
   *   except StoreLocked.
   */
  takeOver(options: TakeOverOptions = {}): Promise<JsonlStore> {
    const open = () => JsonlStore.open(this.path, { ...this.#options, readonly: false });
    return untilFree(this, open, options);
  }
}

function checkFolder(path: string): void {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined || stats.isDirectory()) return;
  throw new TypeError(`expected a folder for a journal, got a file: ${path}`);
}
