/** A worker of a cluster: wraps a worker of BullMQ and adds what coordinators rely on. */

import type * as BullMQ from 'bullmq';
import type { Worker } from 'bullmq';
import { WorkerLost } from '../../index.ts';
import type { RedisClient } from '../../node/redis/connection.ts';
import { type PackedError, unpackError } from '../../remote/errors.ts';
import { atLast, messageOf } from '../faults.ts';
import type { ClusterKeys } from '../names.ts';
import { duplicateOf } from '../redis.ts';
import { recordOf, Stream } from '../stream.ts';
import type { Trouble } from '../trouble.ts';
import { type Command, type JobData, MESSAGES, type Result, type WorkerInfo } from '../wire.ts';
import { Audits } from './audits.ts';
import { MOST_EVENTS, newBullWorker } from './bull-worker.ts';
import { Handler } from './handler.ts';
import { Held } from './held.ts';
import { Newest } from './newest.ts';
import {
  type CloseOptions,
  type ClusterWorker,
  closeOptions,
  type JobReport,
  type WorkerOptions,
  type WorkerStatus,
} from './options.ts';
import { OtherWorkers } from './other-workers.ts';
import { Outbox } from './outbox.ts';
import { Passing } from './passing.ts';
import { type Pulse, startPulse } from './pulse.ts';
import { RunningCalls } from './running.ts';
import type { Functions } from './served.ts';

/** Milliseconds for aborted functions to end. */
const UNWIND = 1000;
/** Milliseconds after reconnecting by which Redis has received all outcomes. */
const SETTLED = 30_000;
const DEFAULT_GRACE = 10_000;

/** The parts of a server. */
export interface ServerParts {
  readonly name: string;
  readonly options: WorkerOptions;
  readonly functions: Functions;
  readonly info: WorkerInfo;
  readonly keys: ClusterKeys;
  readonly client: RedisClient;
  readonly trouble: Trouble;
  readonly bullmq: typeof BullMQ;
}

export class Server implements ClusterWorker {
  readonly id: string;
  readonly #parts: ServerParts;
  readonly #client: RedisClient;
  readonly #control: Stream;
  readonly #newest: Newest;
  readonly #running = new RunningCalls();
  readonly #held = new Held();
  readonly #outbox: Outbox;
  readonly #pulse: Pulse;
  readonly #totals = { fulfilled: 0, rejected: 0, cancelled: 0, returned: 0, refused: 0, lost: 0 };
  #blocked = { times: 0, longest: 0 };
  #worker: Worker<JobData, Result> | undefined = undefined;
  #audits: Audits | undefined = undefined;
  #readyAt = performance.now();
  #state: WorkerStatus['state'] = 'serving';
  #closing: Promise<void> | undefined = undefined;

  constructor(parts: ServerParts) {
    const { name, options, info, keys, client } = parts;
    this.#parts = parts;
    this.id = info.id;
    this.#client = client;
    const controlClient = duplicateOf(client, `${options.prefix}:${name}:control`);
    controlClient.on('error', () => {});
    this.#control = new Stream({
      client: controlClient,
      key: keys.control,
      onEntry: (fields) => this.#obey(recordOf(fields) as unknown as Command),
      onTrouble: (message) => this.#troubled(message),
    });
    this.#newest = new Newest(this.#client, keys);
    this.#outbox = new Outbox(info.id, (messages) => this.#say(messages));
    this.#pulse = startPulse({
      client: this.#client,
      connection: options.connection,
      keys,
      id: info.id,
      info: JSON.stringify(info),
      lease: options.lease,
      onBlocked: (ms) => this.#onBlocked(ms),
      onLost: () => this.#onLost(),
    });
  }

  async start(): Promise<void> {
    const { name, options, bullmq, client } = this.#parts;
    const { queue } = this.#parts.keys;
    await this.#control.start();
    await this.#pulse.started;
    const handler = this.#newHandler();
    this.#worker = newBullWorker({
      bullmq,
      name,
      id: this.id,
      client,
      queue,
      options,
      handle: (job, token) => handler.handle(job, token),
    });
    this.#worker.on('completed', ({ id }) => this.#held.delete(id as string));
    this.#worker.on('failed', (job) => this.#held.delete(job?.id as string));
    this.#worker.on('error', (error) => this.#troubled(messageOf(error)));
    this.#client.on('ready', () => {
      this.#parts.trouble.over();
      this.#readyAt = performance.now();
      this.#audits?.soon();
    });
    this.#audits = new Audits({
      client,
      queue,
      by: this.id,
      held: () => this.#heldNow(),
      onReturned: (count) => this.#warn(`${count} calls were given back that it never got`),
      onMissing: (ids) =>
        this.#running.abandon('lost', new WorkerLost('Redis has lost the job'), ids),
    });
  }

  status(): WorkerStatus {
    const { name, info, options } = this.#parts;
    return {
      id: this.id,
      name,
      functions: info.functions,
      state: this.#state,
      isAlive: this.#state !== 'closed' && this.#pulse.isAlive,
      concurrency: options.concurrency,
      running: this.#running.size,
      totals: { ...this.#totals },
      blocked: { ...this.#blocked },
      startedAt: info.startedAt,
    };
  }

  close(options: CloseOptions = {}): Promise<void> {
    closeOptions.check('close()', options);
    this.#closing ??= this.#close(options.grace ?? DEFAULT_GRACE);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(grace: number): Promise<void> {
    const { keys } = this.#parts;
    this.#state = 'stopping';
    this.#audits?.stop();
    await this.#worker?.pause(true);
    await this.#running.untilIdle(grace);
    this.#running.abandon(
      'returned',
      new WorkerLost('the worker stops: another one runs the call'),
    );
    await this.#running.untilIdle(UNWIND);
    // Functions that ignore their abort signals.
    const stubborn = this.#running.size;
    await atLast(Promise.all(this.#running.all.map((call) => call.giveBack())));
    this.#outbox.flush();
    await atLast(this.#worker?.close(stubborn > 0));
    await this.#pulse.stop();
    const { beats, workers } = keys;
    const left = [beats, workers].map((key) => this.#client.hdel(key, this.id));
    await atLast(Promise.all(left));
    this.#state = 'closed';
    this.#control.close();
    this.#client.disconnect();
  }

  #newHandler(): Handler {
    const { functions, options, keys, bullmq } = this.#parts;
    const others = new OtherWorkers(this.#client, keys, options.lease, this.id);
    return new Handler({
      by: this.id,
      functions,
      version: options.version,
      outbox: this.#outbox,
      running: this.#running,
      held: this.#held,
      newest: this.#newest,
      passing: new Passing(this.#client, keys.queue),
      isStopping: () => this.#state !== 'serving',
      isServedByOthers: (functionName, data) => others.serve(functionName, data),
      onDone: (report) => this.#done(report),
      waiting: () => new bullmq.WaitingError(),
    });
  }

  #obey(command: Command): void {
    if (command.do === 'claim') this.#newest.learn(command.uid, Number(command.claim));
    else this.#running.cancel(command.job, unpackError(JSON.parse(command.reason) as PackedError));
  }

  #done(report: JobReport): void {
    this.#totals[report.outcome]++;
    this.#parts.options.onJob(report);
  }

  /** Writes messages to the event stream of the queue, which coordinators read. */
  async #say(messages: string): Promise<void> {
    const { events } = this.#parts.keys;
    const entry = ['event', MESSAGES, 'messages', messages];
    await this.#client
      .xadd(events, 'MAXLEN', '~', MOST_EVENTS, '*', ...entry)
      .catch((error: unknown) => this.#troubled(messageOf(error)));
  }

  /** The jobs that this worker has, as far as it knows. */
  #heldNow(): string[] {
    // During an outage Redis received no outcomes, so old entries are kept.
    if (performance.now() - this.#readyAt > SETTLED) this.#held.tidy();
    return this.#held.ids;
  }

  #onBlocked(ms: number): void {
    if (ms < this.#parts.options.blocked) return;
    const { times, longest } = this.#blocked;
    this.#blocked = { times: times + 1, longest: Math.max(longest, ms) };
    this.#warn(`the event loop was blocked for ${Math.round(ms)} ms: cancels could not be heard`);
  }

  #onLost(): void {
    if (this.#running.size === 0) return;
    this.#warn(`Redis could not be reached for ${this.#parts.options.lease} ms: calls are aborted`);
    this.#running.abandon('lost', new WorkerLost('the worker could not reach Redis'));
  }

  /** Logs failures; during an outage of Redis only the outage, once. */
  #troubled(message: string): void {
    const { trouble } = this.#parts;
    if (this.#client.status === 'ready') trouble.failed(`worker ${this.id}: ${message}`);
    else if (this.#state !== 'closed') trouble.away(message);
  }

  #warn(message: string): void {
    this.#parts.options.logger.warn(`worker ${this.id}: ${message}`);
  }
}
