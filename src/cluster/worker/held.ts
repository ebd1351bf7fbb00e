/** The jobs that are this worker's, as far as it knows: until Redis has taken in what they have come to. */

/** Milliseconds after which Redis has surely heard what a job has come to, or never will. */
const HEARD = 60_000;

export class Held {
  /** By job: when its function has ended, by `performance.now()`; undefined while it runs. */
  readonly #jobs = new Map<string, number | undefined>();

  add(job: string): void {
    this.#jobs.set(job, undefined);
  }

  /** Its function has ended; the result is still to be sent to Redis. */
  ended(job: string): void {
    if (this.#jobs.has(job)) this.#jobs.set(job, performance.now());
  }

  delete(job: string): void {
    this.#jobs.delete(job);
  }

  get size(): number {
    return this.#jobs.size;
  }

  /** Drops those that ended long ago. */
  tidy(): void {
    const now = performance.now();
    for (const [job, endedAt] of this.#jobs) {
      if (endedAt !== undefined && now - endedAt > HEARD) this.#jobs.delete(job);
    }
  }

  get ids(): string[] {
    return [...this.#jobs.keys()];
  }
}
