/** A pool, its reference, and the operations on both; the pool may die, and another one continues. */

import fc, { type Scheduler } from 'fast-check';
import {
  checkpointOf,
  type TaskPool as Pool,
  type PoolEvent,
  replay,
  type TaskContext,
  TaskPool,
} from 'xstate-taskpool';
import { recoverTaskPool } from 'xstate-taskpool/recovery';
import { Gate, SimulatedClock } from 'xstate-taskpool/testing';
import { storeWith } from '../lives.ts';
import { storeOver } from '../memory-like.ts';
import { Log, turn } from '../pools.ts';
import { Autosizing } from './autosizing.ts';
import type { Consuming } from './consuming.ts';
import { seeSource, seeTask } from './ends.ts';
import type { GroupFact, TaskFact } from './facts.ts';
import { observe } from './observed.ts';
import { checkKept, checkQuiet } from './quiet.ts';
import { Referee } from './referee.ts';
import { itemsOf } from './sources.ts';
import { Submitted } from './submitted.ts';
import { RETRY_DELAY, type TermsOfStep } from './terms.ts';

/** A pending call of a function. */
interface Call {
  readonly name: string;
  readonly gate: Gate<string>;
}

/** A call of `map`. */
export interface MapFact {
  readonly items: readonly string[];
  /** Whether the number of its remaining items is known. */
  readonly hasLength: boolean;
  /** Whether its source fails after the last item. */
  readonly isFailing: boolean;
  readonly terms: TermsOfStep;
  readonly keepResults: boolean;
  consuming: Consuming | undefined;
  isStopped: boolean;
}

export const limits = {
  host: { concurrent: 1, rate: { max: 3, per: 50 } },
  even: { rate: { max: 2, per: 30, spread: true } },
};
const MOST_KILLS = 5;

export type Work = (name: string, context: TaskContext) => Promise<string>;

/** What all pools of a world have in common. */
export interface Setting {
  readonly isDurable: boolean;
  readonly aging: number | undefined;
  /** The option `maxQueued`. */
  readonly maxQueued: number | undefined;
  /** Whether the journal has a checkpoint, followed by the last events. */
  readonly hasCheckpoints: boolean;
}

export const settings: fc.Arbitrary<Setting> = fc.record({
  isDurable: fc.boolean(),
  aging: fc.constantFrom(undefined, undefined, 20),
  maxQueued: fc.constantFrom(undefined, undefined, 4),
  hasCheckpoints: fc.boolean(),
});

export class World {
  readonly clock = new SimulatedClock(1_000);
  readonly referee: Referee;
  readonly submitted: Submitted;
  readonly maps = new Map<string, MapFact>();
  /** In the order in which they were called. */
  calls: Call[] = [];
  /** By the names of tasks: how often they have failed. */
  readonly failures = new Map<string, number>();
  readonly texts = new Map<string, string>();
  /** The `retryAfter` of the last error of each, in milliseconds. */
  readonly retryAfters = new Map<string, number | undefined>();
  readonly autosizing = new Autosizing((problem) => this.report(problem));
  readonly isDurable: boolean;
  readonly #setting: Setting;
  readonly #scheduler: Scheduler;
  pool!: Pool<typeof limits>;
  work!: Work;
  numSteps = 0;
  numGroups = 0;
  #life = 0;
  #kills = 0;
  #off = () => {};
  /** The written events of the pool. */
  #left: () => readonly PoolEvent[] = () => [];

  constructor(setting: Setting, scheduler: Scheduler) {
    const { isDurable, aging } = setting;
    this.isDurable = isDurable;
    this.#setting = setting;
    this.submitted = new Submitted(aging);
    this.#scheduler = scheduler;
    this.referee = new Referee(
      () => this.clock.now(),
      {
        aging,
        of: (group, index) => this.#askedOf(group, index),
        retryAfter: (task) => this.retryAfters.get(this.nameOf(task) ?? ''),
      },
      (task) => seeTask(this, task),
    );
    this.#begin();
  }

  get groups(): GroupFact[] {
    return [...this.referee.groups.values()];
  }

  /** The groups that can be found by name. */
  get knownGroups(): GroupFact[] {
    const names = new Set(this.pool.snapshot({ tasks: false }).groups.map(({ name }) => name));
    return this.groups.filter(({ name }) => names.has(name));
  }

  /** Whether calls are refused because too many tasks are pending. */
  get isFull(): boolean {
    return this.pool.numPending >= (this.#setting.maxQueued ?? Number.POSITIVE_INFINITY);
  }

  nameOf({ group, index }: TaskFact): string | undefined {
    return group.isSubmitted
      ? this.submitted.of(group, index)?.name
      : this.maps.get(group.name)?.items[index];
  }

  #askedOf(group: GroupFact, index: number) {
    const sub = this.submitted.of(group, index);
    const terms = sub?.terms ?? this.maps.get(group.name)?.terms;
    if (terms === undefined) throw new Error(`no one has asked for ${group.name} ${index}`);
    return { terms, since: sub?.since ?? this.clock.now() };
  }

  /** Does things concurrently, in an order that the scheduler chooses. */
  async together(
    things: readonly { readonly label: string; run(): Promise<void> }[],
  ): Promise<void> {
    const all = things.map(({ label, run }) =>
      this.#scheduler.schedule(Promise.resolve(), label).then(run),
    );
    await this.#drain();
    await Promise.all(all);
    await this.settle();
  }

  /** Lets everything happen that happens by itself, and checks that nothing is left. */
  async settle(): Promise<void> {
    await this.#drain();
    this.referee.isQuiet = true;
    checkQuiet(this);
  }

  async pass(ms: number): Promise<void> {
    // The order of two awaited turns of the event loop is unknown.
    await turn();
    await this.clock.pass(ms);
    this.withdrawLate(this.clock.now());
  }

  /** The process dies, or the pool is suspended; another one continues with what was written. */
  async die(how: 'killed' | 'suspended'): Promise<void> {
    if (!this.isDurable) return;
    // Tasks that are interrupted more often are given up; suspensions do not count.
    if (how === 'killed' && ++this.#kills > MOST_KILLS) return;
    await this.pool.untilDurable();
    const before = this.pool;
    const unfinished = this.submitted.all.filter(({ state }) => state !== 'over');
    let left = this.#left();
    this.#off();
    this.#life++;
    this.calls = [];
    if (how === 'suspended') {
      const waiting = observe(before.untilIdle());
      await this.clock.until(before.suspend());
      left = this.#left();
      await this.#drain();
      if (waiting.status === 'fulfilled') this.report('a pool that was suspended was idle');
      for (const { observed, name, isStubborn } of unfinished) {
        if (observed === undefined || isStubborn) continue;
        const { status, text } = observed;
        if (text !== 'PoolSuspended')
          this.report(`${name} is ${status} ${text} after a suspension`);
      }
    } else before.cancelAll('dead');
    this.autosizing.stop();
    for (const sub of unfinished) {
      sub.promise = undefined;
      sub.observed = undefined;
      sub.controller = undefined;
    }
    for (const map of this.maps.values()) map.consuming = undefined;
    this.referee.isQuiet = false;
    await this.#continue(left);
  }

  report(problem: string): void {
    this.referee.report(problem);
  }

  /** Allows everything to run, and waits for its end. */
  async finish(): Promise<void> {
    const { pool, referee } = this;
    this.autosizing.stop();
    referee.isQuiet = false;
    pool.resume();
    pool.poolSize = Number.POSITIVE_INFINITY;
    pool.limits.host.concurrent = Number.POSITIVE_INFINITY;
    pool.limits.host.rate = undefined;
    pool.limits.even.rate = undefined;
    for (const key of ['a', 'b']) pool.limits.host.pause(key, 0);
    for (const { name } of this.knownGroups) pool.group(name).resume();
    for (const { consuming } of this.maps.values()) for (let n = 0; n < 8; n++) consuming?.take();
    for (let round = 0; round < 200 && !this.#isOver; round++) {
      for (const { name, gate } of this.calls.splice(0)) {
        this.texts.set(name, `${name} done`);
        gate.resolve(`${name} done`);
      }
      await this.settle();
      if (pool.numDelayed > 0) await this.pass(RETRY_DELAY);
    }
    await this.settle();
    if (!this.#isOver) this.report(`${pool.numPending} are pending at the end`);
    for (const [name, { isFailing, isStopped }] of this.maps) {
      const group = referee.groups.get(name);
      const isWhole =
        isFailing && !isStopped && group?.created === this.maps.get(name)?.items.length;
      if (isWhole && group?.source === 'open') this.report(`the source of ${name} did not fail`);
    }
    await pool.untilDurable();
    await checkKept(this);
    await pool.gatherAndClose({ returnExceptions: true });
    const snapshot = pool.snapshot();
    const events = this.isDurable ? this.#left() : [...pool.journal];
    const replayed = replay(events);
    if (JSON.stringify(replayed) !== JSON.stringify(snapshot)) {
      this.report(`replay gives ${JSON.stringify(replayed)}, not ${JSON.stringify(snapshot)}`);
    }
  }

  async #drain(): Promise<void> {
    await turn();
    while (this.#scheduler.count() > 0) {
      while (this.#scheduler.count() > 0) await this.#scheduler.waitOne();
      await turn();
    }
  }

  get #isOver(): boolean {
    return this.pool.numPending === 0 && this.referee.tasks.every(({ state }) => state === 'ended');
  }

  #begin(): void {
    this.work = this.#makeWork(this.#life);
    const { clock } = this;
    const common = { ...this.#common, name: 'flow', poolSize: 1, limits, clock };
    if (this.isDurable) {
      const { work } = this;
      this.pool = new TaskPool({
        ...common,
        functions: { work },
        journal: this.#store(storeOver()),
      });
    } else this.pool = new TaskPool(common);
    this.#follow();
  }

  async #continue(left: readonly PoolEvent[]): Promise<void> {
    this.work = this.#makeWork(this.#life);
    // The end of the last pool was not observed.
    for (const event of left) this.referee.see(event);
    const kept = await storeWith(left);
    if (this.#setting.hasCheckpoints) {
      const seq = Math.floor((left.length * 3) / 4);
      await kept.checkpoint({ seq, state: checkpointOf(left, { until: seq }) });
    }
    const { clock, work } = this;
    const sources = Object.fromEntries(
      [...this.maps].map(([name, { items, isFailing }]) => [name, itemsOf(items, isFailing)]),
    );
    const over = storeOver({ kept });
    this.pool = await recoverTaskPool<typeof limits>(this.#store(over), {
      functions: { work },
      sources,
      clock,
      ...this.#common,
    });
    this.#follow();
    await this.pass(0);
    await this.settle();
    await checkKept(this);
  }

  #follow(): void {
    const see = (event: PoolEvent) => {
      this.referee.see(event);
      this.autosizing.see(event);
      seeSource(this, event);
    };
    this.#off = this.pool.on('*', see, { replay: true });
  }

  get #common() {
    const { aging, maxQueued } = this.#setting;
    return {
      ...(aging === undefined ? {} : { aging }),
      ...(maxQueued === undefined ? {} : { maxQueued }),
      logger: new Log(),
    };
  }

  #store({ store, kept }: ReturnType<typeof storeOver>) {
    let left: readonly PoolEvent[] | undefined;
    this.#left = () => left ?? [...kept];
    return {
      ...store,
      close: async () => {
        left = [...kept];
        await store.close();
      },
    };
  }

  #makeWork(life: number): Work {
    const work: Work = async (name, { id, signal, placed }) => {
      if (life !== this.#life) return new Promise(() => {});
      const task = this.referee.tasks[id];
      if (task === undefined || this.nameOf(task) !== name) {
        this.report(`the function of task ${id} got ${name}`);
      }
      const gate = new Gate<string>();
      this.calls.push({ name, gate });
      if (name.endsWith('1')) placed('there');
      if (!name.endsWith('!')) {
        const abort = () => {
          this.calls = this.calls.filter((call) => call.gate !== gate);
          gate.reject(signal.reason);
        };
        if (signal.aborted) abort();
        else signal.addEventListener('abort', abort, { once: true });
      }
      await gate.promise.catch(() => {});
      // Concurrently opened functions settle in an order that the scheduler chooses.
      await this.#scheduler.schedule(Promise.resolve(), name);
      return gate.promise;
    };
    return work;
  }

  /** Ends submissions that have waited too long. */
  withdrawLate(until: number): void {
    for (const sub of this.submitted.pending) {
      if (sub.dueAt <= until) this.submitted.withdraw(sub, 'TaskTimedOut');
    }
  }
}
