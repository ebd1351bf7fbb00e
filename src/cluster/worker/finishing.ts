/**
 * Tells Redis which jobs have succeeded, and fetches the next ones: all of a turn in one script, where BullMQ
 * has one for each. BullMQ does so itself where a queue is paused, or a job is not this worker's any more.
 */

// Not the global ones, which a test may have replaced.
import { setImmediate } from 'node:timers';
import type { JobJson, JobsOptions, KeepJobs, Worker } from 'bullmq';
import type { RedisClient } from '../../node/redis/connection.ts';
import { run } from '../scripts.ts';
import { FINISH } from './scripts.ts';

/** As many jobs go into one script, and as many characters of results: it keeps Redis from everything else. */
const MOST = 200;
const MOST_TEXT = 4_000_000;

type Backend = Worker['backend'];
type Complete = Backend['moveToCompleted'];
type Completed = Awaited<ReturnType<Complete>>;

/** The next job. */
type Next = readonly [id: string, name: string, data: string, opts: string, timestamp: string];
/** What a job has come to: 0 if it is left to BullMQ, 1 if it is finished and there is no next one. */
type Answer = 0 | 1 | Next;

/** A job that has succeeded. */
interface Finished {
  readonly id: string;
  /** Of the place where it ran, which the next job gets. */
  readonly token: string;
  /** As JSON. */
  readonly value: string;
  /** Seconds for which it is kept. */
  readonly age: number;
  readonly fetchNext: boolean;
  readonly resolve: (completed: Completed) => void;
  readonly reject: (error: unknown) => void;
  /** Lets BullMQ do it. */
  readonly leave: () => void;
}

export interface FinishingParts {
  readonly client: RedisClient;
  /** What the keys of the queue begin with. */
  readonly queue: string;
  /** What the worker is called. */
  readonly by: string;
  /** Milliseconds for which a job is locked. */
  readonly lock: number;
  /** As many events are kept. */
  readonly events: number;
}

export class Finishing {
  readonly #parts: FinishingParts;
  #waiting: Finished[] = [];
  /** Options of jobs, as they were read last: mostly all have the same. */
  #options: { readonly text: string; readonly read: JobsOptions } = { text: '', read: {} };

  constructor(parts: FinishingParts) {
    this.#parts = parts;
  }

  /** Does it for a worker from now on. */
  attach({ backend }: Pick<Worker, 'backend'>): void {
    const alone: Complete = backend.moveToCompleted.bind(backend);
    backend.moveToCompleted = (job, returned, keep, token, fetchNext) =>
      new Promise((resolve, reject) => {
        const leave = () => void alone(job, returned, keep, token, fetchNext).then(resolve, reject);
        const id = job.id as string;
        const value = JSON.stringify(returned);
        this.#add({ id, token, value, age: ageOf(keep), fetchNext, resolve, reject, leave });
      });
  }

  #add(finished: Finished): void {
    if (this.#waiting.push(finished) === 1) setImmediate(() => this.#flush());
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
    const now = Date.now();
    const oldest = now - 1000 * Math.min(...batch.map(({ age }) => age));
    const args: (string | number)[] = [now, by, lock, events, oldest];
    for (const { id, token, value, fetchNext } of batch)
      args.push(id, token, value, fetchNext ? 1 : 0);
    try {
      this.#settle(batch, (await run(client, FINISH, [queue], args)) as Answer[], now);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  #settle(batch: readonly Finished[], answers: readonly Answer[], now: number): void {
    for (const [index, { resolve, leave }] of batch.entries()) {
      const answer = answers[index];
      if (answer === undefined || answer === 0) leave();
      else resolve({ result: answer === 1 ? [] : this.#next(answer, now), finishedOn: now });
    }
  }

  /** What BullMQ makes a job of. */
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

/** Seconds for which a result is kept. */
function ageOf(keep: boolean | number | KeepJobs): number {
  return (
    (typeof keep === 'object' && 'age' in keep ? keep.age : undefined) ?? Number.POSITIVE_INFINITY
  );
}
