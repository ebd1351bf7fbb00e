/** The way through time: jumps, steps, playing, and back to the present. */

import { type Signal, signal } from '@preact/signals';
import type { ControlLink } from '../../../control/client/index.ts';
import type { PoolCheckpoint, PoolEvent } from '../../../index.ts';
import { type Depth, eventsBefore, GLANCE, load } from './feed.ts';
import { Moment } from './moment.ts';

/** What is shown when one stays there. */
const WHOLE: Depth = { ended: 10_000, before: 6000 };
/** How many events are fetched at once to play them. */
const AHEAD = 4000;
/** Longest pause between two events when playing, in milliseconds: what is longer is skipped. */
const LONGEST_PAUSE = 2000;

/** How long applying events may hold up a frame, in milliseconds. */
const LONGEST_FRAME = 8;

export const SPEEDS = [1, 10, 100, 1000] as const;

export class Travel {
  /** The moment in the past that is shown; undefined for the present. */
  readonly past = signal<Moment | undefined>(undefined);
  /** Where one is on the way to. */
  readonly target = signal<number | undefined>(undefined);
  readonly isPlaying = signal(false);
  readonly speed = signal<number>(10);
  readonly failure = signal<string | undefined>(undefined);
  /** When playing: how far the clock is between two events. */
  time: number | undefined = undefined;
  readonly #link: ControlLink;
  readonly #live: Signal<Moment | undefined>;
  #isUnderWay = false;
  #ahead: PoolEvent[] = [];
  #fetching: Promise<void> | undefined = undefined;

  constructor(link: ControlLink, live: Signal<Moment | undefined>) {
    this.#link = link;
    this.#live = live;
  }

  /** Goes to an event. Of several calls while one is under way, the last one counts. */
  go(seq: number): void {
    this.pause();
    this.target.value = Math.max(0, seq);
    if (!this.#isUnderWay) void this.#move();
  }

  /** To the event so many later, or earlier. */
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
        const glance = await this.#at(seq, GLANCE);
        // No one wants to go there any more.
        if (this.target.value === undefined) return;
        this.past.value = glance;
        this.failure.value = undefined;
        if (this.target.value !== seq) continue;
        const whole = await this.#at(seq, WHOLE);
        // Meanwhile it may have been played on from there.
        if (this.past.value === glance && glance.seq === seq) this.past.value = whole;
      }
    } catch (error) {
      this.failure.value = (error as Error).message;
      this.target.value = undefined;
    } finally {
      this.#isUnderWay = false;
    }
  }

  /** Where one can go from the place where one is. */
  #rest(seq: number): number | undefined {
    if (this.target.value !== seq) return this.target.value;
    this.target.value = undefined;
    return undefined;
  }

  async #at(seq: number, depth: Depth): Promise<Moment> {
    const reel = this.#live.value?.reel;
    const first = reel?.firstSeq;
    if (reel === undefined || first === undefined || seq < first + 500) {
      return await load(this.#link, seq, depth);
    }
    // What is drawn is here already.
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
        // The clock waits for events that are on their way.
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

  /** The event after a moment, if it has been fetched; more of them are. */
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
