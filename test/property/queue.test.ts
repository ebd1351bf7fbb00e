import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { QueueEmpty, QueueFull } from '../../src/errors.ts';
import type { WaitOptions } from '../../src/pool/options/pool-options.ts';
import { type Lease, Queue } from '../../src/pool/queue.ts';
import { property } from '../support/property.ts';
import { runs } from '../support/runs.ts';

/** Lets everything run that is ready to. */
const settle = () => new Promise(setImmediate);

/**
 * The queue as plain arrays. Waits are numbered; `log` says how each that is over went, the waits
 * that were served in the order in which they were.
 */
interface Model {
  readonly maxsize: number;
  readonly items: number[];
  readonly getters: Wait[];
  readonly putters: (Wait & { readonly item: number })[];
  readonly joiners: Wait[];
  readonly served: string[];
  readonly aborted: string[];
  taken: number;
  waits: number;
  itemsMade: number;
  /** Leases given back so far. */
  returned: number;
}

interface Wait {
  readonly id: number;
  readonly kind: 'get' | 'lease' | 'put' | 'join';
  /** Which of the controllers it waits under, if any. */
  readonly slot: number | undefined;
}

interface Real {
  readonly queue: Queue<number>;
  readonly controllers: AbortController[];
  readonly served: string[];
  readonly aborted: string[];
  readonly leases: Lease<number>[];
}

const SLOTS = 3;

function putInto(model: Model, item: number): void {
  const getter = model.getters.shift();
  if (getter === undefined) {
    model.items.push(item);
    return;
  }
  model.taken += 1;
  model.served.push(`${getter.kind} ${getter.id} ${item}`);
}

function takeFrom(model: Model): number | undefined {
  const item = model.items.shift();
  if (item === undefined) return undefined;
  model.taken += 1;
  const putter = model.putters.shift();
  if (putter !== undefined) {
    model.items.push(putter.item);
    model.served.push(`put ${putter.id}`);
  }
  return item;
}

function processOne(model: Model): boolean {
  if (model.taken === 0) return false;
  model.taken -= 1;
  if (model.taken + model.items.length === 0) {
    for (const joiner of model.joiners.splice(0)) model.served.push(`join ${joiner.id}`);
  }
  return true;
}

const hasRoom = (model: Model) => model.items.length < model.maxsize;

/** One call of the queue; after it, all that can be seen at once is compared with the model. */
abstract class Step implements fc.Command<Model, Real> {
  check(_model: Readonly<Model>): boolean {
    return true;
  }

  run(model: Model, real: Real): void {
    this.step(model, real);
    const { queue, controllers } = real;
    expect(queue.size).toBe(model.items.length);
    expect(queue.unfinished).toBe(model.items.length + model.taken);
    expect(queue.isEmpty).toBe(model.items.length === 0);
    expect(queue.isFull).toBe(!hasRoom(model));
    const waits = [...model.getters, ...model.putters, ...model.joiners];
    controllers.forEach(({ signal }, slot) => {
      const isUsed = waits.some((wait) => wait.slot === slot);
      expect(getEventListeners(signal, 'abort').length).toBe(isUsed ? 1 : 0);
    });
  }

  protected abstract step(model: Model, real: Real): void;
  abstract toString(): string;
}

/** A call that may wait: under a controller that is or is not aborted already, or under none. */
abstract class WaitStep extends Step {
  readonly #kind: Wait['kind'];
  readonly #slot: number | undefined;
  readonly #isAborted: boolean;

  constructor(kind: Wait['kind'], slot: number | undefined, isAborted: boolean) {
    super();
    this.#kind = kind;
    this.#slot = slot;
    this.#isAborted = isAborted;
  }

  protected step(model: Model, real: Real): void {
    const wait: Wait = { id: model.waits, kind: this.#kind, slot: this.#slot };
    model.waits += 1;
    const title = `${wait.kind} ${wait.id}`;
    const signal = this.#isAborted
      ? AbortSignal.abort('aborted')
      : real.controllers[wait.slot ?? SLOTS]?.signal;
    this.call(model, real.queue, { signal }).then(
      (value) => real.served.push([title, ...this.received(value, real)].join(' ')),
      (reason) => real.aborted.push(`${title} ${reason}`),
    );
    if (this.#isAborted) model.aborted.push(`${title} aborted`);
    else this.expectCall(model, wait);
  }

  protected abstract call(
    model: Model,
    queue: Queue<number>,
    options: WaitOptions,
  ): Promise<unknown>;
  protected abstract expectCall(model: Model, wait: Wait): void;

  /** The item that the call fulfilled with, if any. */
  private received(value: unknown, { leases }: Real): unknown[] {
    if (typeof value !== 'object') return value === undefined ? [] : [value];
    const lease = value as Lease<number>;
    leases.push(lease);
    return [lease.item];
  }

  toString(): string {
    return `${this.#kind}(${this.#isAborted ? 'aborted' : (this.#slot ?? '')})`;
  }
}

class Put extends WaitStep {
  protected call(model: Model, queue: Queue<number>, options: WaitOptions) {
    model.itemsMade += 1;
    return queue.put(model.itemsMade, options);
  }

  protected expectCall(model: Model, wait: Wait): void {
    const item = model.itemsMade;
    if (!hasRoom(model)) {
      model.putters.push({ ...wait, item });
      return;
    }
    putInto(model, item);
    model.served.push(`put ${wait.id}`);
  }
}

class Get extends WaitStep {
  protected call(_: Model, queue: Queue<number>, options: WaitOptions): Promise<unknown> {
    return queue.get(options);
  }

  protected expectCall(model: Model, wait: Wait): void {
    const item = takeFrom(model);
    if (item === undefined) model.getters.push(wait);
    else model.served.push(`${wait.kind} ${wait.id} ${item}`);
  }
}

class TakeLease extends Get {
  protected override call(_: Model, queue: Queue<number>, options: WaitOptions) {
    return queue.lease(options);
  }
}

class Join extends WaitStep {
  protected call(_: Model, queue: Queue<number>, options: WaitOptions) {
    return queue.join(options);
  }

  protected expectCall(model: Model, wait: Wait): void {
    if (model.items.length + model.taken > 0) model.joiners.push(wait);
    else model.served.push(`join ${wait.id}`);
  }
}

class PutNowait extends Step {
  protected step(model: Model, { queue }: Real): void {
    model.itemsMade += 1;
    const item = model.itemsMade;
    if (hasRoom(model)) {
      queue.putNowait(item);
      putInto(model, item);
    } else {
      expect(() => queue.putNowait(item)).toThrow(QueueFull);
    }
  }

  toString(): string {
    return 'putNowait';
  }
}

class GetNowait extends Step {
  protected step(model: Model, { queue }: Real): void {
    const item = takeFrom(model);
    if (item === undefined) expect(() => queue.getNowait()).toThrow(QueueEmpty);
    else expect(queue.getNowait()).toBe(item);
  }

  toString(): string {
    return 'getNowait';
  }
}

class ItemProcessed extends Step {
  protected step(model: Model, { queue }: Real): void {
    if (processOne(model)) queue.itemProcessed();
    else expect(() => queue.itemProcessed()).toThrow(RangeError);
  }

  toString(): string {
    return 'itemProcessed';
  }
}

/** Gives back the oldest lease twice; `itemProcessed` calls may have told of its item before. */
class ReturnLease extends Step {
  protected step(model: Model, { leases }: Real): void {
    const lease = leases[model.returned];
    if (lease === undefined) return;
    model.returned += 1;
    if (processOne(model)) lease[Symbol.dispose]();
    else expect(() => lease[Symbol.dispose]()).toThrow(RangeError);
    lease[Symbol.dispose]();
  }

  toString(): string {
    return 'returnLease';
  }
}

class Abort extends Step {
  readonly #slot: number;

  constructor(slot: number) {
    super();
    this.#slot = slot;
  }

  protected step(model: Model, { controllers }: Real): void {
    controllers[this.#slot]?.abort('stopped');
    controllers[this.#slot] = new AbortController();
    for (const line of [model.getters, model.putters, model.joiners] as Wait[][]) {
      const [gone, left] = [true, false].map((isGone) =>
        line.filter((wait) => (wait.slot === this.#slot) === isGone),
      ) as [Wait[], Wait[]];
      line.splice(0, Infinity, ...left);
      for (const wait of gone) model.aborted.push(`${wait.kind} ${wait.id} stopped`);
    }
  }

  toString(): string {
    return `abort(${this.#slot})`;
  }
}

const slot = fc.option(fc.nat(SLOTS - 1), { nil: undefined });
const isAborted = fc.integer({ min: 0, max: 9 }).map((n) => n === 9);
const wait = fc.tuple(slot, isAborted);

/** What happens within one turn of the event loop, before any promise reaction runs. */
const turn = fc.commands(
  [
    wait.map((args) => new Put('put', ...args)),
    wait.map((args) => new Get('get', ...args)),
    wait.map((args) => new TakeLease('lease', ...args)),
    wait.map((args) => new Join('join', ...args)),
    fc.constant(new PutNowait()),
    fc.constant(new GetNowait()),
    fc.constant(new ItemProcessed()),
    fc.constant(new ReturnLease()),
    fc.nat(SLOTS - 1).map((n) => new Abort(n)),
  ],
  { maxCommands: 20 },
);

const maxsize = fc.constantFrom(1, 2, 3, Infinity);

const isTake = (entry: string) => /^(get|lease)/.test(entry);
const isPut = (entry: string) => entry.startsWith('put');
const isJoin = (entry: string) => entry.startsWith('join');

describe('Queue', () => {
  property([maxsize, fc.array(turn, { maxLength: 8 })], runs(1000))(
    'does what plain arrays do, whatever is called and aborted in whichever turn',
    async (maxsize, turns) => {
      const model: Model = {
        maxsize,
        items: [],
        getters: [],
        putters: [],
        joiners: [],
        served: [],
        aborted: [],
        taken: 0,
        waits: 0,
        itemsMade: 0,
        returned: 0,
      };
      const real: Real = {
        queue: new Queue({ maxsize }),
        controllers: Array.from({ length: SLOTS }, () => new AbortController()),
        served: [],
        aborted: [],
        leases: [],
      };
      for (const steps of turns) {
        fc.modelRun(() => ({ model, real }), steps);
        await settle();
        for (const isKind of [isTake, isPut, isJoin]) {
          expect(real.served.filter(isKind)).toEqual(model.served.filter(isKind));
        }
        expect(real.aborted.toSorted()).toEqual(model.aborted.toSorted());
      }
    },
  );

  const item = fc.nat(3);
  const producers = fc.array(item, { minLength: 1, maxLength: 4 });
  const loops = fc.constantFrom('get', 'lease', 'items');
  const cancels = fc.array(fc.nat(2), { maxLength: 6 });

  property([fc.scheduler(), maxsize, producers, loops, cancels], runs(1500))(
    'gives every item to one worker, in order, whenever workers are cancelled and replaced',
    async (scheduler, maxsize, producers, loop, cancels) => {
      const queue = new Queue<{ producer: number; index: number }>({ maxsize });
      const seen: { producer: number; index: number }[] = [];
      let processed = 0;
      const pause = (label: string) => scheduler.schedule(Promise.resolve(), label);

      async function work(item: { producer: number; index: number }): Promise<void> {
        seen.push(item);
        await pause('work');
        processed += 1;
      }
      async function workInLoop(options: { signal: AbortSignal }): Promise<never> {
        while (loop === 'get') {
          const item = await queue.get(options);
          await work(item);
          queue.itemProcessed();
        }
        while (loop === 'lease') {
          await using lease = await queue.lease(options);
          await work(lease.item);
        }
        for await (const item of queue.items(options)) await work(item);
        throw new Error('items() ended');
      }

      const controllers: AbortController[] = [];
      const workers: Promise<unknown>[] = [];
      function startWorker(number: number): void {
        const controller = new AbortController();
        controllers[number] = controller;
        workers.push(workInLoop(controller).catch((reason) => reason));
      }
      async function produce(count: number, producer: number): Promise<void> {
        for (let index = 0; index < count; index += 1) {
          await pause(`put ${producer}.${index}`);
          await queue.put({ producer, index });
        }
      }
      async function cancelAndReplace(): Promise<void> {
        for (const number of cancels) {
          await pause(`cancel ${number}`);
          controllers[number]?.abort('cancelled');
          startWorker(number);
        }
      }
      async function joinOften(): Promise<void> {
        for (let round = 0; round < 3; round += 1) {
          await pause('join');
          const { length } = seen;
          await queue.join();
          expect(processed).toBeGreaterThanOrEqual(length);
        }
      }

      for (const number of [0, 1, 2]) startWorker(number);
      const total = producers.reduce((sum, count) => sum + count, 0);
      await scheduler.waitFor(
        Promise.all([...producers.map(produce), cancelAndReplace(), joinOften()]),
      );
      await scheduler.waitFor(queue.join());
      expect(processed).toBe(total);
      expect(queue).toMatchObject({ size: 0, unfinished: 0 });

      for (const controller of controllers) controller.abort('over');
      const reasons = await Promise.all(workers);
      expect(reasons.every((reason) => reason === 'cancelled' || reason === 'over')).toBe(true);
      producers.forEach((count, producer) => {
        const indices = seen.filter((item) => item.producer === producer).map(({ index }) => index);
        expect(indices).toEqual([...Array(count).keys()]);
      });
    },
  );
});
