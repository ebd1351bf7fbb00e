/** Finds out whether another worker can run a call that this one cannot. */

import type { RedisClient } from '../../node/redis/connection.ts';
import type { ClusterKeys } from '../names.ts';
import type { JobData, WorkerInfo } from '../wire.ts';
import { misfit } from './perform.ts';
import { othersOf } from './served.ts';

/** Milliseconds for which the list of workers is cached. */
const RECENT = 500;

export class OtherWorkers {
  readonly #client: RedisClient;
  readonly #keys: ClusterKeys;
  readonly #lease: number;
  readonly #ownId: string;
  /** The other workers, as read last. */
  #others: readonly WorkerInfo[] = [];
  #readAt = 0;

  constructor(client: RedisClient, keys: ClusterKeys, lease: number, ownId: string) {
    this.#client = client;
    this.#keys = keys;
    this.#lease = lease;
    this.#ownId = ownId;
  }

  /** Whether any other worker can run a call. */
  async serve(functionName: string, data: JobData): Promise<boolean> {
    const serves = ({ id, functions, version }: WorkerInfo): boolean => {
      const served = { functions: new Map(functions.map((name) => [name, () => {}])), version };
      return id !== this.#ownId && misfit(served, functionName, data) === undefined;
    };
    const isRecent = performance.now() - this.#readAt < RECENT;
    if (isRecent && this.#others.some(serves)) return true;
    this.#others = await othersOf(this.#client, this.#keys, this.#lease);
    this.#readAt = performance.now();
    return this.#others.some(serves);
  }
}
