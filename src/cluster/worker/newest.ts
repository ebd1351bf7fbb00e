/** The newest claim on each pool: calls added under an older claim are not run. */

import type { RedisClient } from '../../node/redis/connection.ts';
import type { ClusterKeys } from '../names.ts';

/** The maximum number of remembered pools; forgotten ones are read again. */
const MOST = 10_000;

export class Newest {
  readonly #client: RedisClient;
  readonly #keys: ClusterKeys;
  readonly #claims = new Map<string, number>();

  constructor(client: RedisClient, keys: ClusterKeys) {
    this.#client = client;
    this.#keys = keys;
  }

  /** Records a newer claim. */
  learn(uid: string, claim: number): void {
    if (this.#claims.size >= MOST) this.#claims.clear();
    if (claim > (this.#claims.get(uid) ?? -1)) this.#claims.set(uid, claim);
  }

  /** Whether a claim is the newest; a promise if Redis must be asked. */
  accepts(uid: string, claim: number): boolean | Promise<boolean> {
    const newest = this.#claims.get(uid);
    if (newest === undefined) return this.#ask(uid, claim);
    if (claim > newest) this.#claims.set(uid, claim);
    return claim >= newest;
  }

  async #ask(uid: string, claim: number): Promise<boolean> {
    const number = await this.#client.hget(this.#keys.claim(uid), 'number');
    this.learn(uid, Number(number ?? claim));
    return claim >= (this.#claims.get(uid) ?? claim);
  }
}
