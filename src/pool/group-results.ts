/** The results of a group: all, the first, or one after the other. */

import { ResultsNotRetained } from '../errors.ts';
import { runSoon } from '../kit/jobs.ts';
import { quoted } from '../kit/printed.ts';
import { refusal } from '../kit/promises.ts';
import { limitFromJson } from '../machines/limits.ts';
import type { Core } from './core.ts';
import type { Group } from './live/live.ts';
import { orderedOptions } from './options/option-tables.ts';
import type { OrderedOptions, WaitOptions } from './options/pool-options.ts';
import { waitOptions } from './options/wait-options.ts';
import { FirstSink } from './results/first-sink.ts';
import { gaveUp, unlessAborted } from './results/giving-up.ts';
import { GroupIterator, type Iterated } from './results/group-iterator.ts';
import { FORMER, isKept } from './results/marks.ts';
import {
  type Asked,
  atTheEnd,
  type ResultSink,
  SettledSink,
  type TaskResult,
  ValuesSink,
} from './results/results.ts';

/** How many values are buffered by `ordered()` where nothing limits how many tasks run. */
const UNLIMITED_BUFFER = 100;

export class GroupResults<R> {
  readonly #core: Core;
  readonly #group: Group;
  /** The sinks of earlier calls by method, reused by later calls. */
  readonly #asked = new Map<string, Asked<unknown>>();

  constructor(core: Core, group: Group) {
    this.#core = core;
    this.#group = group;
  }

  /** All values, in the order of the input. */
  values(options: WaitOptions): Promise<R[]> {
    return this.#ask('results()', options, () => new ValuesSink<R>());
  }

  /** How each task ended, in the order of the input. */
  settled(options: WaitOptions): Promise<TaskResult<R>[]> {
    // One of another pool is an error like any other.
    const isSuspension = (error: unknown) =>
      error !== undefined && error === this.#core.door.persister?.suspension;
    return this.#ask('settled()', options, () => new SettledSink<R>(isSuspension));
  }

  /** The first value; the other tasks are cancelled by `cancel`. */
  first(options: WaitOptions, cancel: () => void): Promise<R> {
    const onValue = (): void => {
      this.#core.sources.stop(this.#group);
      void runSoon(cancel);
    };
    return this.#ask('first()', options, () => new FirstSink<R>(this.#group.name, onValue));
  }

  /** The values in the order of completion. */
  iterate(): AsyncGenerator<R, void, undefined> {
    return new GroupIterator<R>(this.#iterated('an iteration'));
  }

  /** The values in the order of the input, with backpressure. */
  ordered(options: OrderedOptions): AsyncGenerator<R, void, undefined> {
    orderedOptions.check('ordered()', options);
    const iterated = this.#iterated('ordered()');
    const { buffer = this.#defaultBuffer } = options;
    const reach = (count: number) => {
      this.#group.reach = count;
      this.#core.scheduler.revisit(this.#group);
    };
    // The buffer applies from the call on, although the loop may begin later.
    if (this.#group.source === 'open') reach(buffer);
    return new GroupIterator<R>(iterated, { buffer, reach });
  }

  /** Resolves when every task of the group has ended, whatever its outcome. */
  async untilEnded(what: string): Promise<void> {
    this.#core.calling.checkWaitForGroup(what, this.#group);
    await new Promise<void>((resolve) => {
      this.#core.delivery.addSink(this.#group, atTheEnd(resolve));
    });
  }

  /** Twice as many as may run at once, so that all slots stay busy while the consumer handles values. */
  get #defaultBuffer(): number {
    const numConcurrent = limitFromJson(this.#group.numConcurrent);
    const atOnce = Math.min(numConcurrent, this.#core.door.state.poolSize);
    return atOnce === Number.POSITIVE_INFINITY ? UNLIMITED_BUFFER : Math.max(1, 2 * atOnce);
  }

  #iterated(what: string): Iterated {
    this.#checkHasResults(what);
    return {
      name: this.#group.name,
      check: () => this.#core.calling.checkWaitForGroup(what, this.#group),
      begin: (sink) => this.#add(sink),
      onThrown: (task) => this.#core.delivery.failures.delivered(task ?? this.#group),
      stop: () => this.#core.sources.stop(this.#group),
    };
  }

  /** The promise of a sink. Invalid calls reject instead of throwing. */
  #ask<T>(method: string, options: WaitOptions, makeSink: () => ResultSink & Asked<T>): Promise<T> {
    this.#checkHasResults(method);
    try {
      waitOptions.check(method, options);
      this.#core.calling.checkWaitForGroup(method, this.#group, options);
      const asked = this.#asked.get(method) as Asked<T> | undefined;
      const promise = asked === undefined ? this.#begin(method, makeSink()) : asked.again();
      return unlessAborted(promise, options.signal, (reason) => {
        const awaited = `${method} of ${quoted(this.#group.name)}`;
        return gaveUp(this.#core.door, awaited, this.#group.tasks, reason);
      });
    } catch (error) {
      return refusal(error);
    }
  }

  #begin<T>(method: string, sink: ResultSink & Asked<T>): Promise<T> {
    this.#add(sink);
    this.#asked.set(method, sink);
    return sink.promise;
  }

  /** @throws ResultsNotRetained for a group of submissions, whose results are in their promises. */
  #checkHasResults(method: string): void {
    if (!this.#group.isSubmitted) return;
    throw new ResultsNotRetained(
      `expected ${method} of a group created by one call, got ${quoted(this.#group.name)}: each submission has a promise`,
    );
  }

  #add(sink: ResultSink): void {
    const group = this.#group;
    const kept = group.ended === 0 ? 0 : group.endedTasks.filter(isKept).length;
    if (kept !== group.ended) {
      throw new ResultsNotRetained(
        `expected the results of ${group.ended} ended tasks of ${quoted(group.name)}, got ${kept}: the ` +
          `others ${this.#whyGone()}`,
      );
    }
    this.#core.delivery.addSink(group, sink);
  }

  #whyGone(): string {
    return this.#group.tasks.some(({ value }) => value === FORMER)
      ? 'ended before the pool was recovered, and its journal does not hold them. Use keepResults.'
      : 'were not retained or were consumed. Ask before the first task ends.';
  }
}
