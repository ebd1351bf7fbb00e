/** What limits and priorities promise, against a scheduler that looks at everything, at every start. */

import fc from 'fast-check';
import { expect } from 'vitest';
import { type LimitKey, type LimitOptions, type PoolEvent, TaskPool } from 'xstate-taskpool';
import { isLong } from '../support/length.ts';
import { Log, turn } from '../support/pools.ts';
import { property } from '../support/property.ts';
import { runs } from '../support/runs.ts';
import { Time } from '../support/time.ts';
import { Turns } from '../support/turns.ts';

interface Item {
  readonly host: LimitKey | undefined;
  readonly ms: number;
}

interface Call {
  readonly items: readonly Item[];
  readonly isApi: boolean;
  readonly priority: number;
  readonly numConcurrent: number;
  readonly lookahead: number;
  readonly at: number;
}

interface Fact {
  readonly id: number;
  readonly group: string;
  readonly index: number;
  readonly keys: Readonly<Record<string, LimitKey>>;
  state: 'queued' | 'running' | 'ended';
}

/** Counts and filters everything that it has heard of. */
class Naive {
  readonly problems: string[] = [];
  readonly tasks: Fact[] = [];
  readonly starts: { at: number; keys: Fact['keys'] }[] = [];
  readonly #turns = new Turns();
  readonly #calls: ReadonlyMap<string, Call>;
  readonly #limits: Readonly<Record<string, LimitOptions>>;
  readonly #poolSize: number;
  readonly #now: () => number;

  constructor(
    calls: ReadonlyMap<string, Call>,
    limits: Readonly<Record<string, LimitOptions>>,
    poolSize: number,
    now: () => number,
  ) {
    this.#calls = calls;
    this.#limits = limits;
    this.#poolSize = poolSize;
    this.#now = now;
  }

  see(event: PoolEvent): void {
    if (event.type === 'task.queued') {
      const { id, group, index, keys = {} } = event;
      const task: Fact = { id, group, index, keys, state: 'queued' };
      this.tasks.push(task);
      this.#turns.waits(task);
    } else if (event.type === 'task.started') this.#start(this.tasks[event.id] as Fact);
    else if (event.type === 'task.ended') (this.tasks[event.id] as Fact).state = 'ended';
  }

  /**
   * All that could start now.
   *
   * @param now the time; a little earlier, and what opens in this millisecond is not open yet: timers of one
   * time run one after the other.
   */
  startable(now = this.#now()): Fact[] {
    if (this.#running().length >= this.#poolSize) return [];
    return this.tasks.filter((task) => task.state === 'queued' && this.#mayStart(task, now));
  }

  #start(task: Fact): void {
    if (!this.startable().includes(task)) {
      this.problems.push(`task ${task.id} started, and may not`);
    }
    const others = this.startable(this.#now() - 0.999);
    const equals = others.filter((other) => this.#priorityOf(other) === this.#priorityOf(task));
    this.problems.push(...this.#turns.starts(task, equals));
    for (const other of others) {
      if (this.#priorityOf(other) > this.#priorityOf(task)) {
        this.problems.push(`task ${task.id} started before ${other.id}, which is more important`);
      }
      const isSame = JSON.stringify(other.keys) === JSON.stringify(task.keys);
      if (other.group === task.group && isSame && other.index < task.index) {
        this.problems.push(`task ${task.id} started before ${other.id} of its group`);
      }
    }
    if (this.#callOf(task).lookahead === 0) {
      const earlier = this.tasks.some(
        ({ group, index, state }) =>
          group === task.group && index < task.index && state === 'queued',
      );
      if (earlier) this.problems.push(`task ${task.id} went past another, and may not`);
    }
    task.state = 'running';
    this.starts.push({ at: this.#now(), keys: task.keys });
  }

  #mayStart(task: Fact, now: number): boolean {
    const { numConcurrent } = this.#callOf(task);
    const ofGroup = this.#running().filter(({ group }) => group === task.group);
    if (ofGroup.length >= numConcurrent) return false;
    return Object.entries(task.keys).every(([name, key]) => this.#isOpen(name, key, now));
  }

  #isOpen(name: string, key: LimitKey, now: number): boolean {
    const { concurrent = Number.POSITIVE_INFINITY, rate } = this.#limits[name] ?? {};
    const running = this.#running().filter(({ keys }) => keys[name] === key);
    if (running.length >= concurrent) return false;
    if (rate === undefined) return true;
    const { max, per, spread = false } = rate;
    const starts = this.starts.filter(({ keys }) => keys[name] === key);
    if (spread) return starts.every(({ at }) => now - at >= per / max);
    return starts.filter(({ at }) => now - at < per).length < max;
  }

  #running(): Fact[] {
    return this.tasks.filter(({ state }) => state === 'running');
  }

  #callOf({ group }: Fact): Call {
    return this.#calls.get(group) as Call;
  }

  #priorityOf(task: Fact): number {
    return this.#callOf(task).priority;
  }
}

const item = fc.record({
  host: fc.constantFrom('a', 'a', 'b', 3, undefined),
  ms: fc.nat({ max: 15 }),
});
const call = fc.record({
  items: fc.array(item, { minLength: 1, maxLength: 10 }),
  isApi: fc.boolean(),
  priority: fc.constantFrom(0, 0, 1, -1),
  numConcurrent: fc.constantFrom(1, 2, Number.POSITIVE_INFINITY),
  lookahead: fc.constantFrom(0, 2, 1000),
  at: fc.nat({ max: 20 }),
});
const rate = fc.record({
  max: fc.integer({ min: 1, max: 3 }),
  per: fc.integer({ min: 4, max: 20 }),
  spread: fc.boolean(),
});
const limit: fc.Arbitrary<LimitOptions> = fc.record(
  { concurrent: fc.integer({ min: 1, max: 3 }), rate },
  { requiredKeys: [] },
);

property(
  [
    fc.record({ host: limit, api: limit }),
    fc.array(call, { minLength: 1, maxLength: 5 }),
    fc.integer({ min: 1, max: 5 }),
  ],
  runs(isLong ? 5000 : 500),
)(
  'what starts is what a scheduler that looks at everything lets start',
  async (limits, given, poolSize) => {
    const clock = new Time();
    const pool = new TaskPool({ poolSize, limits, clock, logger: new Log() });
    const calls = new Map(given.map((each, n): [string, Call] => [`group ${n}`, each]));
    const naive = new Naive(calls, limits, poolSize, clock.now);
    pool.on('*', (event) => naive.see(event));
    for (const [groupName, { items, isApi, at, ...options }] of calls) {
      void clock.sleep(at).then(() =>
        pool.map(({ ms }: Item) => clock.sleep(ms), items, {
          groupName,
          ...options,
          limits: isApi ? { host: ({ host }) => host, api: true } : { host: ({ host }) => host },
        }),
      );
    }
    do {
      await turn();
      while (await clock.next(clock.now()));
      expect(naive.startable().map(({ id }) => id)).toEqual([]);
    } while (await clock.next());
    expect(naive.problems).toEqual([]);
    expect(naive.tasks.filter(({ state }) => state !== 'ended')).toEqual([]);
    expect(pool.totals.fulfilled).toBe(given.reduce((sum, { items }) => sum + items.length, 0));
    expect(pool.numPending).toBe(0);
  },
);
