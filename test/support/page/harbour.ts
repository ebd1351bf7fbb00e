/** A pool after a busy minute, the same each time, for pictures of the dashboard and its tests. */

import { TaskPool } from 'xstate-taskpool';
import { SimulatedClock } from 'xstate-taskpool/testing';

export interface Harbour {
  readonly pool: TaskPool<{
    pier: { concurrent: number };
    all: { rate: { max: number; per: number } };
  }>;
  readonly clock: SimulatedClock;
}

class FetchError extends Error {
  override readonly name = 'FetchError';
}
class GaugeError extends Error {
  override readonly name = 'GaugeError';
}

/** Pseudo-random numbers from 0 to 1, always the same. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

/** @param length how long it has worked, in milliseconds of its clock, until now. */
export async function harbour(length = 62_000, end = Date.now()): Promise<Harbour> {
  const clock = new SimulatedClock(end - length);
  const pool = new TaskPool({
    name: 'harbour',
    poolSize: 24,
    clock,
    logger: { info() {}, error() {} },
    limits: { pier: { concurrent: 4 }, all: { rate: { max: 400, per: 1000 } } },
  });
  const random = seeded(7);

  const fetchPage = async (pier: number, { signal, attempt, report }: Context): Promise<number> => {
    const time = 60 + 700 * random() * random();
    report({ bytes: Math.round(20_000 * random()) });
    await clock.sleep(time, { signal });
    if (random() < (attempt === 1 ? 0.035 : 0.25)) {
      throw new FetchError(`${random() < 0.7 ? 503 : 429} from pier-${pier}.example`);
    }
    return pier;
  };
  const readGauge = async (gauge: number, { signal }: Context): Promise<number> => {
    await clock.sleep(30 + 1400 * random() ** 3, { signal });
    if (random() < 0.008) throw new GaugeError(`gauge ${gauge} does not answer`);
    return gauge;
  };
  const notify = async (_n: number, { signal }: Context): Promise<void> => {
    await clock.sleep(8 + 30 * random(), { signal });
  };
  const importRow = async (): Promise<void> => {
    await clock.sleep(100);
  };

  const quietly = { endCallback: () => {} };
  pool.map(fetchPage, piers(random, 9000), {
    ...quietly,
    groupName: 'ferries',
    numConcurrent: 16,
    retry: { limit: 4, delay: 800, factor: 2, jitter: 'none' },
    limits: { pier: (pier: number) => `pier-${pier}.example` },
  });
  pool.map(readGauge, [...range(3600)], {
    groupName: 'tides',
    numConcurrent: 8,
    limits: { all: true },
  });
  pool.map(notify, [...range(160)], { groupName: 'notices', numConcurrent: 2 });
  const night = pool.map(importRow, [...range(800)], { groupName: 'night-run', numConcurrent: 4 });
  night.pause();

  const step = 250;
  for (let passed = 0; passed < length; passed += step) {
    await clock.pass(step);
    // Cancels a task now and then.
    const running = pool.snapshot({ tasks: { state: 'running' } }).tasks;
    const victim = running[Math.floor(random() * running.length)];
    if (random() < 0.12 && victim !== undefined) pool.cancel(victim.id);
  }
  return { pool: pool as never, clock };
}

interface Context {
  readonly signal: AbortSignal;
  readonly attempt: number;
  report(progress: { bytes: number }): void;
}

function* range(count: number): Generator<number> {
  for (let n = 0; n < count; n++) yield n;
}

function piers(random: () => number, count: number): number[] {
  return Array.from({ length: count }, () => Math.floor(random() * 9));
}
