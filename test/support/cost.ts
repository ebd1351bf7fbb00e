/** Measures processor time, which other processes hardly influence. */

/** The processor time of some work, in microseconds. */
export async function processorTime(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** How often a measurement above the limit is repeated. */
const TRIES = 3;

/**
 * Checks that a measurement is below a limit, and returns it. It is repeated before it fails: garbage collection or
 * another process interferes once, real costs show each time.
 */
export async function staysBelow(
  limit: number,
  what: string,
  measure: () => number | Promise<number>,
): Promise<number> {
  const tries: number[] = [];
  while (tries.length < TRIES) {
    const measured = await measure();
    if (measured < limit) return measured;
    tries.push(measured);
  }
  throw new Error(`expected less than ${limit} ${what}, got ${tries.join(', ')}`);
}
