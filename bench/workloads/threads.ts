/** The cost of calling a function in a thread, and how long it takes to cancel an endless one. */
import { Piscina } from 'piscina';
import { TaskPool } from 'xstate-taskpool';
import { threads } from 'xstate-taskpool/threads';
import { medianMicros } from '../measure.ts';
import { count, ours, peer, range, type Scale, type Section } from '../model.ts';
import { median } from '../stats.ts';
import type * as functions from '../threads/work.ts';

export const THREADS = 'threads, in a pool';
const THREADS_ALONE = 'threads alone';
export const PISCINA = 'piscina alone';
const PISCINA_IN_POOL = 'piscina, in a pool';

const WORK = new URL('../threads/work.js', import.meta.url);
const MAX = 2;
/** How many calls are outstanding in a pool. */
const AT_ONCE = 64;
const GRACE = 50;

export function threadSections({ quick }: Scale): Section[] {
  const calls = quick ? 500 : 10_000;
  const items = range(calls);
  const perCall = async (run: () => Promise<unknown>) =>
    (await medianMicros(async () => run)) / calls;
  const inPool = async (call: (item: number) => Promise<number>): Promise<void> => {
    const pool = new TaskPool({ retain: 'none' });
    pool.map(call, items, { numConcurrent: AT_ONCE });
    await pool.gatherAndClose();
  };
  return [
    {
      id: 'threads-call',
      title: `${count(calls)} calls of a function that does nothing, in ${MAX} threads`,
      unit: 'µs',
      compared: true,
      contenders: [
        ours(THREADS, () => withThreads((work) => perCall(() => inPool(work.noop)))),
        ours(THREADS_ALONE, () =>
          withThreads((work) => perCall(() => Promise.all(items.map((item) => work.noop(item))))),
        ),
        peer(PISCINA, () =>
          withPiscina((run) => perCall(() => Promise.all(items.map((item) => run(item))))),
        ),
        peer(PISCINA_IN_POOL, () =>
          withPiscina((run) => perCall(() => inPool((item) => run(item)))),
        ),
      ],
    },
    {
      id: 'threads-cancel',
      title: `from the cancel of an endless loop to its end, less the grace of ${GRACE} ms`,
      unit: 'ms',
      contenders: [ours(THREADS, () => medianCancel(quick ? 3 : 21))],
    },
  ];
}

/** The median over a number of endless loops, one after the other. */
async function medianCancel(runs: number): Promise<number> {
  return withThreads(async (work) => {
    const pool = new TaskPool({ retain: 'none', logger: { info() {}, error() {} } });
    const samples: number[] = [];
    for (let run = 0; run < runs; run++) {
      const group = pool.apply(work.loop);
      await new Promise((resolve) => pool.on('task.placed', resolve, { once: true }));
      const start = performance.now();
      group.cancel();
      await group.settled();
      samples.push(performance.now() - start - GRACE);
    }
    return median(samples);
  });
}

async function withThreads<T>(
  run: (work: ReturnType<typeof threads<typeof functions>>) => Promise<T>,
): Promise<T> {
  const work = threads<typeof functions>(WORK, { min: MAX, max: MAX, grace: GRACE });
  try {
    return await run(work);
  } finally {
    await work.close();
  }
}

async function withPiscina<T>(
  measure: (run: (item: number) => Promise<number>) => Promise<T>,
): Promise<T> {
  const piscina = new Piscina<number, number>({
    filename: WORK.href,
    name: 'noop',
    minThreads: MAX,
    maxThreads: MAX,
  });
  try {
    return await measure((item) => piscina.run(item));
  } finally {
    await piscina.destroy();
  }
}
