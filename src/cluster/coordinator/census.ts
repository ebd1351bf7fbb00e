/** Which workers there are, and which have died. */

import type { WorkerInfo } from '../wire.ts';

/** What is known of a worker. */
interface Known {
  beat: string;
  /** When its beat changed last, by the clock of this process. */
  changedAt: number;
  /** Undefined until it was read. */
  info: WorkerInfo | undefined;
  isDead: boolean;
  /** Whether it has not left. */
  isThere: boolean;
}

/**
 * A worker is dead when its beat has not changed for the length of a lease, as seen by a coordinator that
 * was connected all the time: clocks of other machines do not count, and a Redis that was away makes
 * no one dead.
 */
export class Census {
  readonly #lease: number;
  readonly #workers = new Map<string, Known>();
  /** Since when beats are read without a gap. */
  #watchedSince: number;
  /** When a worker served a function last. */
  readonly #served = new Map<string, number>();

  /** @param lease milliseconds. */
  constructor(lease: number, now: number) {
    this.#lease = lease;
    this.#watchedSince = now;
  }

  /** There was a gap: no one is dead for what was not seen meanwhile. */
  interrupted(now: number): void {
    this.#watchedSince = now;
    for (const known of this.#workers.values()) known.changedAt = now;
  }

  /** Takes in all beats; gives the ids of those that are dead. */
  read(beats: Readonly<Record<string, string>>, now: number): string[] {
    for (const [id, beat] of Object.entries(beats)) {
      const known = this.#workers.get(id);
      if (known === undefined) {
        this.#workers.set(id, {
          beat,
          changedAt: now,
          info: undefined,
          isDead: false,
          isThere: true,
        });
      } else if (known.beat !== beat) {
        known.beat = beat;
        known.changedAt = now;
        known.isDead = false;
      }
    }
    const dead: string[] = [];
    for (const [id, known] of this.#workers) {
      // One that has left has given back what it had.
      known.isThere = id in beats;
      const isSilent = now - known.changedAt >= this.#lease;
      if (isSilent && !known.isThere) this.#workers.delete(id);
      if (isSilent && !known.isDead) {
        known.isDead = true;
        dead.push(id);
      }
    }
    return dead;
  }

  /** The workers of which nothing was read but beats. */
  get strangers(): string[] {
    return [...this.#workers].filter(([, { info }]) => info === undefined).map(([id]) => id);
  }

  introduce(id: string, info: WorkerInfo): void {
    const known = this.#workers.get(id);
    if (known !== undefined) known.info = info;
  }

  /** Whether nothing was heard of a worker for so long that it cannot be alive. */
  isGone(id: string, now: number): boolean {
    const known = this.#workers.get(id);
    if (known !== undefined) return known.isDead;
    return now - this.#watchedSince >= this.#lease;
  }

  get alive(): WorkerInfo[] {
    const alive: WorkerInfo[] = [];
    for (const { info, isDead, isThere } of this.#workers.values()) {
      if (!isDead && isThere && info !== undefined) alive.push(info);
    }
    return alive;
  }

  /** Notes which of these functions are served now. */
  note(functions: Iterable<string>, now: number): void {
    const { alive } = this;
    for (const name of functions) {
      const isServed = alive.some((worker) => worker.functions.includes(name));
      if (isServed || !this.#served.has(name)) this.#served.set(name, now);
    }
  }

  /** For how many milliseconds no one has served a function; 0 if someone does, or that is not known. */
  unservedFor(name: string, now: number): number {
    if (this.alive.some((worker) => worker.functions.includes(name))) return 0;
    return now - (this.#served.get(name) ?? now);
  }
}
