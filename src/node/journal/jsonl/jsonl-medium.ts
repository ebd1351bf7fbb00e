/** A journal in a folder of JSONL files. */

import { statSync } from 'node:fs';
import type { Batch, FileMedium, SnapshotDraft, StoredSnapshot } from '../file-medium.ts';
import { removeFile } from '../remove-file.ts';
import { filesIn } from './files.ts';
import { writeFirst } from './first-event.ts';
import { firstHeld, firstPool, type TornTail } from './journal-end.ts';
import { readFiles } from './jsonl-reader.ts';
import { SegmentsFollower } from './segments-follower.ts';
import { type SegmentSettings, SegmentsWriter } from './segments-writer.ts';
import { draftSnapshot, readSnapshot } from './snapshot-file.ts';

export class JsonlMedium implements FileMedium {
  readonly separator = '\n';
  readonly #folder: string;
  readonly #isForced: boolean;
  /** The writer or the follower is set, depending on the mode. */
  readonly #writer: SegmentsWriter | undefined;
  readonly #follower: SegmentsFollower | undefined;
  #firstSeq = 0;
  #snapshotSeq = -1;
  #pool: string | undefined = undefined;

  /**
   * @param settings undefined for read-only; a writer must hold the lock.
   */
  constructor(folder: string, settings?: SegmentSettings) {
    this.#folder = folder;
    this.#isForced = settings !== undefined && settings.durability !== 'none';
    this.#writer = settings && new SegmentsWriter(folder, settings);
    this.#follower = settings === undefined ? new SegmentsFollower(folder) : undefined;
    try {
      this.refresh();
    } catch (error) {
      this.#follower?.close();
      this.#writer?.close();
      throw error;
    }
  }

  get firstSeq(): number {
    return this.#firstSeq;
  }

  get nextSeq(): number | undefined {
    const events = (this.#writer ?? this.#follower)?.nextSeq ?? 0;
    const next = Math.max(events, this.#snapshotSeq + 1);
    return next === 0 ? undefined : next;
  }

  get snapshotSeq(): number {
    return this.#snapshotSeq;
  }

  get pool(): string | undefined {
    return this.#writer?.pool ?? this.#pool;
  }

  get tornTail(): TornTail | undefined {
    return this.#writer?.tornTail;
  }

  refresh(): void {
    this.#follower?.refresh();
    const files = filesIn(this.#folder);
    this.#snapshotSeq = files.snapshots.at(-1)?.seq ?? -1;
    const [oldest] = files.segments;
    if (oldest !== undefined) this.#pool ??= firstPool(oldest);
    this.#firstSeq =
      files.segments.length > 0 ? firstHeld(this.#folder, files) : (this.nextSeq ?? 0);
  }

  async append(batch: Batch): Promise<void> {
    const isFirst = this.nextSeq === undefined;
    await this.#writer?.append(batch);
    if (isFirst) this.refresh();
  }

  appendSync(batch: Batch): void {
    const isFirst = this.nextSeq === undefined;
    this.#writer?.appendSync(batch);
    if (isFirst) this.refresh();
  }

  async *read(fromSeq: number, toSeq: number): ReturnType<FileMedium['read']> {
    yield* readFiles(this.#folder, fromSeq, toSeq);
  }

  async draftSnapshot(seq: number): Promise<SnapshotDraft> {
    const draft = await draftSnapshot(this.#folder, seq, this.#isForced);
    return {
      ...draft,
      commit: async () => {
        // A snapshot must not be newer than the events that survive a power loss.
        await this.#writer?.sync();
        this.#writer?.check();
        if (this.nextSeq === undefined) writeFirst(this.#folder, seq + 1, this.#isForced);
        await draft.commit();
        this.refresh();
      },
    };
  }

  async latestCheckpoint(): Promise<StoredSnapshot | undefined> {
    const latest = filesIn(this.#folder).snapshots.at(-1);
    return latest && readSnapshot(latest);
  }

  async prune(firstSeq: number): Promise<boolean> {
    this.#writer?.check();
    writeFirst(this.#folder, firstSeq, this.#isForced);
    const { segments, ignored } = filesIn(this.#folder);
    // The first file of an opening records that it superseded another: the files of the superseded one are removed
    // first.
    for (const { path, end } of ignored) if (end <= firstSeq) removeFile(path);
    // The last segment with events stays, since it records the pool.
    const filled = segments.filter(({ path }) => statSync(path).size > 0);
    for (const [place, { path }] of filled.entries()) {
      const next = filled[place + 1];
      if (next !== undefined && next.seq <= firstSeq) removeFile(path);
    }
    this.refresh();
    return true;
  }

  async close(): Promise<void> {
    this.#follower?.close();
    try {
      await this.#writer?.sync();
    } finally {
      this.#writer?.close();
    }
  }
}
