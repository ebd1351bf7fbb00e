/** What a coordinator asks Redis about its jobs, and does to them. */

import type { RedisClient } from '../../node/redis/connection.ts';
import type { ClusterKeys } from '../names.ts';
import { run } from '../scripts.ts';
import type { WorkerInfo } from '../wire.ts';
import type { CallTerms } from './call.ts';
import { ADD, BURY, CANCEL, CLAIM, FORGET, HOLD, LOOK, TRIM } from './scripts.ts';

/** As many ids go into one script: it keeps Redis from everything else. */
const MOST = 500;
/** Characters of the data of jobs that go into one script. */
const MOST_TEXT = 4_000_000;
/** Bytes that the stream of events may take: those that have logs, reports and errors in them are large. */
const MOST_OF_EVENTS = 32 * 2 ** 20;
/** Milliseconds for which a claim is kept without news: 30 days. */
const CLAIM_KEPT = 30 * 86_400_000;

/** What became of a job. */
export interface Seen {
  readonly state: 'gone' | 'waiting' | 'active' | 'completed' | 'failed';
  /** Its return value, or why it has failed. */
  readonly value: string;
  /** The worker that has it, or had it last. */
  readonly by: string;
}

export class Jobs {
  readonly #client: RedisClient;
  readonly #keys: ClusterKeys;

  constructor(client: RedisClient, keys: ClusterKeys) {
    this.#client = client;
    this.#keys = keys;
  }

  /** Adds jobs; those that are there already stay as they are. @param keepResults seconds. */
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

  /** Whether it was taken out of the queue before a worker had it; if not, the workers are notified. */
  async cancel(id: string, reason: string): Promise<boolean> {
    const { queue, control } = this.#keys;
    return (await run(this.#client, CANCEL, [queue, control], [id, reason])) === 1;
  }

  /** Removes jobs that are over. */
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

  /** Removes jobs that no worker has; gives for each whether it was there. */
  async forget(ids: readonly string[]): Promise<boolean[]> {
    return (await this.#inParts(FORGET, [], ids)).map((removed) => removed === 1);
  }

  /** Removes those jobs that a dead worker had. */
  async bury(worker: string, ids: readonly string[]): Promise<boolean[]> {
    return (await this.#inParts(BURY, [worker], ids)).map((buried) => buried === 1);
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

  /** Keeps the stream of events small. What becomes of calls whose events are dropped is looked up. */
  async trim(): Promise<void> {
    await run(this.#client, TRIM, [this.#keys.events], [MOST_OF_EVENTS]);
  }

  async beats(): Promise<Record<string, string>> {
    return this.#client.hgetall(this.#keys.beats);
  }

  /** What workers have said of themselves; undefined for one that has not, or is no worker of ours. */
  async infos(ids: readonly string[]): Promise<(WorkerInfo | undefined)[]> {
    const texts = await this.#client.hmget(this.#keys.workers, ...ids);
    return texts.map((text) => (text === null ? undefined : (JSON.parse(text) as WorkerInfo)));
  }

  /** No one needs to look at a worker any more that is dead. */
  async strikeOff(id: string): Promise<void> {
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
