/** W6, second half: a pool with very many running tasks is resized. */
import { setImmediate } from 'node:timers/promises';
import { TaskPool } from 'xstate-taskpool';
import { HOT, medianMicros, microsPerCall } from '../measure.ts';
import { count, ours, range, type Scale, type Section } from '../model.ts';

const never = new Promise<void>(() => {});

/** One more slot in a full pool, until the waiting task runs. */
async function growByOne(running: number): Promise<number> {
  let onStart = (): void => {};
  const pool = new TaskPool({ poolSize: running, retain: 'none' });
  const waiting = HOT.warmups + HOT.runs;
  pool.map(
    async () => {
      onStart();
      await never;
    },
    range(running + waiting),
    { numConcurrent: running + waiting },
  );
  while (pool.numRunning < running) await setImmediate();
  const grow = (): Promise<void> => {
    const started = new Promise<void>((resolve) => {
      onStart = resolve;
    });
    pool.poolSize += 1;
    return started;
  };
  return await microsPerCall(grow, HOT);
}

/** One slot less: no task is stopped. */
async function shrinkByOne(running: number): Promise<number> {
  const pool = new TaskPool({ poolSize: running, retain: 'none' });
  pool.map(() => never, range(running), { numConcurrent: running });
  while (pool.numRunning < running) await setImmediate();
  return await microsPerCall(() => {
    pool.poolSize -= 1;
  }, HOT);
}

/** From the resize until the functions of all waiting tasks were called. */
async function growToAll(running: number): Promise<number> {
  const micros = await medianMicros(async () => {
    let started = 0;
    let allStarted = (): void => {};
    const pool = new TaskPool({ poolSize: 1, retain: 'none' });
    pool.map(
      async () => {
        started += 1;
        if (started === running) allStarted();
        await never;
      },
      range(running),
      { numConcurrent: running },
    );
    while (pool.numRunning < 1) await setImmediate();
    return () => {
      pool.poolSize = running;
      return new Promise<void>((resolve) => {
        allStarted = resolve;
      });
    };
  });
  return micros / running;
}

export function resizeSections({ quick }: Scale): Section[] {
  const many = quick ? 10_000 : 100_000;
  const sizes = [5000, many];
  const running = (size: number): string => `${count(size)} running`;
  return [
    {
      id: 'W6-resize',
      title: 'poolSize up and down by one',
      unit: 'µs per call',
      contenders: sizes.flatMap((size) => [
        ours(`up, ${running(size)}, until the next runs`, () => growByOne(size)),
        ours(`down, ${running(size)}`, () => shrinkByOne(size)),
      ]),
    },
    {
      id: 'W6-grow',
      title: `poolSize from 1 to ${count(many)}, until all run`,
      unit: 'µs per task',
      contenders: [ours('poolSize = n', () => growToAll(many))],
    },
  ];
}
