/** A journal in a folder, in files of lines. */

import { rmSync } from 'node:fs';
import { StoreCorrupt } from '../../../index.ts';
import type { Batch, Medium, SnapshotDraft, StoredSnapshot } from '../medium.ts';
import { filesIn } from './files.ts';
import { readFirst, writeFirst } from './first-event.ts';
import { readFiles } from './jsonl-reader.ts';
import { SegmentsFollower } from './segments-follower.ts';
import { type SegmentSettings, SegmentsWriter, type TornTail } from './segments-writer.ts';
import { draftSnapshot, readSnapshot } from './snapshot-file.ts';

export class JsonlMedium implements Medium {
  readonly #folder: string;
  readonly #isForced: boolean;
  /** One of them, by what it was opened for. */
  readonly #writer: SegmentsWriter | undefined;
  readonly #follower: SegmentsFollower | undefined;
  #firstSeq = 0;
  #snapshotSeq = -1;

  /** Without settings it is to be read only. Otherwise for the one who holds the lock. */
  constructor(folder: string, settings?: SegmentSettings) {
    this.#folder = folder;
    this.#isForced = settings !== undefined && settings.durability !== 'none';
    this.#writer = settings && new SegmentsWriter(folder, settings);
    this.#follower = settings === undefined ? new SegmentsFollower(folder) : undefined;
    this.refresh();
    this.#checkEnd();
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
    return (this.#writer ?? this.#follower)?.pool;
  }

  get tornTail(): TornTail | undefined {
    return this.#writer?.tornTail;
  }

  refresh(): void {
    this.#follower?.refresh();
    const { segments, snapshots } = filesIn(this.#folder);
    this.#snapshotSeq = snapshots.at(-1)?.seq ?? -1;
    const [oldest] = segments;
    this.#firstSeq = Math.max(readFirst(this.#folder), oldest?.seq ?? this.nextSeq ?? 0);
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

  async *read(fromSeq: number, toSeq: number): ReturnType<Medium['read']> {
    yield* readFiles(this.#folder, fromSeq, toSeq);
  }

  async draftSnapshot(seq: number): Promise<SnapshotDraft> {
    const draft = await draftSnapshot(this.#folder, seq, this.#isForced);
    return {
      ...draft,
      commit: async () => {
        // Never a snapshot of events that a power loss can take.
        await this.#writer?.sync();
        await draft.commit();
        this.refresh();
      },
    };
  }

  async latestSnapshot(): Promise<StoredSnapshot | undefined> {
    const latest = filesIn(this.#folder).snapshots.at(-1);
    return latest && readSnapshot(latest);
  }

  async prune(firstSeq: number): Promise<boolean> {
    writeFirst(this.#folder, firstSeq, this.#isForced);
    const { segments } = filesIn(this.#folder);
    for (const [place, { path }] of segments.entries()) {
      const next = segments[place + 1];
      if (next !== undefined && next.seq <= firstSeq) rmSync(path);
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

  /** The events up to a snapshot are there, or were let go. */
  #checkEnd(): void {
    const end = this.#writer?.nextSeq;
    if (end === undefined || end > this.#snapshotSeq) return;
    const missing = `the snapshot of event ${this.#snapshotSeq}, and events up to ${end - 1} only`;
    throw new StoreCorrupt(`expected event ${end}, got ${missing}: ${this.#folder}`, end);
  }
}
