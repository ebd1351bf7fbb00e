/** Navigation in time: jumps, steps, playback, and back to the present. */

import { type Signal, signal } from '@preact/signals';
import type { ControlLink } from '../../../control/client/index.ts';
import type { PoolCheckpoint, PoolEvent } from '../../../index.ts';
import { type Depth, eventsBefore, GLANCE, load } from './feed.ts';
import { Moment } from './moment.ts';
import { orOldest } from './or-oldest.ts';

/** The depth that is loaded for a moment at which the user stays. */
const WHOLE: Depth = { ended: 10_000, before: 6000 };
/** Milliseconds after which a place counts as chosen: while the user drags or steps on, states are not loaded in full. */
const STAY = 60;
/** The number of events fetched at a time for playback. */
const AHEAD = 4000;
/** The longest pause between two events in playback, in milliseconds; longer ones are skipped. */
const LONGEST_PAUSE = 2000;

/** Milliseconds for which applying events may block a frame. */
const LONGEST_FRAME = 8;

export const SPEEDS = [1, 10, 100, 1000] as const;

export class Travel {
  /** The shown past moment; undefined for the present. */
  readonly past = signal<Moment | undefined>(undefined);
  /** The `seq` being loaded. */
  readonly target = signal<number | undefined>(undefined);
  readonly isPlaying = signal(false);
  readonly speed = signal<number>(10);
  readonly failure = signal<string | undefined>(undefined);
  /** During playback, the clock between two events. */
  time: number | undefined = undefined;
  readonly #link: ControlLink;
  readonly #live: Signal<Moment | undefined>;
  #isUnderWay = false;
  #isAbout = false;
  #ahead: PoolEvent[] = [];
  #fetching: Promise<void> | undefined = undefined;

  constructor(link: ControlLink, live: Signal<Moment | undefined>) {
    this.#link = link;
    this.#live = live;
  }

  /**
   * Goes to an event. If this is called several times during a jump, only the last call counts.
   *
   * @param isAbout whether the oldest event that can be rebuilt will do where this one has been dropped meanwhile.
   */
  go(seq: number, isAbout = false): void {
    this.pause();
    this.#isAbout = isAbout;
    this.target.value = Math.max(0, seq);
    if (!this.#isUnderWay) void this.#move();
  }

  /** Goes forward or back by a number of events. */
  step(by: number): void {
    const seq = this.target.value ?? this.past.value?.seq ?? this.#live.value?.seq;
    if (seq === undefined) return;
    const last = this.#live.value?.seq ?? seq;
    if (seq + by >= last && this.past.value !== undefined) this.present();
    else this.go(Math.min(last, seq + by));
  }

  present(): void {
    this.pause();
    this.target.value = undefined;
    this.past.value = undefined;
    this.failure.value = undefined;
  }

  play(): void {
    const { past } = this;
    if (past.value === undefined) return;
    this.isPlaying.value = true;
    this.time = past.value.at;
    this.#ahead = [];
    let before = performance.now();
    const frame = (now: number): void => {
      if (!this.isPlaying.value) return;
      this.#advance((now - before) * this.speed.value);
      before = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }

  pause(): void {
    this.isPlaying.value = false;
    this.time = undefined;
    this.#ahead = [];
  }

  async #move(): Promise<void> {
    this.#isUnderWay = true;
    try {
      for (let seq = this.target.value; seq !== undefined; seq = this.#rest(seq)) {
        const glance = await this.#glance(seq);
        // The target was changed to the present meanwhile.
        if (this.target.value === undefined) return;
        this.past.value = glance;
        this.failure.value = undefined;
        setTimeout(() => void this.#complete(glance), STAY);
      }
    } catch (error) {
      this.failure.value = (error as Error).message;
      this.target.value = undefined;
    } finally {
      this.#isUnderWay = false;
    }
  }

  /** Loads all of a moment, unless the user has gone on. */
  async #complete(glance: Moment): Promise<void> {
    if (this.past.value !== glance || this.target.value !== undefined) return;
    const whole = await this.#whole(glance);
    // Unless it was played on from there meanwhile.
    if (this.past.value === glance && glance.seq === whole.seq) this.past.value = whole;
  }

  /** The next target after reaching this one, if there is another. */
  #rest(seq: number): number | undefined {
    if (this.target.value !== seq) return this.target.value;
    this.target.value = undefined;
    return undefined;
  }

  #glance(seq: number): Promise<Moment> {
    const load = (place: number): Promise<Moment> => this.#at(place, GLANCE);
    return this.#isAbout ? orOldest(seq, { load, oldest: () => this.#oldest() }) : load(seq);
  }

  async #oldest(): Promise<number> {
    const last = this.#live.value?.seq ?? 0;
    const range = { from: last, to: last, buckets: 1 };
    return (await this.#link.request('density', range)).firstSeq;
  }

  /** All of a moment; only what is there already if the pool has dropped it meanwhile. */
  async #whole(glance: Moment): Promise<Moment> {
    try {
      return await this.#at(glance.seq, WHOLE);
    } catch {
      glance.isExtending = false;
      return glance;
    }
  }

  async #at(seq: number, depth: Depth): Promise<Moment> {
    const reel = this.#live.value?.reel;
    const first = reel?.firstSeq;
    if (reel === undefined || first === undefined || seq < first + 500) {
      return await load(this.#link, seq, depth);
    }
    // The events to draw are already loaded.
    const args = { at: seq, checkpoint: true, ended: depth.ended };
    const { state, omitted, at } = await this.#link.request('state', args);
    const time = at ?? reel.event(seq)?.at ?? Date.now();
    return new Moment(state as PoolCheckpoint, omitted, time, reel);
  }

  #advance(ms: number): void {
    const moment = this.past.value;
    if (moment === undefined || this.time === undefined) return;
    const before = this.time;
    const deadline = performance.now() + LONGEST_FRAME;
    this.time += ms;
    while (true) {
      const next = this.#next(moment);
      if (next === undefined) {
        // The clock waits for events that are being fetched.
        this.time = Math.max(before, moment.at);
        break;
      }
      if (next.at > this.time + LONGEST_PAUSE * this.speed.value) this.time = next.at;
      if (next.at > this.time) return;
      moment.apply(next);
      if ((moment.reel.lastSeq ?? -1) < next.seq) moment.reel.add(next);
      this.#ahead.shift();
      if (next.seq % 64 !== 0 || performance.now() < deadline) continue;
      this.time = moment.at;
      return;
    }
    const last = this.#live.value?.seq ?? 0;
    if (moment.seq >= last) this.present();
  }

  /** The event after a moment, if it has been fetched; fetches more. */
  #next(moment: Moment): PoolEvent | undefined {
    const wanted = moment.seq + 1;
    const known = this.#live.value?.reel.event(wanted);
    if (known !== undefined) {
      this.#ahead = [known];
      return known;
    }
    while (this.#ahead[0] !== undefined && this.#ahead[0].seq < wanted) this.#ahead.shift();
    if (this.#ahead.length < AHEAD / 2) this.#fetch(wanted + this.#ahead.length);
    return this.#ahead[0];
  }

  #fetch(from: number): void {
    const last = this.#live.value?.seq ?? 0;
    if (this.#fetching !== undefined || from > last) return;
    const to = Math.min(last, from + AHEAD - 1);
    this.#fetching = eventsBefore(this.#link, to, to - from + 1)
      .then((events) => {
        this.#ahead.push(...events);
      })
      .catch((error: Error) => {
        this.failure.value = error.message;
        this.pause();
      })
      .finally(() => {
        this.#fetching = undefined;
      });
  }
}
