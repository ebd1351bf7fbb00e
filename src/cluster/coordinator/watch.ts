/** Checks pending calls every second: whether their workers are alive, and whether events were missed. */

// Imported, since tests may replace the global timers.
import { clearInterval, setInterval } from 'node:timers';
import { messageOf } from '../faults.ts';
import type { Call } from './call.ts';
import type { Census } from './census.ts';
import type { Jobs, Seen } from './jobs.ts';

/** Milliseconds between two checks. */
const PERIOD = 1000;
/** The time between two checks in milliseconds above which beats and events may have been missed. */
const GAP = 2500;
/** The maximum time in milliseconds after which a call without events is looked up. */
const UNHEARD = 5000;

/** Notified of findings. */
export interface Watched {
  /** All pending calls. */
  readonly calls: ReadonlyMap<string, Call>;
  seen(call: Call, seen: Seen): void;
  lost(call: Call, reason: string): void;
  /** Verifies the claims on the pools. */
  hold(): Promise<void>;
  /** Called after each check. */
  looked(): void;
  /** Redis has not answered for this many milliseconds. */
  away(ms: number, message: string): void;
}

export class Watch {
  readonly #jobs: Jobs;
  readonly #census: Census;
  readonly #watched: Watched;
  readonly #unheard: number;
  #timer: NodeJS.Timeout | undefined = undefined;
  #isLooking = false;
  /** When Redis answered last. */
  #answeredAt = performance.now();

  /**
   * @param lease in milliseconds; a call without events for this long is looked up.
   */
  constructor(jobs: Jobs, census: Census, watched: Watched, lease: number) {
    this.#jobs = jobs;
    this.#census = census;
    this.#watched = watched;
    this.#unheard = Math.min(UNHEARD, lease);
  }

  /** Starts checking; stops itself when there are no calls. */
  start(): void {
    if (this.#timer !== undefined) return;
    this.#answeredAt = performance.now();
    this.#census.interrupted(this.#answeredAt);
    this.#timer = setInterval(() => void this.#tick(), PERIOD);
    void this.#tick();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #tick(): Promise<void> {
    if (this.#watched.calls.size === 0) {
      this.stop();
      return;
    }
    if (this.#isLooking) {
      const ms = performance.now() - this.#answeredAt;
      if (ms > GAP) this.#watched.away(ms, 'it does not answer');
      return;
    }
    this.#isLooking = true;
    try {
      await this.#look();
    } catch (error) {
      this.#watched.away(performance.now() - this.#answeredAt, messageOf(error));
    } finally {
      this.#isLooking = false;
    }
  }

  async #look(): Promise<void> {
    const beats = await this.#jobs.beats();
    const now = performance.now();
    const wasAway = now - this.#answeredAt > GAP;
    this.#answeredAt = now;
    // Events may have been dropped meanwhile, and beats could not be read.
    if (wasAway) this.#census.interrupted(now);
    const dead = this.#census.read(beats, now);
    await this.#introduce();
    this.#census.note(this.#functions(), now);
    await this.#watched.hold();
    for (const worker of dead) await this.#removeLost(worker);
    await this.#sweep(now, wasAway ? 0 : this.#unheard);
    await this.#jobs.trim();
    this.#watched.looked();
  }

  #functions(): Set<string> {
    const functions = new Set<string>();
    for (const { functionName } of this.#watched.calls.values()) functions.add(functionName);
    return functions;
  }

  async #introduce(): Promise<void> {
    const { strangers } = this.#census;
    if (strangers.length === 0) return;
    const infos = await this.#jobs.infos(strangers);
    for (const [index, info] of infos.entries()) {
      if (info !== undefined) this.#census.introduce(strangers[index] as string, info);
    }
  }

  async #removeLost(worker: string): Promise<void> {
    await this.#failCallsOf(worker, this.#added);
    await this.#jobs.deregister(worker);
  }

  async #failCallsOf(worker: string, calls: readonly Call[]): Promise<void> {
    const removed = await this.#jobs.removeLost(
      worker,
      calls.map(({ jobId }) => jobId),
    );
    for (const [index, isLost] of removed.entries()) {
      if (isLost) this.#watched.lost(calls[index] as Call, `its worker ${worker} is gone`);
    }
  }

  /** Looks up calls without events for a while. */
  async #sweep(now: number, unheard: number): Promise<void> {
    const calls = this.#added.filter(({ seenAt }) => now - seenAt >= unheard);
    if (calls.length === 0) return;
    const all = await this.#jobs.look(calls.map(({ jobId }) => jobId));
    const abandoned = new Map<string, Call[]>();
    for (const [index, seen] of all.entries()) {
      const call = calls[index] as Call;
      // Events may have arrived meanwhile.
      if (call.state !== 'added') continue;
      call.seenAt = now;
      this.#watched.seen(call, seen);
      if (seen.state !== 'active' || !this.#census.isGone(seen.by, now)) continue;
      abandoned.set(seen.by, [...(abandoned.get(seen.by) ?? []), call]);
    }
    for (const [worker, its] of abandoned) await this.#failCallsOf(worker, its);
  }

  get #added(): Call[] {
    return [...this.#watched.calls.values()].filter(({ state }) => state === 'added');
  }
}
