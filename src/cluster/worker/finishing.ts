/**
 * Writes the outcomes of jobs and fetches the next ones: one script per turn, where BullMQ runs one per job. It falls
 * back to BullMQ if the queue is paused, or the job does not belong to this worker any more.
 */

// Imported, since tests may replace the global timers.
import { setImmediate } from 'node:timers';
import type { JobJson, JobsOptions, KeepJobs, Worker } from 'bullmq';
import type { RedisClient } from '../../node/redis/connection.ts';
import { run } from '../scripts.ts';
import { FINISH } from './scripts.ts';

/** Jobs and characters of results per script, since Redis does nothing else while a script runs. */
const MOST = 200;
const MOST_TEXT = 4_000_000;
/** The longest time that Redis can represent, in milliseconds. */
const LONGEST = 8.64e15;

type Backend = Worker['backend'];
type Moved = Awaited<ReturnType<Backend['moveToCompleted' | 'moveToFailed']>>;

/** The next job. */
type Next = readonly [id: string, name: string, data: string, opts: string, timestamp: string];
/** The answer for a job: 0 if it is left to BullMQ, 1 if it is finished and there is no next one. */
type Answer = 0 | 1 | Next;

/** The outcome of a job. */
interface Outcome {
  readonly id: string;
  /** The token of the slot in which it ran, which the next job reuses. */
  readonly token: string;
  readonly state: 'completed' | 'failed';
  /** Its value as JSON, or the reason of the failure. */
  readonly value: string;
  /** Milliseconds for which the job is kept. */
  readonly kept: number;
  readonly fetchNext: boolean;
  /** Falls back to BullMQ. */
  readonly leave: () => Promise<Moved>;
}

/** An outcome to be written, with its promise. */
interface Finished extends Outcome {
  readonly resolve: (moved: Moved | Promise<Moved>) => void;
  readonly reject: (error: unknown) => void;
}

export interface FinishingParts {
  readonly client: RedisClient;
  /** The prefix of the keys of the queue. */
  readonly queue: string;
  /** The id of the worker. */
  readonly by: string;
  /** Milliseconds for which a job is locked. */
  readonly lock: number;
  /** The maximum number of events in the stream. */
  readonly events: number;
}

export class Finishing {
  readonly #parts: FinishingParts;
  #waiting: Finished[] = [];
  /** The options of jobs parsed last: most jobs have the same. */
  #options: { readonly text: string; readonly read: JobsOptions } = { text: '', read: {} };

  constructor(parts: FinishingParts) {
    this.#parts = parts;
  }

  /** Replaces the methods of a BullMQ worker. */
  attach({ backend }: Pick<Worker, 'backend'>): void {
    const complete: Backend['moveToCompleted'] = backend.moveToCompleted.bind(backend);
    const fail: Backend['moveToFailed'] = backend.moveToFailed.bind(backend);
    // In the fallback BullMQ keeps all jobs: it would expire others by the clock of this machine.
    backend.moveToCompleted = (job, returned, keep, token, fetchNext) =>
      this.#add({
        id: job.id as string,
        token,
        state: 'completed',
        value: JSON.stringify(returned),
        kept: keptFor(keep),
        fetchNext,
        leave: () => complete(job, returned, false, token, fetchNext),
      });
    backend.moveToFailed = (job, reason, keep, token, fetchNext, fields) =>
      this.#add({
        id: job.id as string,
        token,
        state: 'failed',
        value: reason,
        kept: keptFor(keep),
        fetchNext,
        leave: () => fail(job, reason, false, token, fetchNext, fields),
      });
  }

  #add(outcome: Outcome): Promise<Moved> {
    return new Promise((resolve, reject) => {
      const finished = { ...outcome, resolve, reject };
      if (this.#waiting.push(finished) === 1) setImmediate(() => this.#flush());
    });
  }

  #flush(): void {
    let batch: Finished[] = [];
    let size = 0;
    for (const finished of this.#waiting) {
      if (batch.length === MOST || (size > 0 && size + finished.value.length > MOST_TEXT)) {
        void this.#finish(batch);
        batch = [];
        size = 0;
      }
      batch.push(finished);
      size += finished.value.length;
    }
    this.#waiting = [];
    void this.#finish(batch);
  }

  async #finish(batch: readonly Finished[]): Promise<void> {
    const { client, queue, by, lock, events } = this.#parts;
    const args: (string | number)[] = [by, lock, events];
    for (const { id, token, state, value, kept, fetchNext } of batch)
      args.push(id, token, state, value, kept, fetchNext ? 1 : 0);
    try {
      this.#settle(batch, (await run(client, FINISH, [queue], args)) as Answer[]);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  #settle(batch: readonly Finished[], answers: readonly Answer[]): void {
    const now = Date.now();
    for (const [index, finished] of batch.entries()) {
      const answer = answers[index];
      if (answer === undefined || answer === 0) finished.resolve(this.#leave(finished));
      else
        finished.resolve({ result: answer === 1 ? [] : this.#next(answer, now), finishedOn: now });
    }
  }

  async #leave({ id, kept, leave }: Finished): Promise<Moved> {
    const moved = await leave();
    await this.#parts.client.pexpire(`${this.#parts.queue}${id}`, kept).catch(() => {});
    return moved;
  }

  /** The job in the form that BullMQ expects. */
  #next([id, name, data, opts, timestamp]: Next, now: number): [JobJson, string, number, number] {
    if (opts !== this.#options.text) {
      this.#options = { text: opts, read: JSON.parse(opts) as JobsOptions };
    }
    const job: JobJson = {
      id,
      name,
      data,
      opts: this.#options.read,
      progress: 0,
      attemptsMade: 0,
      attemptsStarted: 1,
      processedOn: now,
      timestamp: Number(timestamp),
      failedReason: '',
      returnvalue: '',
      stalledCounter: 0,
    };
    return [job, id, 0, 0];
  }
}

/** Milliseconds for which a result is kept. */
function keptFor(keep: boolean | number | KeepJobs): number {
  const { age = Number.POSITIVE_INFINITY } = Object(keep) as { readonly age?: number };
  return Math.min(1000 * age, LONGEST);
}
