/** Writes results to stdout, and other output of commands to stderr, in one order. */

import { write } from 'node:fs';
import type { Screen } from '../progress/screen.ts';
import { delay } from '../timers.ts';
import { chunksOf, isByteSource, type Printable } from './byte-source.ts';
import type { OutputStream } from './command-output.ts';
import { type Printout, partsOf } from './printout.ts';

/** The destination of results. */
export interface Sink {
  /** Bytes that wait to be written. */
  readonly backlog: number;
  write(printout: Printout): void;
  /** Resolves when everything passed so far is written; rejects when writing has failed. */
  flushed(): Promise<void>;
}

/** Callbacks of a sink. */
export interface SinkEvents {
  /** The backlog has shrunk. */
  readonly onProgress: () => void;
  /** Nothing can be written any more: the reader has exited, the disk is full. Called once. */
  readonly onBroken: (error: NodeJS.ErrnoException) => void;
}

/** Milliseconds until the next attempt when another program has made the pipe non-blocking. */
const RETRY = 5;

/** Writes to stderr synchronously. */
export type WriteStderr = (data: string | Uint8Array) => void;

/** Writes to a terminal synchronously, above the drawn lines. */
export class TerminalSink implements Sink {
  readonly backlog = 0;
  readonly #screen: Screen | undefined;
  readonly #writeStderr: WriteStderr;

  constructor(screen: Screen | undefined, writeStderr: WriteStderr) {
    this.#screen = screen;
    this.#writeStderr = writeStderr;
  }

  write(printout: Printout): void {
    for (const { stream, data } of partsOf(printout)) {
      // Copied, since the terminal may write it after the chunk is reused.
      for (const chunk of chunksOf(data)) this.#writeChunk(stream, Buffer.from(chunk));
    }
  }

  async flushed(): Promise<void> {}

  #writeChunk(stream: OutputStream, chunk: Uint8Array): void {
    if (stream === 'stderr') this.#writeStderr(chunk);
    else if (this.#screen === undefined) process.stdout.write(chunk);
    else this.#screen.above(() => process.stdout.write(chunk));
  }
}

/** Consecutive parts of the same stream. */
interface Stretch {
  readonly stream: OutputStream;
  readonly parts: Printable[];
}

/** Data written together, and the promises that wait for it. */
interface Batch {
  readonly stretches: Stretch[];
  length: number;
  readonly waiting: ((error?: Error) => void)[];
}

/**
 * Writes to a file descriptor in the thread pool: if stdout is a pipe, a blocking write would block this thread, and
 * Ctrl-C with it, until its reader reads.
 */
export class DescriptorSink implements Sink {
  backlog = 0;
  readonly #fd: number;
  readonly #writeStderr: WriteStderr;
  readonly #events: SinkEvents;
  #next: Batch = newBatch();
  #writing: Batch | undefined = undefined;
  #error: NodeJS.ErrnoException | undefined = undefined;

  constructor(fd: number, writeStderr: WriteStderr, events: SinkEvents) {
    this.#fd = fd;
    this.#writeStderr = writeStderr;
    this.#events = events;
  }

  write(printout: Printout): void {
    for (const { stream, data } of partsOf(printout)) {
      // Data for stderr waits only for earlier data for stdout.
      if (stream === 'stderr' && (this.backlog === 0 || this.#error !== undefined)) {
        for (const chunk of chunksOf(data)) this.#writeStderr(chunk);
      } else if (this.#error === undefined) {
        this.#add(stream, data);
      }
    }
    if (this.#writing === undefined && this.#next.length > 0) void this.#writeAll();
  }

  flushed(): Promise<void> {
    if (this.#error !== undefined) return Promise.reject(this.#error);
    const last = this.#next.length > 0 ? this.#next : this.#writing;
    if (last === undefined) return Promise.resolve();
    return new Promise((resolve, reject) => {
      last.waiting.push((error) => (error === undefined ? resolve() : reject(error)));
    });
  }

  #add(stream: OutputStream, data: Printable): void {
    if (data.length === 0) return;
    const { stretches } = this.#next;
    const last = stretches.at(-1);
    if (last?.stream === stream) last.parts.push(data);
    else stretches.push({ stream, parts: [data] });
    this.#next.length += data.length;
    this.backlog += data.length;
  }

  async #writeAll(): Promise<void> {
    this.#writing = newBatch();
    // Output of the same turn is written together.
    await undefined;
    while (this.#next.length > 0) {
      const batch = this.#next;
      this.#writing = batch;
      this.#next = newBatch();
      await this.#writeBatch(batch);
      if (this.#error !== undefined) return this.#breakOff(this.#error);
      this.backlog -= batch.length;
      for (const wake of batch.waiting) wake();
      this.#events.onProgress();
    }
    this.#writing = undefined;
  }

  /** Once stdout has failed, only data for stderr is written. */
  async #writeBatch({ stretches }: Batch): Promise<void> {
    for (const { stream, parts } of stretches) {
      for (const bytes of bytesOf(parts)) {
        if (stream === 'stderr') this.#writeStderr(bytes);
        else this.#error ??= await this.#writeBytes(bytes);
      }
    }
  }

  async #breakOff(error: NodeJS.ErrnoException): Promise<void> {
    await this.#writeBatch(this.#next);
    this.backlog = 0;
    this.#events.onBroken(error);
    for (const batch of [this.#writing, this.#next]) {
      for (const wake of batch?.waiting ?? []) wake(error);
    }
  }

  async #writeBytes(bytes: Uint8Array): Promise<NodeJS.ErrnoException | undefined> {
    for (let done = 0; done < bytes.length; ) {
      const { error, written } = await writeOnce(this.#fd, bytes, done);
      done += written;
      if (error?.code === 'EAGAIN') await delay(RETRY);
      else if (error !== null) return error;
    }
    return undefined;
  }
}

function newBatch(): Batch {
  return { stretches: [], length: 0, waiting: [] };
}

/** Joins consecutive parts in memory; sources are yielded in chunks. */
function* bytesOf(parts: readonly Printable[]): Generator<Uint8Array> {
  let inMemory: (string | Uint8Array)[] = [];
  for (const part of parts) {
    if (!isByteSource(part)) {
      inMemory.push(part);
      continue;
    }
    if (inMemory.length > 0) yield joined(inMemory);
    inMemory = [];
    yield* part.chunks();
  }
  if (inMemory.length > 0) yield joined(inMemory);
}

function joined(parts: readonly (string | Uint8Array)[]): Uint8Array {
  if (parts.every((part) => typeof part === 'string')) return Buffer.from(parts.join(''));
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
}

function writeOnce(
  fd: number,
  bytes: Uint8Array,
  offset: number,
): Promise<{ error: NodeJS.ErrnoException | null; written: number }> {
  return new Promise((resolve) => {
    write(fd, bytes, offset, (error, written = 0) => resolve({ error, written }));
  });
}
