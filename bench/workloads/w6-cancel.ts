/** W6, first half: cancel all or ten of very many running tasks. */
import { setImmediate } from 'node:timers/promises';
import { SimpleTaskPool, TaskPool } from 'xstate-taskpool';
import {
  collectGarbage,
  HOT,
  type MeasureOptions,
  medianMicros,
  microsPerCall,
} from '../measure.ts';
import { count, ours, peer, range, type Scale, type Section } from '../model.ts';

interface WithSignal {
  readonly signal: AbortSignal;
}

/** The function of every task of this workload: waits until it is cancelled. */
function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** From the call that cancels a group until all its tasks have ended. */
async function cancelGroup(running: number): Promise<number> {
  const micros = await medianMicros(
    async () => {
      const pool = new TaskPool({ retain: 'none' });
      const group = pool.map(
        async (_item: number, { signal }: WithSignal) => await untilAborted(signal),
        range(running),
        { numConcurrent: running },
      );
      while (pool.numRunning < running) await setImmediate();
      collectGarbage();
      return () => {
        pool.cancelGroup(group);
        return pool.gatherAndClose();
      };
    },
    { warmups: 1 },
  );
  return micros / running;
}

/** The same functions without a pool, each with its own controller: the cost of settling them. */
async function abortByHand(running: number): Promise<number> {
  const micros = await medianMicros(
    async () => {
      const controllers = Array.from({ length: running }, () => new AbortController());
      const ended = allEnded(controllers.map(async ({ signal }) => await untilAborted(signal)));
      collectGarbage();
      return () => {
        const reason = new DOMException('This operation was aborted', 'AbortError');
        for (const controller of controllers) controller.abort(reason);
        return ended;
      };
    },
    { warmups: 1 },
  );
  return micros / running;
}

/** Settles with the last of the tasks, without retaining anything about them. */
function allEnded(tasks: readonly Promise<unknown>[]): Promise<void> {
  return new Promise((resolve) => {
    let left = tasks.length;
    const ended = (): void => {
      left -= 1;
      if (left === 0) resolve();
    };
    for (const task of tasks) task.then(ended, ended);
  });
}

async function stopTen(running: number, options: Required<MeasureOptions>): Promise<number> {
  const pool = new SimpleTaskPool(
    async ({ signal }: WithSignal) => await untilAborted(signal),
    [],
    { retain: 'none' },
  );
  pool.start(running);
  while (pool.numRunning < running) await setImmediate();
  collectGarbage();
  return await microsPerCall(() => void pool.stop(10), options);
}

/**
 * Ten aborts that tasks listen to: the lower bound for `stop(10)`. With as many controllers, since those that the garbage
 * collector has moved, and that are in no cache of the processor, take longer to abort.
 */
async function abortTen(running: number): Promise<number> {
  const controllers = Array.from({ length: running }, () => new AbortController());
  for (const { signal } of controllers) untilAborted(signal).catch(() => {});
  collectGarbage();
  return await microsPerCall(() => {
    const reason = new DOMException('This operation was aborted', 'AbortError');
    for (const controller of controllers.splice(-10)) controller.abort(reason);
  }, HOT);
}

export function cancelSections({ quick }: Scale): Section[] {
  const many = quick ? 10_000 : 100_000;
  const sizes = [5000, many];
  const running = (size: number): string => `${count(size)} running`;
  return [
    {
      id: 'W6-cancel',
      title: `cancel a group of ${count(many)} running tasks, until all have ended`,
      unit: 'µs per task',
      compared: true,
      contenders: [
        ours('cancelGroup', () => cancelGroup(many)),
        peer('AbortControllers by hand', () => abortByHand(many)),
      ],
    },
    {
      id: 'W6-stop',
      title: 'stop(10)',
      unit: 'µs per call',
      contenders: [
        ...sizes.map((size) => ours(running(size), () => stopTen(size, HOT))),
        ours(`${running(many)}, very first call`, () => stopTen(many, { warmups: 0, runs: 1 })),
        peer(`ten AbortControllers of ${count(many)} by hand`, () => abortTen(many)),
      ],
    },
  ];
}
