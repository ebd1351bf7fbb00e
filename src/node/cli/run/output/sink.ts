/** Writes results to stdout without ever holding up what else goes on. */

import { write } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Screen } from '../progress/screen.ts';

/** Where results go. */
export interface Sink {
  /** Bytes that wait to be written. */
  readonly backlog: number;
  write(data: string | Uint8Array): void;
  /** Resolves when all that was given so far is written; rejects when nothing can be any more. */
  flushed(): Promise<void>;
}

/** How a sink tells what happens to it. */
export interface SinkEvents {
  /** There is less that waits. */
  readonly onProgress: () => void;
  /** Nothing can be written any more: the reader has left, the disk is full. Called once. */
  readonly onBroken: (error: NodeJS.ErrnoException) => void;
}

/** How long to wait, in milliseconds, where somebody else has made a pipe refuse instead of wait. */
const RETRY = 5;

/** A terminal: it is written at once, where the screen lets it. */
export class TerminalSink implements Sink {
  readonly backlog = 0;
  readonly #screen: Screen | undefined;

  constructor(screen: Screen | undefined) {
    this.#screen = screen;
  }

  write(data: string | Uint8Array): void {
    if (this.#screen === undefined) process.stdout.write(data);
    else this.#screen.above(() => process.stdout.write(data));
  }

  async flushed(): Promise<void> {}
}

/** What is written at once, and who waits for that. */
interface Batch {
  readonly parts: (string | Uint8Array)[];
  length: number;
  readonly waiting: ((error?: Error) => void)[];
}

/**
 * A file descriptor that is written by another thread: a stdout that is a pipe would block this one
 * as long as its reader does not read, and Ctrl-C with it.
 */
export class DescriptorSink implements Sink {
  backlog = 0;
  readonly #fd: number;
  readonly #events: SinkEvents;
  #next: Batch = newBatch();
  #writing: Batch | undefined = undefined;
  #error: NodeJS.ErrnoException | undefined = undefined;

  constructor(fd: number, events: SinkEvents) {
    this.#fd = fd;
    this.#events = events;
  }

  write(data: string | Uint8Array): void {
    if (this.#error !== undefined) return;
    this.#next.parts.push(data);
    this.#next.length += data.length;
    this.backlog += data.length;
    if (this.#writing === undefined) void this.#writeAll();
  }

  flushed(): Promise<void> {
    if (this.#error !== undefined) return Promise.reject(this.#error);
    const last = this.#next.parts.length > 0 ? this.#next : this.#writing;
    if (last === undefined) return Promise.resolve();
    return new Promise((resolve, reject) => {
      last.waiting.push((error) => (error === undefined ? resolve() : reject(error)));
    });
  }

  async #writeAll(): Promise<void> {
    this.#writing = newBatch();
    // What else is printed in this turn goes with it.
    await undefined;
    while (this.#next.parts.length > 0) {
      const batch = this.#next;
      this.#writing = batch;
      this.#next = newBatch();
      const error = await this.#writeBytes(bytesOf(batch.parts));
      if (error !== undefined) return this.#breakOff(error);
      this.backlog -= batch.length;
      for (const wake of batch.waiting) wake();
      this.#events.onProgress();
    }
    this.#writing = undefined;
  }

  #breakOff(error: NodeJS.ErrnoException): void {
    this.#error = error;
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
  return { parts: [], length: 0, waiting: [] };
}

function bytesOf(batch: readonly (string | Uint8Array)[]): Uint8Array {
  if (batch.every((part) => typeof part === 'string')) return Buffer.from(batch.join(''));
  return Buffer.concat(batch.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
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
