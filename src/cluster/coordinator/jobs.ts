/** Reads and changes the jobs of a coordinator in Redis. */

import type { RedisClient } from '../../node/redis/connection.ts';
import type { ClusterKeys } from '../names.ts';
import { run } from '../scripts.ts';
import type { WorkerInfo } from '../wire.ts';
import type { CallTerms } from './call.ts';
import { ADD, CANCEL, CLAIM, FORGET, HOLD, LOOK, REMOVE_LOST, TRIM } from './scripts.ts';

/** Ids per script, since Redis does nothing else while a script runs. */
const MOST = 500;
/** Characters of job data per script. */
const MOST_TEXT = 4_000_000;
/** The maximum size of the event stream in bytes: entries with logs, reports and errors are large. */
const MOST_OF_EVENTS = 32 * 2 ** 20;
/** Milliseconds after which an unused claim expires: 30 days. */
const CLAIM_KEPT = 30 * 86_400_000;

/** The state of a job. */
export interface Seen {
  readonly state: 'gone' | 'waiting' | 'active' | 'completed' | 'failed';
  /** The return value, or the reason of the failure. */
  readonly value: string;
  /** The worker that has the job, or had it last. */
  readonly by: string;
}

export class Jobs {
  readonly #client: RedisClient;
  readonly #keys: ClusterKeys;

  constructor(client: RedisClient, keys: ClusterKeys) {
    this.#client = client;
    this.#keys = keys;
  }

  /** Adds jobs; existing ones stay unchanged. @param keepResults in seconds. */
  async add(calls: readonly CallTerms[], keepResults: number): Promise<void> {
    const kept = { age: keepResults };
    const options = { attempts: 0, removeOnComplete: kept, removeOnFail: kept, stackTraceLimit: 0 };
    const first = [JSON.stringify(options), String(Date.now())];
    let args = [...first];
    let size = 0;
    for (const { jobId, functionName, data } of calls) {
      const text = JSON.stringify(data);
      if (size > 0 && size + text.length > MOST_TEXT) {
        await this.#add(args);
        args = [...first];
        size = 0;
      }
      args.push(jobId, functionName, text);
      size += text.length;
    }
    await this.#add(args);
  }

  async #add(args: readonly string[]): Promise<void> {
    await run(this.#client, ADD, [this.#keys.queue], args);
  }

  async look(ids: readonly string[]): Promise<Seen[]> {
    const answers = (await this.#inParts(LOOK, [], ids)) as string[];
    return ids.map((_, index) => {
      const [state, value, by] = answers.slice(index * 3, index * 3 + 3);
      return { state, value, by } as Seen;
    });
  }

  /** Removes a job from the queue. Resolves with false if a worker has it already; the workers are then notified. */
  async cancel(id: string, reason: string): Promise<boolean> {
    const { queue, control } = this.#keys;
    return (await run(this.#client, CANCEL, [queue, control], [id, reason])) === 1;
  }

  /** Removes ended jobs. */
  async remove(completed: readonly string[], failed: readonly string[]): Promise<void> {
    const { queue } = this.#keys;
    const pipeline = this.#client.pipeline();
    for (const [set, ids] of [
      ['completed', completed],
      ['failed', failed],
    ] as const) {
      for (let from = 0; from < ids.length; from += MOST) {
        const some = ids.slice(from, from + MOST);
        pipeline.zrem(`${queue}${set}`, ...some);
        pipeline.unlink(...some.map((id) => `${queue}${id}`));
      }
    }
    await pipeline.exec();
  }

  /** Removes jobs that no worker has; resolves with whether each existed. */
  async forget(ids: readonly string[]): Promise<boolean[]> {
    return (await this.#inParts(FORGET, [], ids)).map((removed) => removed === 1);
  }

  /** Removes the jobs of a dead worker; resolves with whether each was removed. */
  async removeLost(worker: string, ids: readonly string[]): Promise<boolean[]> {
    return (await this.#inParts(REMOVE_LOST, [worker], ids)).map((removed) => removed === 1);
  }

  async claim(uid: string, coordinator: string): Promise<number> {
    const { claim, control } = this.#keys;
    const args = [coordinator, uid, CLAIM_KEPT];
    return Number(await run(this.#client, CLAIM, [claim(uid), control], args));
  }

  /** Whether a claim still holds. */
  async hold(uid: string, coordinator: string, number: number): Promise<boolean> {
    const args = [coordinator, number, CLAIM_KEPT];
    return (await run(this.#client, HOLD, [this.#keys.claim(uid)], args)) === 1;
  }

  /** Limits the size of the event stream. The outcomes of calls whose events are dropped are looked up. */
  async trim(): Promise<void> {
    await run(this.#client, TRIM, [this.#keys.events], [MOST_OF_EVENTS]);
  }

  async beats(): Promise<Record<string, string>> {
    return this.#client.hgetall(this.#keys.beats);
  }

  /** The information that workers have registered; undefined for ids without. */
  async infos(ids: readonly string[]): Promise<(WorkerInfo | undefined)[]> {
    const texts = await this.#client.hmget(this.#keys.workers, ...ids);
    return texts.map((text) => (text === null ? undefined : (JSON.parse(text) as WorkerInfo)));
  }

  /** Deregisters a dead worker. */
  async deregister(id: string): Promise<void> {
    await this.#client.hdel(this.#keys.beats, id);
    await this.#client.hdel(this.#keys.workers, id);
  }

  async #inParts(
    script: typeof LOOK,
    first: readonly string[],
    ids: readonly string[],
  ): Promise<unknown[]> {
    const answers: unknown[] = [];
    for (let from = 0; from < ids.length; from += MOST) {
      const args = [...first, ...ids.slice(from, from + MOST)];
      answers.push(...((await run(this.#client, script, [this.#keys.queue], args)) as unknown[]));
    }
    return answers;
  }
}
