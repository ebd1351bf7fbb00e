/**
 * A sequence of events and its drawing data: bars, lines, transitions. Unlike the state it need not begin with the
 * first event.
 */

import type { PoolEvent, PoolEventOf } from '../../../index.ts';
import { Bars, Kind } from './bars.ts';
import { poolDefinition, taskDefinition } from './definitions.ts';
import { ChartSteps, Flow } from './flow.ts';
import { Seconds } from './seconds.ts';

export const taskSteps = new ChartSteps(taskDefinition);
export const poolSteps = new ChartSteps(poolDefinition);

/** The number of events kept; a quarter more is kept before the oldest are dropped. */
const MOST_EVENTS = 40_000;

/** A failure of anything but a task. */
export type Trouble = PoolEventOf<'journal.failed' | 'group.failed' | 'callback.failed'>;

/** The number of these failures kept, the latest ones. */
const MOST_TROUBLES = 100;

/** A task that was running when the events began. */
export interface RunningTask {
  readonly id: number;
  readonly group: string;
  readonly attempt: number;
  readonly startedAt: number;
}

export class Reel {
  /** Contiguous; the first one has `seq` {@link firstSeq}. */
  events: PoolEvent[] = [];
  readonly bars: Bars;
  readonly seconds = new Seconds();
  readonly taskFlow = new Flow();
  readonly poolFlow = new Flow();
  /** Failures of anything but tasks. */
  readonly troubles: Trouble[] = [];
  /** When the first event was recorded that was ever added. */
  startedAt: number | undefined = undefined;
  /** The states of tasks that have not ended, as far as they are known from events. */
  readonly #states = new Map<number, string>();
  readonly #groups = new Map<number, string>();
  readonly #attempts = new Map<number, number>();
  readonly #queuedAt = new Map<number, number>();
  #poolState = poolSteps.first;

  /**
   * @param numEvents the maximum number of events, if it is known.
   */
  constructor(numEvents?: number) {
    this.bars = new Bars(numEvents);
  }

  get firstSeq(): number | undefined {
    return this.events[0]?.seq;
  }

  get lastSeq(): number | undefined {
    return this.events.at(-1)?.seq;
  }

  /** The event with a `seq`, if it is kept. */
  event(seq: number): PoolEvent | undefined {
    return this.events[seq - (this.firstSeq ?? 0)];
  }

  /** The kept events up to a `seq`. */
  upTo(seq: number): readonly PoolEvent[] {
    const last = this.lastSeq ?? -1;
    return seq >= last
      ? this.events
      : this.events.slice(0, Math.max(0, seq + 1 - (this.firstSeq ?? 0)));
  }

  /** Adds tasks that were running before the first event and have not ended since. */
  addRunning(tasks: Iterable<RunningTask>): void {
    for (const { id, group, attempt, startedAt } of tasks) {
      this.bars.open(id, group, attempt, startedAt);
      if (!this.#states.has(id)) this.#states.set(id, 'task.running.active');
    }
  }

  add(event: PoolEvent): void {
    this.startedAt ??= event.at;
    this.events.push(event);
    if (this.events.length > MOST_EVENTS * 1.25) this.events = this.events.slice(-MOST_EVENTS);
    if (event.type.startsWith('task.')) this.#addTask(event as PoolEventOf<'task.queued'>);
    else if (event.type.startsWith('pool.')) {
      const { arc, to } = poolSteps.step(this.#poolState, event.type);
      this.#poolState = to;
      if (arc !== undefined) this.poolFlow.taken(arc, event.at);
    } else if (isTrouble(event)) {
      this.seconds.failed(event.at);
      this.troubles.push(event);
      if (this.troubles.length > MOST_TROUBLES) this.troubles.shift();
    }
  }

  #addTask(event: PoolEvent & { readonly id: number }): void {
    const { id, at, type } = event;
    if (type === 'task.queued') {
      this.#states.set(id, taskSteps.first);
      this.#groups.set(id, event.group);
      this.#queuedAt.set(id, at);
      return;
    }
    const from = this.#states.get(id) ?? likelyBefore(type);
    const { arc, to } = taskSteps.step(from, type);
    if (arc !== undefined) this.taskFlow.taken(arc, at);
    this.#states.set(id, to);
    this.#draw(event, from);
  }

  #draw(event: PoolEvent & { readonly id: number }, from: string): void {
    const { id, at } = event;
    switch (event.type) {
      case 'task.requeued':
        this.#queuedAt.set(id, at);
        break;
      case 'task.started':
        this.#wait(id, at);
        this.bars.open(
          id,
          event.group ?? this.#groups.get(id) ?? '',
          this.#attempts.get(id) ?? 1,
          at,
        );
        break;
      case 'task.cancelling':
      case 'task.timedOut':
        this.bars.abort(id, at);
        break;
      case 'task.failed':
        this.bars.close(id, at, Kind.failed);
        this.seconds.failed(at);
        this.#attempts.set(id, event.attempt + 1);
        break;
      case 'task.interrupted':
        this.bars.close(id, at, Kind.interrupted);
        break;
      case 'task.ended':
        this.#end(event, from);
        break;
    }
  }

  #wait(id: number, at: number): void {
    const since = this.#queuedAt.get(id);
    if (since !== undefined) this.seconds.waited(at, at - since);
  }

  #end(event: PoolEventOf<'task.ended'>, from: string): void {
    const { id, at, outcome, ran = 0, group = this.#groups.get(id) ?? '' } = event;
    const started = from !== 'task.queued' && from !== 'task.delayed';
    if (started && ran > 0) this.bars.open(id, group, event.attempt ?? 1, at - ran);
    this.bars.close(id, at, Kind[outcome]);
    this.seconds.ended(at);
    if (outcome === 'rejected') this.seconds.failed(at);
    this.#states.delete(id);
    this.#groups.delete(id);
    this.#attempts.delete(id);
    this.#queuedAt.delete(id);
  }
}

function isTrouble(event: PoolEvent): event is Trouble {
  const { type } = event;
  return type === 'journal.failed' || type === 'group.failed' || type === 'callback.failed';
}

/** The likely state of a task before its first known event. */
function likelyBefore(type: string): string {
  if (type === 'task.started') return 'task.queued';
  return type === 'task.requeued' ? 'task.delayed' : 'task.running.active';
}
