/** Tracks which workers are alive. */

import type { WorkerInfo } from '../wire.ts';

/** The known state of a worker. */
interface Known {
  beat: string;
  /** When its beat last changed, by the clock of this process. */
  changedAt: number;
  /** Undefined until it was read. */
  info: WorkerInfo | undefined;
  isDead: boolean;
  /** Whether it is still registered. */
  isThere: boolean;
}

/**
 * A worker is dead when its beat has not changed for the length of a lease, as observed by a coordinator that was
 * connected all the time. So the clocks of other machines do not matter, and an outage of Redis does not make workers
 * count as dead.
 */
export class Census {
  readonly #lease: number;
  readonly #workers = new Map<string, Known>();
  /** Since when beats have been read without a gap. */
  #watchedSince: number;
  /** When a worker last served each function. */
  readonly #served = new Map<string, number>();

  /**
   * @param lease in milliseconds.
   */
  constructor(lease: number, now: number) {
    this.#lease = lease;
    this.#watchedSince = now;
  }

  /** Restarts all leases after a gap, since beats may have been missed. */
  interrupted(now: number): void {
    this.#watchedSince = now;
    for (const known of this.#workers.values()) known.changedAt = now;
  }

  /** Processes the current beats; returns the ids of workers that died. */
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
      // A worker that deregistered has given back its jobs.
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

  /** The ids of workers whose information was not read yet. */
  get strangers(): string[] {
    return [...this.#workers].filter(([, { info }]) => info === undefined).map(([id]) => id);
  }

  introduce(id: string, info: WorkerInfo): void {
    const known = this.#workers.get(id);
    if (known !== undefined) known.info = info;
  }

  /** Whether a worker has been silent for so long that it cannot be alive. */
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

  /** Records which of these functions are served now. */
  note(functions: Iterable<string>, now: number): void {
    const { alive } = this;
    for (const name of functions) {
      const isServed = alive.some((worker) => worker.functions.includes(name));
      if (isServed || !this.#served.has(name)) this.#served.set(name, now);
    }
  }

  /** For how many milliseconds no worker has served a function; 0 if one does, or if that is not known. */
  unservedFor(name: string, now: number): number {
    if (this.alive.some((worker) => worker.functions.includes(name))) return 0;
    return now - (this.#served.get(name) ?? now);
  }
}
