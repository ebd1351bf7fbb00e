/** Creates the worker of BullMQ that takes jobs for a worker of a cluster. */

import type * as BullMQ from 'bullmq';
import type { Job, Worker } from 'bullmq';
import type { RedisClient } from '../../node/redis/connection.ts';
import type { JobData, Result } from '../wire.ts';
import { Finishing } from './finishing.ts';
import type { WorkerOptions } from './options.ts';
import { takeTime } from './take-time.ts';

/** The maximum number of events in the stream of a queue, which coordinators read immediately. */
export const MOST_EVENTS = 10_000;
/** A lock that never expires: the pulse decides whether a worker is dead, however long a job takes. */
const LOCK = 2 ** 31 - 1;
/** Milliseconds until BullMQ repeats what failed because of the connection or was refused by Redis. */
const RETRY_DELAY = 500;

/** The parts of a worker of BullMQ. */
interface Parts {
  readonly bullmq: typeof BullMQ;
  /** The name of the cluster. */
  readonly name: string;
  /** The id of the worker. */
  readonly id: string;
  readonly client: RedisClient;
  /** The prefix of the keys of the queue. */
  readonly queue: string;
  readonly options: WorkerOptions;
  /** Runs a job. @throws to fail it. */
  readonly handle: (job: Job<JobData, Result>, token: string) => Promise<Result>;
}

export function newBullWorker(parts: Parts): Worker<JobData, Result> {
  const { bullmq, name, id, client, queue, options, handle } = parts;
  const worker = new bullmq.Worker<JobData, Result>(
    name,
    (job, token) => handle(job, token as string),
    {
      connection: client,
      prefix: options.prefix,
      skipVersionCheck: true,
      name: id,
      concurrency: options.concurrency,
      lockDuration: LOCK,
      skipLockRenewal: true,
      skipStalledCheck: true,
      runRetryDelay: RETRY_DELAY,
    },
  );
  takeTime(worker, RETRY_DELAY);
  new Finishing({ client, queue, by: id, lock: LOCK, events: MOST_EVENTS }).attach(worker);
  return worker;
}
