/** What the page of `library.test.ts` does. It is bundled with the library, and runs in a browser. */

import {
  type PoolOptions,
  replay,
  SimpleTaskPool,
  type TaskContext,
  TaskPool,
} from 'xstate-taskpool';
import { poolMachine, taskMachine } from 'xstate-taskpool/machines';

type Options = Pick<PoolOptions, 'actors'>;

/** Never answered. A browser makes a request wait for another one to the same address. */
const wait = (context: TaskContext) => fetch(`/never/${context.id}`, context);

const scenarios = {
  async map(options: Options) {
    const pool = new TaskPool({ ...options, poolSize: 3, name: 'page' });
    let most = 0;
    pool.on('task.started', () => {
      most = Math.max(most, pool.numRunning);
    });
    const square = async (n: number) => {
      await new Promise((resolve) => setTimeout(resolve));
      return n * n;
    };
    const values = await pool.map(square, [1, 2, 3, 4, 5], { numConcurrent: 5 }).results();
    await pool.gatherAndClose();
    return { values, most, isClosed: pool.isClosed, text: String(pool) };
  },

  async fetch(options: Options) {
    const pool = new TaskPool(options);
    const texts: string[] = [];
    const group = pool.map(fetch, ['/echo/1', '/echo/2', '/echo/3'], { numConcurrent: 2 });
    for await (const response of group) texts.push(await response.text());
    await pool.gatherAndClose();
    return texts.sort();
  },

  async cancel(options: Options) {
    const pool = new TaskPool(options);
    const group = pool.map(fetch, ['/never/a', '/never/b'], { numConcurrent: 2 });
    const simple = new SimpleTaskPool(wait, [], options);
    simple.start(2);
    await fetch('/arrived/4');

    pool.cancelGroup(group, new Error('not needed'));
    const results = await group.settled();
    const stopped = simple.stopAll();
    await simple.gatherAndClose();
    await pool.gatherAndClose();
    return {
      results: results.map(({ status, ...rest }) => [status, 'reason' in rest && `${rest.reason}`]),
      stopped,
      cancelled: simple.totals.cancelled,
    };
  },

  async actors(options: Options) {
    const pool = new TaskPool({ ...options, name: 'page' });
    const begun = new Promise<void>((resolve) => {
      pool.on('task.progressed', () => resolve());
    });
    const group = pool.apply(({ signal, report }) => {
      report('half');
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    });
    await begun;
    const { actor } = pool.task(0);
    const { value, context } = actor.getSnapshot();
    const states: unknown[] = [];
    actor.subscribe((snapshot) => states.push(snapshot.value));
    group.cancel('enough');
    await pool.gatherAndClose();
    return {
      ...{ value, context, states },
      output: actor.getSnapshot().output,
      pool: pool.actor.getSnapshot().value,
      charts: [taskMachine.id, poolMachine.id],
    };
  },

  async replay(options: Options) {
    const pool = new TaskPool({ ...options, retain: 2, name: 'page' });
    const live = [pool.snapshot()];
    pool.on('*', () => live.push(pool.snapshot()));
    await pool.map(async (n: number) => n, [1, 2, 3, 4], { numConcurrent: 2 }).settled();
    await pool.gatherAndClose();
    const events = structuredClone([...pool.journal]);
    return { live, replayed: events.map(({ seq }) => replay(events, { until: seq })) };
  },
};

export type Scenarios = typeof scenarios;

Object.assign(globalThis, { scenarios });
