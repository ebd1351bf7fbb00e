/** A journal in a folder of text files, which needs nothing but Node. */

import { accessSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { checkFlag, checkFrom } from '../../../kit/checks.ts';
import { type Check, OptionBag } from '../../../kit/option-bag.ts';
import { checkDurability, type Durability } from '../durability.ts';
import { DurableStore, type DurableStoreSettings } from '../durable-store.ts';
import { journalPath } from '../journal-path.ts';
import { LockFile } from '../lock-file.ts';
import { type TakeOverOptions, untilFree } from '../take-over.ts';
import type { TornTail } from './journal-end.ts';
import { JsonlMedium } from './jsonl-medium.ts';
import { makeFolder } from './make-folder.ts';

/** How large a file becomes before another one is begun, by default. */
const SEGMENT_BYTES = 16 * 1024 * 1024;

/** Options of {@link JsonlStore.open}. */
export interface JsonlStoreOptions {
  /** What an event survives once it was appended. Default: `os`. */
  readonly durability?: Durability;
  /** To read only, also what another process writes. Takes no lock. Default: false. */
  readonly readonly?: boolean;
  /** A file that has reached so many bytes is followed by another one. Default: 16 MiB. */
  readonly segmentBytes?: number;
}

/** A file has one batch at least. */
const checkSegmentBytes: Check = (name, value) => checkFrom(name, value, 1, true);

const OPTIONS = new OptionBag<JsonlStoreOptions>({
  durability: [checkDurability, 'sync', 'fsync'],
  readonly: [checkFlag],
  segmentBytes: [checkSegmentBytes, 'segmentSize', 'maxSegmentSize'],
});

export class JsonlStore extends DurableStore {
  /**
   * What was found after the last batch that is complete, and removed, when the store was opened: a
   * process died while it wrote, or there was a power loss. It had not been promised to anyone.
   */
  readonly tornTail: TornTail | undefined;
  #options: JsonlStoreOptions = {};

  private constructor(medium: JsonlMedium, settings: DurableStoreSettings) {
    super(medium, settings);
    this.tornTail = medium.tornTail;
  }

  /**
   * Opens the journal in a folder, which is made if it is not there; for a read-only one it has to
   * be. A batch at the end that is not complete is cut off.
   *
   * @throws StoreLocked if someone writes to it, StoreCorrupt if it is damaged where that can be
   * seen at once.
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
   * The same journal, opened to write, as soon as no process of this machine writes it any more. One that is
   * frozen still does. This store, which has to be read only, stays as it is.
   *
   * @throws what the signal was aborted with, TypeError for a store that is open to write, and what
   * {@link open} throws but StoreLocked.
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
