/** The claims of this process on its pools: the process that claimed a pool last owns it. */

import { randomBytes } from 'node:crypto';
import { PoolTakenOver } from '../../index.ts';
import type { Jobs } from './jobs.ts';

/** The id of this process, shared by all clusters that it calls. */
const COORDINATOR = randomBytes(12).toString('base64url');

interface Claim {
  readonly poolName: string;
  readonly number: number;
  isLost: boolean;
}

export class Claims {
  readonly #jobs: Jobs;
  readonly #claims = new Map<string, Claim>();
  readonly #pending = new Map<string, Promise<number>>();

  constructor(jobs: Jobs) {
    this.#jobs = jobs;
  }

  /**
   * The number of the claim on a pool, which is made on first use.
   *
   * @throws PoolTakenOver if another process has claimed the pool since.
   */
  numberOf(uid: string, poolName: string): number | Promise<number> {
    const claim = this.#claims.get(uid);
    if (claim?.isLost === true) throw takenOver(poolName);
    return claim?.number ?? this.#claim(uid, poolName);
  }

  #claim(uid: string, poolName: string): Promise<number> {
    let pending = this.#pending.get(uid);
    if (pending === undefined) {
      pending = this.#jobs
        .claim(uid, COORDINATOR)
        .then((number) => {
          this.#claims.set(uid, { poolName, number, isLost: false });
          return number;
        })
        .finally(() => this.#pending.delete(uid));
      this.#pending.set(uid, pending);
    }
    return pending;
  }

  /** Verifies the claims on some pools; returns the errors of lost ones, by pool. */
  async check(uids: Iterable<string>): Promise<Map<string, PoolTakenOver>> {
    const lost = new Map<string, PoolTakenOver>();
    for (const uid of uids) {
      const claim = this.#claims.get(uid);
      if (claim === undefined) continue;
      claim.isLost ||= !(await this.#jobs.hold(uid, COORDINATOR, claim.number));
      if (claim.isLost) lost.set(uid, takenOver(claim.poolName));
    }
    return lost;
  }
}

function takenOver(poolName: string): PoolTakenOver {
  return new PoolTakenOver(`another process has taken over the calls of pool ${poolName}`);
}
