/** Submissions against a naive reference: who runs when, and what each promise comes to. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Gate, taskPool, turn } from '../support/pools.ts';
import { runs } from '../support/runs.ts';

type Step =
  | { readonly do: 'submit'; readonly priority: number; readonly key: string | undefined }
  | { readonly do: 'replace'; readonly key: string }
  | { readonly do: 'settle'; readonly which: number; readonly fails: boolean }
  | { readonly do: 'abort' | 'prioritise'; readonly which: number; readonly priority: number }
  | { readonly do: 'resize'; readonly size: number };

const key = fc.constantFrom('a', 'b');
const which = fc.nat(20);
const priority = fc.integer({ min: -1, max: 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    arbitrary: fc.record({
      do: fc.constant('submit'),
      priority,
      key: fc.option(key, { nil: undefined }),
    }),
    weight: 4,
  },
  fc.record({ do: fc.constant('replace'), key }),
  { arbitrary: fc.record({ do: fc.constant('settle'), which, fails: fc.boolean() }), weight: 3 },
  fc.record({ do: fc.constantFrom('abort', 'prioritise'), which, priority }),
  fc.record({ do: fc.constant('resize'), size: fc.integer({ min: 0, max: 3 }) }),
) as fc.Arbitrary<Step>;

/** A submission as the reference knows it. */
interface Expected {
  readonly name: number;
  readonly key: string | undefined;
  priority: number;
  /** A promise of the first where it joined another one. */
  readonly joins: Expected | undefined;
  /** Its place in the order of those that may start. */
  arrival: number;
  state: 'held' | 'waiting' | 'running' | 'unwinding' | 'over';
  outcome: string | undefined;
}

/** The reference: a list, searched each time. */
class Reference {
  readonly all: Expected[] = [];
  size: number;
  #arrivals = 0;

  constructor(size: number) {
    this.size = size;
  }

  submit(priority: number, key: string | undefined, replaces: boolean): Expected {
    const name = this.all.length;
    const present = this.all.filter(
      (each) => each.key === key && each.state !== 'over' && !each.joins,
    );
    const first = key === undefined ? undefined : present.at(-1);
    if (first !== undefined && !replaces) {
      const joined = {
        name,
        key: undefined,
        priority,
        joins: first,
        state: 'over',
        outcome: undefined,
      } as const;
      this.all.push(joined as unknown as Expected);
      return joined as unknown as Expected;
    }
    const added: Expected = {
      name,
      key,
      priority,
      joins: undefined,
      arrival: this.#arrivals++,
      state: first === undefined ? 'waiting' : 'held',
      outcome: undefined,
    };
    this.all.push(added);
    if (first !== undefined) for (const each of present) this.cancel(each, 'DuplicateTask');
    return added;
  }

  cancel(each: Expected, outcome: string): void {
    if (each.state === 'running') {
      each.state = 'unwinding';
      each.outcome = outcome;
    } else if (each.state === 'waiting' || each.state === 'held') this.end(each, outcome);
  }

  end(each: Expected, outcome: string): void {
    each.state = 'over';
    each.outcome = outcome;
    if (each.key === undefined) return;
    const others = this.all.filter((other) => other.key === each.key && other.state !== 'over');
    const [next] = others;
    if (next?.state !== 'held') return;
    next.state = 'waiting';
    next.arrival = this.#arrivals++;
  }

  /** Starts what can start: the highest priority, then the earliest call. */
  start(): void {
    for (;;) {
      const slots = this.all.filter(({ state }) => state === 'running' || state === 'unwinding');
      if (slots.length >= this.size) return;
      const waiting = this.all.filter(({ state }) => state === 'waiting');
      const [next] = waiting.sort((a, b) => b.priority - a.priority || a.arrival - b.arrival);
      if (next === undefined) return;
      next.state = 'running';
    }
  }

  namesIn(...states: Expected['state'][]): number[] {
    return this.all.filter(({ state }) => states.includes(state)).map(({ name }) => name);
  }
}

test('submissions run as the reference says, and each promise comes to what it says', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 40 }),
      fc.boolean(),
      async (steps, asyncContext) => {
        const pool = taskPool({ poolSize: 1, asyncContext });
        const reference = new Reference(1);
        const gates = new Map<number, Gate<string>>();
        const running = new Set<number>();
        const controllers: AbortController[] = [];
        const promises: Promise<unknown>[] = [];
        const run = async (name: number) => {
          running.add(name);
          const gate = new Gate<string>();
          gates.set(name, gate);
          try {
            return await gate.promise;
          } finally {
            running.delete(name);
          }
        };
        const submit = (ranked: number, unique: string | undefined, replaces: boolean) => {
          const { name } = reference.submit(ranked, unique, replaces);
          const controller = new AbortController();
          controllers.push(controller);
          const keyed =
            unique === undefined
              ? {}
              : ({ unique, onDuplicate: replaces ? 'replace' : 'join' } as const);
          const options = {
            priority: ranked,
            signal: controller.signal,
            groupName: 'all',
            ...keyed,
          };
          const promise = pool.submit(run, [name], options);
          promise.catch(() => {});
          promises.push(promise);
        };
        const settle = (name: number, fails: boolean) => {
          const each = reference.all[name] as Expected;
          const gate = gates.get(name) as Gate<string>;
          if (each.state === 'unwinding') {
            gate.reject(new DOMException('unwound', 'AbortError'));
            reference.end(each, each.outcome as string);
          } else if (fails) {
            gate.reject(new Error('failed'));
            reference.end(each, 'Error');
          } else {
            gate.resolve('done');
            reference.end(each, 'done');
          }
        };
        for (const each of steps) {
          if (each.do === 'submit') submit(each.priority, each.key, false);
          else if (each.do === 'replace') submit(0, each.key, true);
          else if (each.do === 'resize') {
            pool.poolSize = each.size;
            reference.size = each.size;
          } else if (each.do === 'settle') {
            const names = [...running];
            const name = names[each.which % names.length];
            if (name !== undefined) settle(name, each.fails);
          } else if (promises.length > 0) {
            const target = reference.all[each.which % promises.length] as Expected;
            if (each.do === 'abort') {
              controllers[target.name]?.abort(new DOMException('aborted', 'AbortError'));
              if (target.joins === undefined) reference.cancel(target, 'AbortError');
              else if (target.joins.state !== 'over') target.outcome ??= 'AbortError';
            } else if (target.key !== undefined && target.state === 'waiting') {
              pool.setPriority(target.key, each.priority);
              const latest = reference.all.filter(
                ({ key, state }) => key === target.key && state !== 'over',
              );
              (latest.at(-1) as Expected).priority = each.priority;
            }
          }
          await turn();
          reference.start();
          expect([...running].sort((a, b) => a - b)).toEqual(
            reference.namesIn('running', 'unwinding'),
          );
          expect(pool.numPending).toBe(reference.namesIn('waiting', 'held').length);
        }
        pool.poolSize = Number.POSITIVE_INFINITY;
        reference.size = Number.POSITIVE_INFINITY;
        for (let rest = 0; rest < 3 * steps.length + 3; rest++) {
          await turn();
          reference.start();
          for (const name of [...running]) settle(name, false);
        }
        const outcomes = await Promise.all(
          promises.map((promise) =>
            promise.then(
              (value) => value,
              (error: Error) => error.name,
            ),
          ),
        );
        expect(outcomes).toEqual(reference.all.map((each) => each.outcome ?? each.joins?.outcome));
        await pool.gatherAndClose();
        expect(pool.numPending).toBe(0);
      },
    ),
    runs(300),
  );
});
